"""The cookie of a signed-in browser: out of reach of scripts and of other sites."""

from __future__ import annotations

from flask import Response, request

from config import settings
from pulse.accounts import ABSOLUTE_LIFETIME


def secret() -> str | None:
    """The session's secret that this request brings."""
    return request.cookies.get(_name())


def give(response: Response, value: str) -> Response:
    """Let the browser keep the secret for as long as a session can last."""
    response.set_cookie(
        _name(),
        value,
        max_age=ABSOLUTE_LIFETIME,
        path="/",
        secure=_encrypted(),
        httponly=True,
        samesite="Lax",
    )
    return response


def take_back(response: Response) -> Response:
    """Let the browser forget it."""
    response.delete_cookie(_name(), path="/", secure=_encrypted(), httponly=True, samesite="Lax")
    return response


def _name() -> str:
    """`__Host-` binds the cookie to this host and to https; plain http cannot carry it."""
    return "__Host-ruil" if _encrypted() else "ruil"


def _encrypted() -> bool:
    return settings().base_url.startswith("https://")
