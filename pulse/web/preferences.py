"""`/p/<token>`: stop, resume, language, "not me". GET shows, POST acts; RFC 8058's one click is a POST."""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import settings
from pulse import clock
from pulse.answers import PRESSED
from pulse.database import reading, transaction
from pulse.mail import rehearsed
from pulse.roster import Organisation, Person, lift, wish
from pulse.rounds import read_signed_token
from pulse.web import rehearsal, visits
from pulse.web.landing import busy, land, only

blueprint = Blueprint("preferences", __name__)
blueprint.register_error_handler(DBAPIError, busy)


@blueprint.route("/p/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show what can be chosen. Changes nothing."""
    return _page(token, "")


@blueprint.post("/p/<token>", provide_automatic_options=False)
def act(token: str) -> Response:
    """Do what the button says; a mail program's one-click unsubscribe stops."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        wished = "stop"
    elif _pressed_by_a_person(token):
        wished = request.form.get("wish", "")
    else:
        return _page(token, "", "unsure", 409)
    if rehearsed("p", token):
        return _page(token, wished)
    with transaction() as session:
        person = _person_of(session, token)
        done = person is not None and wish(person, wished, clock.now())
        if person is not None and wished == "resume":
            lift(session, person.organisation_id, [person.email], by_the_person=True)
    return _page(token, wished if done else "")


@blueprint.route("/p/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _pressed_by_a_person(token: str) -> bool:
    now = clock.now()
    visit = visits.check(token, request.form.get("visit", ""), now)
    return visit is not None and visits.evidence(request, visit, now) == PRESSED


def _person_of(session: Session, token: str) -> Person | None:
    found = read_signed_token(settings().secret_key, "preferences", token)
    person = session.get(Person, found[0]) if found else None
    return person if person is not None and person.left_at is None else None


def _page(token: str, done: str, problem: str = "", status: int = 200) -> Response:
    if test := rehearsed("p", token):
        return rehearsal.preferences(test, token, done)
    with reading() as session:
        person = _person_of(session, token)
        organisation = session.get(Organisation, person.organisation_id) if person else None
    if person is None or organisation is None:
        return land("answer/gone.html", settings().language, 410)
    return land(
        "answer/preferences.html",
        person.language or organisation.language,
        status,
        script="landing.js",
        done=done,
        problem=problem,
        stopped=person.stopped_at is not None,
        organisation=organisation.name,
        visit=visits.begin(token, clock.now()),
    )
