"""The door of the administrator's pages: only with a session, only to the own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, g, get_flashed_messages, redirect, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import accounts
from pulse.database import reading, transaction
from pulse.locale import Translator, translator
from pulse.roster import Organisation
from pulse.web import session_cookie
from pulse.web.pages import preferred_language, render

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class SignedIn:
    """Who is at the page, as plain values."""

    administrator_id: int
    organisation_id: int
    organisation: str
    email: str
    language: str
    timezone: str

    @property
    def words(self) -> Translator:
        """The words of their language."""
        return translator(self.language)

    @property
    def zone(self) -> ZoneInfo:
        """Where the organisation's clock hangs."""
        return ZoneInfo(self.timezone)


@blueprint.before_request
def let_in() -> AnyResponse | None:
    """Find the session, or send to the sign-in page; every page behind this door may use `signed_in()`."""
    secret = session_cookie.secret()
    who = _signed_in(secret) if secret else None
    if who is None or secret is None:
        return redirect(url_for("sign_in.ask"), 303)
    g.signed_in = who
    with reading() as session:
        stale = accounts.needs_touch(session, secret)
    if stale:
        with transaction(who.organisation_id) as session:
            accounts.touch(session, secret)
    return None


def signed_in() -> SignedIn:
    """Who is at this page."""
    who = g.signed_in
    assert isinstance(who, SignedIn)
    return who


def page(name: str, status: int = 200, **context: object) -> Response:
    """An administrator's page `templates/web/admin/<name>`, with what was just done on top."""
    me = signed_in()
    said = get_flashed_messages(with_categories=True)
    return render(f"admin/{name}", me.language, status, me=me, said=said, **context)


def done(sentence: str, endpoint: str, **values: object) -> AnyResponse:
    """Say what was done, on the page where it can be seen; 303, so that a reload does it once only."""
    flash(sentence, "done")
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]  # values are those of a route


def refused(sentence: str, endpoint: str, **values: object) -> AnyResponse:
    """Say what was not done and why."""
    flash(sentence, "refused")
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]  # values are those of a route


@blueprint.errorhandler(NotFound)
def not_found(_error: NotFound) -> Response:
    """A page that is not there, or not this organisation's: the same to the eye."""
    return page("not_found.html", 404)


@blueprint.errorhandler(CSRFError)
def form_too_old(_error: CSRFError) -> Response:
    """A form that lay open for too long, or that another site sent."""
    return render("admin/form_too_old.html", preferred_language(), 400)


def _signed_in(secret: str) -> SignedIn | None:
    with reading() as session:
        administrator = accounts.session_of(session, secret)
        if administrator is None:
            return None
        organisation = session.get_one(Organisation, administrator.organisation_id)
        return SignedIn(
            administrator_id=administrator.id,
            organisation_id=organisation.id,
            organisation=organisation.name,
            email=administrator.email,
            language=administrator.language,
            timezone=organisation.timezone,
        )
