"""`/m/<token>`: a manager's one click. GET shows, POST records; the sentence can change until it is told."""

from __future__ import annotations

from flask import Blueprint, Response, request

from config import settings
from pulse import clock
from pulse.answers import GESTURE
from pulse.database import reading, transaction
from pulse.giveback import (
    LONGEST,
    MOVES,
    GiveBackRefused,
    GiveBackRequest,
    default_sentence,
    give_back,
    given,
    withdraw,
)
from pulse.rounds import read_signed_token
from pulse.web import visits
from pulse.web.landing import land, only

blueprint = Blueprint("give_back", __name__)


@blueprint.route("/m/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show the move that was clicked and what the team will read. Changes nothing."""
    found = read_signed_token(settings().secret_key, "give-back", token)
    return _page(token, found[0], found[1]) if found else _unknown()


@blueprint.post("/m/<token>", provide_automatic_options=False)
def act(token: str) -> Response:
    """Record a move and a sentence, or take them back."""
    found = read_signed_token(settings().secret_key, "give-back", token)
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
        return _page(token, found[0], found[1], str(refusal), 409)
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
    token: str, request_id: int, option: int | None, problem: str = "", status: int = 200, done: str = ""
) -> Response:
    with reading() as session:
        asked = session.get(GiveBackRequest, request_id)
        standing = given(session, request_id)
    if asked is None:
        return _unknown()
    clicked = MOVES[option] if option is not None and option < len(MOVES) else None
    move = clicked or (standing.move if standing else "acknowledge")
    kept = standing if standing and (standing.move == move or done) else None
    return land(
        "manager/give_back.html",
        asked.language,
        status,
        script="landing.js",
        moves=MOVES,
        move=kept.move if kept else move,
        team=asked.team_name,
        name=asked.name,
        sentence=kept.sentence if kept else default_sentence(move, asked.language),
        recorded=kept is not None,
        other_standing=standing if standing and not kept else None,
        told=standing is not None and standing.told_round_id is not None,
        problem=problem,
        done=done,
        longest=LONGEST,
        visit=visits.begin(token, clock.now()),
    )


def _unknown() -> Response:
    return land("answer/gone.html", settings().language, 410)
