"""Ruil: giving and receiving at work, made visible by mail alone.

An answer's way, and with it the order of these rooms; a later one may know an earlier one, never the reverse:

roster      knows who works here and in which team; a file brings them in, all or nothing
questions   holds the fixed words, in Dutch and English
schedule    says when: a monthly rule, a wall time, a zone
rounds      opens a month: freezes who is asked, makes keys and links
giveback    keeps what a manager gave back, and opens the next month's letter with it
mail        sends each letter once, and writes down the server's word
returns     reads mail that comes back, and sees that nobody is asked in vain
answers     takes a click in, seals it at once, and judges whether a person made it
results     closes the month: opens the seals, publishes one figure per group, destroys the rest
reports     tells a team's manager, on two pages, where it stands and what to do now

Around them: `clock` and `database` under all; `subjects`, which shows what is kept about somebody, and
forgets them; `alerts`, which tells administrators what needs them; `tick`, which does what is due; and the
doors that only read input, call one function and show the outcome: `web`, `cli` and, beside this package, `tasks`.
"""

from __future__ import annotations

from flask import Flask

__version__ = "0.1.0"


def create_app() -> Flask:
    """The web app and its commands; a setting that is missing or wrong stops the start with a sentence."""
    from flask.cli import NoAppException
    from flask_wtf.csrf import CSRFProtect
    from werkzeug.middleware.proxy_fix import ProxyFix

    from config import ConfigurationError, settings
    from pulse import cli
    from pulse.web import answer, give_back, headers, operations, preferences, privacy, sign_in
    from pulse.web.admin import blueprint as admin

    try:
        secret = settings().secret_key
        encrypted = settings().base_url.startswith("https://")
    except ConfigurationError as error:
        raise NoAppException(str(error)) from error
    app = Flask(__name__, static_folder="web/static", template_folder=None)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=60_000_000,
        MAX_FORM_MEMORY_SIZE=60_000_000,
        SESSION_COOKIE_NAME="__Host-ruil-form" if encrypted else "ruil-form",
        SESSION_COOKIE_SECURE=encrypted,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        # Our pages send no Referer (Referrer-Policy), so a form's own token is its only proof.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = headers.Sessions()
    cli.register(app)
    protection = CSRFProtect(app)
    for page in (answer, give_back, preferences):
        # Whoever holds the link may post: there is no session that another site could borrow.
        protection.exempt(page.blueprint)
    for page in (answer, give_back, preferences, privacy, sign_in, operations):
        app.register_blueprint(page.blueprint)
    app.register_blueprint(admin)
    headers.set_headers(app)
    if proxies := settings().trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]  # Flask's own way
    return app
