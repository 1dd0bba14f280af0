"""`/p/<token>`: stop, resume, language, "not me". GET shows, POST acts; RFC 8058's one click is a POST."""

from __future__ import annotations

from flask import Blueprint, Response, request

from config import LANGUAGES, settings
from pulse import clock
from pulse.database import reading, transaction
from pulse.roster import Organisation, Person
from pulse.rounds import read_signed_token
from pulse.web.landing import land, only

blueprint = Blueprint("preferences", __name__)


@blueprint.route("/p/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show what can be chosen. Changes nothing."""
    with reading() as session:
        person = _person_of(token, session.get)
        return _page(person, "") if person else _unknown()


@blueprint.post("/p/<token>", provide_automatic_options=False)
def act(token: str) -> Response:
    """Do what the button says; a mail program's one-click unsubscribe stops."""
    wish = "stop" if request.form.get("List-Unsubscribe") == "One-Click" else request.form.get("wish", "")
    with transaction() as session:
        person = _person_of(token, session.get)
        if person is None:
            return _unknown()
        if wish in {"stop", "not_me"}:
            person.stopped_at = person.stopped_at or clock.now()
        elif wish == "resume":
            person.stopped_at = None
        elif wish in LANGUAGES:
            person.language = wish
        else:
            wish = ""
    with reading() as session:
        shown = _person_of(token, session.get)
        return _page(shown, wish) if shown else _unknown()


@blueprint.route("/p/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _person_of(token: str, get: object) -> Person | None:
    found = read_signed_token(settings().secret_key, "preferences", token)
    person = get(Person, found[0]) if found and callable(get) else None
    return person if isinstance(person, Person) and person.left_at is None else None


def _page(person: Person, done: str) -> Response:
    with reading() as session:
        organisation = session.get_one(Organisation, person.organisation_id)
    return land(
        "answer/preferences.html",
        person.language or organisation.language,
        done=done,
        stopped=person.stopped_at is not None,
        organisation=organisation.name,
    )


def _unknown() -> Response:
    return land("answer/gone.html", settings().language, 410)
