"""How a page is made: a template of `templates/web`, in one language, as a response."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_wtf.csrf import generate_csrf

from config import LANGUAGES, settings
from pulse.templating import environment


def render(name: str, language: str, status: int = 200, **context: object) -> Response:
    """The page `templates/web/<name>`. Inside: `url_for`, `csrf_token()` for a form, and `context`.

    A page without a form calls no `csrf_token()`, and so sets no cookie.
    """
    template = environment("web", language).get_template(name)
    body = template.render(csrf_token=generate_csrf, url_for=url_for, **context)
    return Response(body, status, mimetype="text/html")


def preferred_language() -> str:
    """For someone we do not know yet: what their browser asks for, else Ruil's own language."""
    return request.accept_languages.best_match(LANGUAGES) or settings().language
