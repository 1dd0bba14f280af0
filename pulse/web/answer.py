"""`/a/<token>`: GET shows, POST records. In a browser one click in the mail is enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from config import settings
from pulse import answers, clock
from pulse.database import reading, transaction
from pulse.locale import translator
from pulse.questions import QUESTIONS
from pulse.rounds import FoundLink, find_invitation
from pulse.web import visits
from pulse.web.landing import land, only

blueprint = Blueprint("answer", __name__)

SEEN_AFTER = timedelta(seconds=3)
LADDER = {"1": 1, "2": 2, "3": answers.GESTURE}
"""What a script may claim; a press of a button claims nothing and counts as the strongest."""


@blueprint.route("/a/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show what this link stands for. Changes nothing, whoever opens it."""
    with reading() as session:
        link = find_invitation(session, token)
        if link is None:
            return _gone()
        return _question_page(session, link, token)


@blueprint.post("/a/<token>", provide_automatic_options=False)
def record(token: str) -> Response:
    """Seal one answer; the thank-you leaves only after the commit."""
    visit = visits.check(token, request.form.get("visit", ""), clock.now())
    chosen = _chosen()
    if visit is None or chosen is None:
        return land("answer/again.html", settings().language, 400)
    question, option = chosen
    evidence = LADDER.get(request.form.get("evidence", ""), answers.PRESSED)
    if evidence == 2 and visit.dwell < SEEN_AFTER:
        evidence = 1
    try:
        with transaction() as session:
            recorded = answers.record(session, token, question, option, evidence, visit.id)
    except answers.AnswerRefused as refusal:
        return land("answer/again.html", settings().language, 409, sentence=str(refusal))
    except DBAPIError:
        response = land("answer/busy.html", settings().language, 503)
        response.headers["Retry-After"] = "10"
        return response
    if recorded is None:
        return _gone()
    with reading() as session:
        return _thanks_page(session, recorded.link, token, question, option)


@blueprint.route("/a/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _question_page(session: Session, link: FoundLink, token: str) -> Response:
    language = _language(link)
    neutral = answers.answered(session, link.invitation.id) or link.choice.option is None
    question = QUESTIONS["B"]
    return land(
        "answer/neutral.html" if neutral else "answer/question.html",
        link.invitation.language,
        script="landing.js",
        question=question,
        labels=question.labels(language)[:5],
        option=link.choice.option,
        answered=answers.answered(session, link.invitation.id),
        visit=visits.begin(token, clock.now()),
        **_standing(link, language),
    )


def _thanks_page(session: Session, link: FoundLink, token: str, question: str, option: int) -> Response:
    language = _language(link)
    team = answers.team_of(session, link)
    done = [*(item for item in request.form.get("done", "").split(",") if item in QUESTIONS), question]
    left = [item for item in team.questions if item not in done]
    following = [
        (item, QUESTIONS[item].text(language, team.promise or ""), QUESTIONS[item].labels(language)) for item in left
    ]
    return land(
        "answer/thanks.html",
        link.invitation.language,
        script="landing.js",
        question=question,
        option=option,
        choices=QUESTIONS[question].labels(language),
        following=following,
        done=",".join(done),
        visit=visits.begin(token, clock.now()),
        **_standing(link, language),
    )


def _standing(link: FoundLink, language: str) -> dict[str, Any]:
    zone = ZoneInfo(link.invitation.timezone)
    return {
        "closes": translator(language).weekday(link.invitation.closes_at.astimezone(zone)),
        "minimum_group": link.round.minimum_group,
    }


def _language(link: FoundLink) -> str:
    asked = request.args.get("language", "")
    return asked if asked in ("nl", "en") else link.invitation.language


def _gone() -> Response:
    """The same page for a link that never was, one that is over and one that is not whole."""
    return land("answer/gone.html", settings().language, 410)


def _chosen() -> tuple[str, int] | None:
    for name in request.form:
        question = name.removeprefix("option-")
        value = request.form.getlist(name)[-1]
        if name.startswith("option-") and question in QUESTIONS and value.isdecimal() and len(value) == 1:
            return question, int(value)
    return None
