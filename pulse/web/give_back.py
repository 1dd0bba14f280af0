"""`/m/<token>`: a manager's one click, or the code on paper. GET shows, POST records.

A link of the mail names a move; the code on paper names none, and the page lets choose. The sentence
can change, or be taken back, until the team has been told.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from config import settings
from pulse import clock
from pulse.answers import GESTURE
from pulse.database import reading, transaction
from pulse.giveback import (
    LONGEST,
    MOVES,
    GiveBack,
    GiveBackRefused,
    GiveBackRequest,
    decided,
    default_sentence,
    give_back,
    given,
    given_by_another,
    withdraw,
)
from pulse.mail import rehearsed
from pulse.rounds import read_signed_token
from pulse.web import rehearsal, visits
from pulse.web.landing import land, language_shown, only

blueprint = Blueprint("give_back", __name__)


@blueprint.route("/m/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show the move that was clicked and what the team will read. Changes nothing."""
    found = read_signed_token(settings().secret_key, "give-back", token)
    if found is None and (test := rehearsed("m", token)):
        return rehearsal.give_back(test, token)
    return _page(token, found[0], found[1]) if found else _unknown()


@blueprint.post("/m/<token>", provide_automatic_options=False)
def act(token: str) -> Response:
    """Record a move and a sentence, or take them back."""
    found = read_signed_token(settings().secret_key, "give-back", token)
    if found is None and (test := rehearsed("m", token)):
        return rehearsal.give_back(test, token)
    if found is None:
        return _unknown()
    if not _by_a_person(token):
        return _page(token, found[0], found[1])
    try:
        with transaction() as session:
            if request.form.get("wish") == "withdraw":
                withdraw(session, found[0], clock.now())
            else:
                sentence = request.form.get("sentence", "").strip() or None
                give_back(session, found[0], request.form.get("move", ""), sentence, clock.now())
    except GiveBackRefused as refusal:
        return _page(token, found[0], found[1], refusal)
    return _page(token, found[0], found[1], done=request.form.get("wish", "") or "given")


@blueprint.route("/m/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _by_a_person(token: str) -> bool:
    now = clock.now()
    visit = visits.check(token, request.form.get("visit", ""), now)
    return visit is not None and visits.evidence(request, visit, now) >= GESTURE


def _page(
    token: str, request_id: int, option: int | None, refusal: GiveBackRefused | None = None, done: str = ""
) -> Response:
    with reading() as session:
        asked = session.get(GiveBackRequest, request_id)
        standing = given(session, request_id)
        before = decided(session, request_id)
        another = given_by_another(session, asked, clock.now()) if asked else None
    if asked is None:
        return _unknown()
    move = _move(option, standing, done)
    told = standing is not None and standing.told_round_id is not None
    kept = standing if standing and (standing.move == move or done or told) else None
    typed = request.form.get("sentence", "") if refusal else ""
    return land(
        "manager/give_back.html",
        asked.language,
        409 if refusal else 200,
        script="landing.js",
        moves=MOVES,
        move=move,
        team=asked.team_name,
        name=asked.name,
        sentence=kept.sentence if kept else default_sentence(move, asked.language) if move else "",
        typed=typed,
        recorded=kept is not None,
        other_standing=standing if standing and not kept else None,
        another=another,
        one_click=not (before or another or refusal),
        told=told,
        problem=refusal.in_language(language_shown(asked.language)) if refusal else "",
        done=done,
        longest=LONGEST,
        visit=visits.begin(token, clock.now()),
    )


def _move(option: int | None, standing: GiveBack | None, done: str) -> str | None:
    """What the page is about: what was just done, the move of the link, what stands, or nothing yet."""
    posted = request.form.get("move", "")
    if posted in MOVES:
        return posted
    if standing is not None and (done or option is None):
        return standing.move
    return MOVES[option] if option is not None and option < len(MOVES) else None


def _unknown() -> Response:
    return land("answer/gone.html", settings().language, 410)
