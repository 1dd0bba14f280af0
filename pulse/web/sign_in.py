"""Signing in: an address, a letter with a link, one button. Signing out: one button."""

from __future__ import annotations

import time

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from pulse import accounts, clock, mail
from pulse.database import reading, transaction
from pulse.web import session_cookie
from pulse.web.pages import preferred_language, render

blueprint = Blueprint("sign_in", __name__)

EVEN_SECONDS = 0.25
"""Asking for a link takes this long whether or not the address is known."""


@blueprint.get("/sign-in")
def ask() -> Response:
    """Where an administrator leaves an address."""
    return render("sign_in.html", preferred_language())


@blueprint.post("/sign-in")
def send() -> AnyResponse:
    """Queue the letter if the address is an administrator's; say the same either way."""
    started = time.monotonic()
    with transaction() as session:
        for administrator, sign_in in accounts.ask_links(session, request.form.get("email", "")):
            mail.queue(
                session,
                kind="sign_in",
                about_id=sign_in.id,
                number=0,
                organisation_id=administrator.organisation_id,
                address=administrator.email,
                recipient="",
                language=administrator.language,
                due_at=clock.now(),
                expires_at=sign_in.expires_at,
            )
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - started)))
    return redirect(url_for("sign_in.sent"), 303)


@blueprint.get("/sign-in/sent")
def sent() -> Response:
    """What happens next, whoever asked."""
    return render("sign_in_sent.html", preferred_language())


@blueprint.get("/sign-in/<token>")
def link(token: str) -> Response:
    """One button. Opening the link changes nothing, so a mail scanner cannot use it up."""
    with reading() as session:
        works = accounts.usable(session, token)
    if not works:
        return render("sign_in_expired.html", preferred_language(), 410)
    return render("sign_in_link.html", preferred_language(), token=token)


@blueprint.post("/sign-in/<token>")
def enter(token: str) -> AnyResponse:
    """Use the link up; from here on the browser is signed in, under a new secret."""
    with transaction() as session:
        if old := session_cookie.secret():
            accounts.sign_out(session, old)
        redeemed = accounts.redeem(session, token)
    if redeemed is None:
        return render("sign_in_expired.html", preferred_language(), 410)
    response = redirect(url_for("admin.overview"), 303)
    assert isinstance(response, Response)
    return session_cookie.give(response, redeemed[0])


@blueprint.post("/sign-out")
def leave() -> AnyResponse:
    """End the session here and in the database."""
    if secret := session_cookie.secret():
        with transaction() as session:
            accounts.sign_out(session, secret)
    response = redirect(url_for("sign_in.ask"), 303)
    assert isinstance(response, Response)
    return session_cookie.take_back(response)
