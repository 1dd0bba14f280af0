"""The administrator's own account: the language of pages and letters, and signing out everywhere."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from config import LANGUAGES
from pulse import accounts
from pulse.database import transaction
from pulse.locale import translator
from pulse.web import session_cookie
from pulse.web.admin.door import blueprint, done, page, signed_in


@blueprint.get("/account")
def account() -> Response:
    """The account's page."""
    return page("account.html", section="account")


@blueprint.post("/account/language")
def choose_language() -> AnyResponse:
    """From now on in this language."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        raise NotFound
    me = signed_in()
    with transaction(me.organisation_id) as session:
        accounts.speak(session.get_one(accounts.Administrator, me.administrator_id), language)
    return done(translator(language).gettext("From now on Ruil speaks English to you."), "admin.account")


@blueprint.post("/account/sign-out-everywhere")
def leave_everywhere() -> AnyResponse:
    """End every session of this administrator, this one too."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        accounts.sign_out_everywhere(session, me.administrator_id)
    response = redirect(url_for("sign_in.ask"), 303)
    assert isinstance(response, Response)
    return session_cookie.take_back(response)
