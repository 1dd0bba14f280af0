"""The pages people land on from a mail: one request, their own style and script, nothing kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response, request

from config import LANGUAGES, settings
from pulse.templating import environment
from pulse.web.headers import HEADERS, inline_policy

HTML = "text/html; charset=utf-8"
HERE = Path(__file__).parent / "static"


@cache
def asset(name: str) -> str:
    """A small stylesheet or script that stands inside the page."""
    return (HERE / name).read_text(encoding="utf-8").strip()


def land(template: str, language: str, status: int = 200, *, script: str = "", **context: object) -> Response:
    """A landing page in one language, `?language=` before the one we know."""
    return respond(*rendered(template, language_shown(language), script, **context), status=status)


def language_shown(language: str) -> str:
    """`?language=` before the one we know."""
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else language


def rendered(template: str, language: str, script: str = "", **context: object) -> tuple[str, str]:
    """A landing page, and its content security policy."""
    style, code = asset("landing.css"), asset(script) if script else ""
    body = (
        environment("web", language)
        .get_template(template)
        .render(style=style, script=code, other="en" if language == "nl" else "nl", **context)
    )
    return body, inline_policy(style, code)


def respond(body: str, policy: str, *, status: int = 200) -> Response:
    """A rendered landing page as a response."""
    return Response(body, status, {**HEADERS, "Content-Type": HTML, "Content-Security-Policy": policy})


def busy(_error: Exception) -> Response:
    """For whoever comes while the database is locked, full or away: nothing was recorded, try again."""
    response = land("answer/busy.html", settings().language, 503)
    response.headers["Retry-After"] = "10"
    return response


def only(*methods: str) -> Response:
    """The answer to OPTIONS, and to a method that a link does not know."""
    response = Response(status=204 if request.method == "OPTIONS" else 405)
    response.headers["Allow"] = ", ".join(methods)
    return response
