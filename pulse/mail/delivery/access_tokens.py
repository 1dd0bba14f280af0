"""Access tokens for servers that take no password (Microsoft 365, Google): fetched, kept, renewed, never logged."""

from __future__ import annotations

import json
import threading
import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from config import settings

SECONDS = 30
EARLY = 120
"""Renewed this many seconds before it ends."""

_lock = threading.Lock()
_kept: dict[str, tuple[str, float]] = {}
"""By token address and client: the token, and until when (monotonic) it is used."""


class AccessTokenRefused(Exception):
    """No token to be had; the text is a sentence without any secret."""


def access_token(*, renew: bool = False) -> str:
    """A token for `AUTH XOAUTH2`, of SMTP and IMAP alike; raises AccessTokenRefused, or OSError if nobody answers.

    With OAUTH_REFRESH_TOKEN a person's consent is renewed; without it Ruil signs in as an application
    (client credentials).
    """
    url, client = settings().oauth_token_url, settings().oauth_client_id
    assert url is not None
    with _lock:
        token, until = _kept.get(f"{url} {client}", ("", 0.0))
        if token and not renew and time.monotonic() < until:
            return token
        token, seconds = _fetch(url)
        _kept[f"{url} {client}"] = token, time.monotonic() + max(0, seconds - EARLY)
        return token


def _fetch(url: str) -> tuple[str, int]:
    known = settings()
    asked = {"client_id": known.oauth_client_id or "", "client_secret": known.oauth_client_secret or ""}
    if known.oauth_refresh_token:
        asked |= {"grant_type": "refresh_token", "refresh_token": known.oauth_refresh_token}
    else:
        asked |= {"grant_type": "client_credentials"}
    if known.oauth_scope:
        asked["scope"] = known.oauth_scope
    request = Request(url, urlencode(asked).encode(), {"Accept": "application/json"})  # noqa: S310  # https, as config checks
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # as above
            said = json.load(answer)
        return str(said["access_token"]), int(said.get("expires_in", 3600))
    except HTTPError as error:
        raise AccessTokenRefused(
            f"The token server refuses our credentials ({error.code} {_why(error)}). Correct OAUTH_CLIENT_ID, "
            "OAUTH_CLIENT_SECRET or OAUTH_REFRESH_TOKEN."
        ) from None
    except URLError as error:
        raise OSError(f"the token server cannot be reached: {error.reason}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise AccessTokenRefused("The token server did not answer with a token. Correct OAUTH_TOKEN_URL.") from error


def _why(error: HTTPError) -> str:
    """The standard's own error word (RFC 6749 5.2); the description may hold what should not be logged."""
    try:
        return str(json.load(error)["error"])[:60]
    except (ValueError, KeyError, TypeError):
        return str(error.reason)
