"""Who may administer: a one-time link by mail, then a session of at most a day's work."""

from pulse.accounts.administrators import AccountRefused, create_administrator, plain_address, speak
from pulse.accounts.links import (
    LINK_LIFETIME,
    ask_links,
    redeem,
    request_sign_in,
    sign_in_token,
    usable,
)
from pulse.accounts.sessions import (
    ABSOLUTE_LIFETIME,
    IDLE_LIFETIME,
    needs_touch,
    session_of,
    sign_out,
    sign_out_everywhere,
    touch,
)
from pulse.accounts.tables import Administrator, SignIn, WebSession

__all__ = [
    "ABSOLUTE_LIFETIME",
    "IDLE_LIFETIME",
    "LINK_LIFETIME",
    "AccountRefused",
    "Administrator",
    "SignIn",
    "WebSession",
    "ask_links",
    "create_administrator",
    "needs_touch",
    "plain_address",
    "redeem",
    "request_sign_in",
    "session_of",
    "sign_in_token",
    "sign_out",
    "sign_out_everywhere",
    "speak",
    "touch",
    "usable",
]
