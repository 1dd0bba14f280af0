"""`/a/<token>`: GET shows, POST records. In a browser one click in the mail is enough."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError

from config import settings
from pulse import answers, clock
from pulse.answers import AnswerRefused, Recorded, Said
from pulse.database import reading
from pulse.locale import translator
from pulse.questions import QUESTIONS
from pulse.rounds import FoundLink, find_invitation
from pulse.web import visits
from pulse.web.landing import land, only
from pulse.web.pages import preferred_language

blueprint = Blueprint("answer", __name__)


@blueprint.route("/a/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show what this link stands for. Changes nothing, whoever opens it."""
    with reading() as session:
        link = find_invitation(session, token)
        is_in = link is not None and answers.answered(session, link)
    return _question_page(link, token, is_in) if link else _gone()


@blueprint.post("/a/<token>", provide_automatic_options=False)
def record(token: str) -> Response:
    """Seal what a page sends; the thank-you leaves only after the commit."""
    said = _said(token)
    if said is None:
        return land("answer/again.html", settings().language, 400)
    try:
        recorded = answers.record_together(said)
    except AnswerRefused as refusal:
        return land("answer/again.html", settings().language, 409, sentence=str(refusal))
    except DBAPIError:
        response = land("answer/busy.html", settings().language, 503)
        response.headers["Retry-After"] = "10"
        return response
    return _reply(token, said, recorded) if recorded else _gone()


@blueprint.get("/a/<token>/not-mine")
def not_mine(token: str) -> Response:
    """For whoever the mail was not meant for: the same page for every link, live or not."""
    return land("answer/not_mine.html", preferred_language(), about="/privacy")


@blueprint.route("/a/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _reply(token: str, said: Said, recorded: Recorded) -> Response:
    if recorded.counts and said.question:
        return _thanks_page(recorded.link, token, said)
    if visits.expects_a_page(request):
        return land("answer/unsure.html", recorded.link.language, 409)
    return Response(status=204)


def _said(token: str) -> Said | None:
    """What the page sent; None where it is no page of ours, or a button without an answer."""
    now = clock.now()
    visit = visits.check(token, request.form.get("visit", ""), now)
    chosen = _chosen()
    if visit is None or (chosen is None and visits.expects_a_page(request)):
        return None
    question, option = chosen or ("", 0)
    return Said(
        token=token,
        evidence=visits.evidence(request, visit, now),
        visit=visit.id,
        opened_at=visit.opened_at,
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
        question=question,
        option=option,
    )


def _question_page(link: FoundLink, token: str, is_in: bool) -> Response:
    question = QUESTIONS["B"]
    neutral = is_in or link.choice.option is None
    return land(
        "answer/neutral.html" if neutral else "answer/question.html",
        link.language,
        script="landing.js",
        question=question,
        labels=question.labels(_language(link))[:5],
        option=link.choice.option,
        answered=is_in,
        visit=visits.begin(token, clock.now()),
        **_standing(link, token),
    )


def _thanks_page(link: FoundLink, token: str, said: Said) -> Response:
    language = _language(link)
    done = [*(item for item in request.form.get("done", "").split(",") if item in QUESTIONS), said.question]
    following = [
        (item, QUESTIONS[item].text(language, link.promise or ""), QUESTIONS[item].labels(language))
        for item in link.questions
        if item not in done
    ]
    return land(
        "answer/thanks.html",
        link.language,
        script="landing.js",
        question=said.question,
        option=said.option,
        choices=QUESTIONS[said.question].labels(language),
        following=following,
        done=",".join(done),
        visit=visits.begin(token, clock.now()),
        **_standing(link, token),
    )


def _standing(link: FoundLink, token: str) -> dict[str, Any]:
    zone = ZoneInfo(link.timezone)
    return {
        "closes": translator(_language(link)).weekday(link.closes_at.astimezone(zone)),
        "minimum_group": link.minimum_group,
        "about": f"/privacy/{token}",
        "not_mine": f"/a/{token}/not-mine",
    }


def _language(link: FoundLink) -> str:
    asked = request.args.get("language", "")
    return asked if asked in ("nl", "en") else link.language


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
