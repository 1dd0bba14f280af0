"""`/privacy`: what is known about you and what is not; with a link from a mail, also in which group you count."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy.exc import DBAPIError

from pulse.database import glancing
from pulse.rounds import find_invitation, people_counting_with
from pulse.web.landing import busy, land
from pulse.web.pages import preferred_language

blueprint = Blueprint("privacy", __name__)
blueprint.register_error_handler(DBAPIError, busy)


@blueprint.get("/privacy")
def privacy() -> Response:
    """The rules of confidentiality in plain words."""
    return land("answer/privacy.html", preferred_language())


@blueprint.get("/privacy/<token>")
def about_me(token: str) -> Response:
    """The same, with the group this person's answer counts in and how many are asked there."""
    with glancing() as connection:
        link = find_invitation(connection, token)
        size = people_counting_with(connection, link) if link else 0
    if link is None:
        return land("answer/privacy.html", preferred_language())
    return land("answer/privacy.html", link.language, group=link.group, size=size, minimum_group=link.minimum_group)
