"""What every response says about itself: never kept, never framed, nothing from elsewhere."""

from __future__ import annotations

import base64
from hashlib import sha256

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": PAGE_POLICY,
}


class Sessions(SecureCookieSessionInterface):
    """No session, and so never a cookie, for whoever comes from a mail: their link is all that they need."""

    WITHOUT = ("/a/", "/p/", "/privacy")

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session that a request brings; an empty one that cannot be written on the pages of a mail."""
        if request.path.startswith(self.WITHOUT):
            return self.make_null_session(app)
        return super().open_session(app, request)


def set_headers(app: Flask) -> None:
    """Give every response of `app` the headers it has not set itself."""

    @app.after_request
    def add(response: Response) -> Response:
        if "X-Robots-Tag" in response.headers:
            return response
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def inline_policy(style: str, script: str = "") -> str:
    """The policy of a page that brings its own style and script, each allowed by its hash alone."""
    allowed = [
        f"style-src {_source(style)}",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    if script:
        allowed += [f"script-src {_source(script)}", "connect-src 'self'"]
    return "; ".join(["default-src 'none'", *allowed])


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
