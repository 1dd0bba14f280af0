"""`/privacy`: what is known about you and what is not, for whoever wants to read it first."""

from __future__ import annotations

from flask import Blueprint, Response

from pulse.web.landing import land
from pulse.web.pages import preferred_language

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
def privacy() -> Response:
    """The rules of confidentiality in plain words."""
    return land("answer/privacy.html", preferred_language())
