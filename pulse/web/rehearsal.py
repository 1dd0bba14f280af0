"""The pages behind a test letter's links: the real ones, in a test's dress. They read no row and write none."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request

from config import settings
from pulse import clock
from pulse.giveback import LONGEST, MOVES, default_sentence
from pulse.locale import translator
from pulse.mail import Rehearsed, rehearsed
from pulse.rounds import Choice, FoundLink
from pulse.web import visits
from pulse.web.landing import land

QUESTIONS = ("B", "R", "LA")


def answer_link(token: str) -> FoundLink | None:
    """A link like those of an open round, about nobody; None where the token is no test's."""
    test = rehearsed("a", token)
    if test is None:
        return None
    return FoundLink(
        invitation_id=0,
        organisation_id=0,
        round_id=0,
        choice=Choice(test.option, "html"),
        mark=b"",
        secret=b"",
        public_key=b"",
        language=test.language,
        timezone=settings().timezone,
        closes_at=clock.now() + timedelta(days=7),
        minimum_group=5,
        questions=QUESTIONS,
        promise=None,
        group="",
        counting_path="",
        visited=False,
    )


def preferences(test: Rehearsed, token: str, done: str) -> Response:
    """What can be chosen, and that it was; nothing is."""
    return land(
        "answer/preferences.html",
        test.language,
        script="landing.js",
        done=done,
        problem="",
        stopped=done in {"stop", "not_me"},
        organisation=translator(test.language).gettext("your organisation"),
        visit=visits.begin(token, clock.now()),
        test=True,
    )


def give_back(test: Rehearsed, token: str) -> Response:
    """The move that was clicked, or what was just sent, as the manager would see it."""
    words = translator(test.language)
    posted = request.form.get("move", "")
    move = posted if posted in MOVES else MOVES[min(test.option or 0, len(MOVES) - 1)]
    done = (request.form.get("wish") or "given") if request.method == "POST" else ""
    return land(
        "manager/give_back.html",
        test.language,
        script="landing.js",
        moves=MOVES,
        move=move,
        team=words.gettext("District team North"),
        name="Mara",
        sentence=request.form.get("sentence", "").strip()[:LONGEST] or default_sentence(move, test.language),
        typed="",
        recorded=done == "given",
        other_standing=None,
        another=None,
        one_click=not done,
        told=False,
        problem="",
        done=done,
        longest=LONGEST,
        visit=visits.begin(token, clock.now()),
        test=True,
    )
