"""`/a/<token>`: GET shows, POST records. In a browser one click in the mail is enough."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from markupsafe import escape
from sqlalchemy.exc import DBAPIError

from config import LANGUAGES, settings
from pulse import answers, clock
from pulse.answers import GESTURE, AnswerRefused, Recorded, Said
from pulse.database import glancing
from pulse.locale import translator
from pulse.questions import NOT_MY_CASE, QUESTIONS
from pulse.rounds import FoundLink, find_invitation
from pulse.web import rehearsal, visits
from pulse.web.landing import busy, land, only, rendered, respond
from pulse.web.pages import preferred_language

blueprint = Blueprint("answer", __name__)
blueprint.register_error_handler(DBAPIError, busy)


@blueprint.route("/a/<token>", methods=["GET", "HEAD"], provide_automatic_options=False)
def show(token: str) -> Response:
    """Show what this link stands for. Changes nothing, whoever opens it."""
    with glancing() as connection:
        link = find_invitation(connection, token)
        is_in = link is not None and answers.answered(connection, link)
    if link is None and (test := rehearsal.answer_link(token)):
        return _question_page(test, token, False, test.choice.option, test=True)
    return _question_page(link, token, is_in, link.choice.option) if link else _gone()


@blueprint.post("/a/<token>", provide_automatic_options=False)
def record(token: str) -> Response:
    """Seal what a page sends; the thank-you leaves only after the commit."""
    said = _said(token)
    if said is None:
        return land("answer/again.html", settings().language, 400)
    if said.question == "P" and said.option == NOT_MY_CASE:
        return _skip(token, said)
    try:
        recorded = answers.record_together(said)
    except AnswerRefused as refusal:
        return land("answer/again.html", settings().language, 409, sentence=str(refusal))
    return _reply(token, said, recorded) if recorded else _without_round(token, said)


@blueprint.get("/a/<token>/not-mine")
def not_mine(token: str) -> Response:
    """For whoever the mail was not meant for: the same page for every link, live or not."""
    return land("answer/not_mine.html", preferred_language(), about="/privacy")


@blueprint.route("/a/<token>", methods=["OPTIONS", "PUT", "DELETE", "PATCH"], provide_automatic_options=False)
def refuse(token: str) -> Response:
    """A link knows two methods and no more."""
    return only("GET", "HEAD", "POST", "OPTIONS")


def _skip(token: str, said: Said) -> Response:
    """Go on without a word: were it kept, what is shown would depend on who said so (science.md B4c)."""
    with glancing() as connection:
        link = find_invitation(connection, token)
    return _thanks_page(link, token, said) if link else _without_round(token, said)


def _without_round(token: str, said: Said) -> Response:
    """No link of an open round: a test's, or one that is over."""
    test = rehearsal.answer_link(token)
    if test is None:
        return _gone()
    return _thanks_page(test, token, said, test=True) if said.question else Response(status=204)


def _reply(token: str, said: Said, recorded: Recorded) -> Response:
    if recorded.counts and said.question:
        return _thanks_page(recorded.link, token, said)
    if visits.expects_a_page(request):
        return _unsure(recorded, token, said)
    if said.evidence >= GESTURE and not said.question and not _is_in(recorded.link):
        # What this page called an answer was a machine's first try.
        return _question_page(recorded.link, token, False, option=None)
    return Response(status=204)


def _is_in(link: FoundLink) -> bool:
    with glancing() as connection:
        return answers.answered(connection, link)


def _unsure(recorded: Recorded, token: str, said: Said) -> Response:
    """No thanks for a press that does not count; where a program can press here, a second one tells them apart."""
    done = request.form.get("done", "")
    return land(
        "answer/unsure.html",
        _language(recorded.link),
        409,
        script="landing.js",
        chosen=(said.question, said.option) if recorded.would_count else None,
        done=",".join(item for item in done.split(",") if item in QUESTIONS),
        visit=visits.begin(token, clock.now(), again=True),
    )


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


def _question_page(link: FoundLink, token: str, is_in: bool, option: int | None, *, test: bool = False) -> Response:
    shown = None if is_in else option
    shell = _question_shell(_language(link), shown, is_in, _closes(link), link.minimum_group, test)
    return _marked(shell, token, again=is_in)


def _thanks_page(link: FoundLink, token: str, said: Said, *, test: bool = False) -> Response:
    done = (*(item for item in request.form.get("done", "").split(",") if item in QUESTIONS), said.question)
    left = tuple(item for item in link.questions if item not in done)
    # Only the question about a promise quotes it; without, the page is the same for everybody.
    promise = link.promise if "F" in left else None
    shell = _thanks_shell(_language(link), said.question, said.option, done, left, promise, _closes(link), test)
    return _marked(shell, token, again=True)


@lru_cache(maxsize=4096)
def _question_shell(
    language: str, option: int | None, is_in: bool, closes: str, minimum_group: int, test: bool
) -> tuple[str, str]:
    """The page that everybody gets who opened a link of this kind; two marks stand where people differ."""
    question = QUESTIONS["B"]
    return rendered(
        "answer/neutral.html" if option is None else "answer/question.html",
        language,
        "landing.js",
        question=question,
        labels=question.labels(language)[:5],
        option=option,
        answered=is_in,
        closes=closes,
        minimum_group=minimum_group,
        test=test,
        **MARKS,
    )


@lru_cache(maxsize=4096)
def _thanks_shell(
    language: str,
    question: str,
    option: int,
    done: tuple[str, ...],
    left: tuple[str, ...],
    promise: str | None,
    closes: str,
    test: bool,
) -> tuple[str, str]:
    """The page that everybody gets who gave this answer, with the questions that are left."""
    following = [
        (item, QUESTIONS[item].text(language, promise or ""), QUESTIONS[item].labels(language)) for item in left
    ]
    return rendered(
        "answer/thanks.html",
        language,
        "landing.js",
        question=question,
        option=option,
        skipped=option == NOT_MY_CASE,
        choices=QUESTIONS[question].labels(language),
        following=following,
        done=",".join(done),
        closes=closes,
        test=test,
        **MARKS,
    )


VISIT, TOKEN = "{visit}", "{token}"
MARKS = {"visit": VISIT, "about": f"/privacy/{TOKEN}", "not_mine": f"/a/{TOKEN}/not-mine"}


def _marked(shell: tuple[str, str], token: str, *, again: bool) -> Response:
    body, policy = shell
    visit = visits.begin(token, clock.now(), again=again)
    return respond(body.replace(VISIT, visit).replace(TOKEN, escape(token)), policy)


def _closes(link: FoundLink) -> str:
    return _weekday(_language(link), link.closes_at.astimezone(ZoneInfo(link.timezone)).date())


@lru_cache(maxsize=1024)
def _weekday(language: str, day: date) -> str:
    return translator(language).weekday(day)


def _language(link: FoundLink) -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else link.language


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
