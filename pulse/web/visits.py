"""A visit: a page load that a later POST can prove, with the time between by the server's clock."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Request

from config import settings
from pulse.answers import DISQUALIFIED, GESTURE, PRESSED, PRESSED_AGAIN, SCRIPT_RAN, SEEN, admits_machine

LONGEST = timedelta(days=31)
SEEN_AFTER = timedelta(seconds=3)
CLAIMS = {"0": DISQUALIFIED, "1": SCRIPT_RAN, "2": SEEN, "3": GESTURE, "4": PRESSED}
AGAIN = "a"
OWN_MACHINE = {"127", "localhost", "[::1]"}


@dataclass(frozen=True)
class Visit:
    """What a posted page proves: which load it was (random), and when that was."""

    id: str
    opened_at: datetime
    again: bool = False
    """The page came after a press, or its buttons after one: who presses here has pressed before."""


def begin(token: str, now: datetime, *, again: bool = False) -> str:
    """The hidden field of a page that is being shown."""
    said = f"{int(now.timestamp() * 1000)}{AGAIN if again else ''}.{secrets.token_hex(8)}"
    return f"{said}.{_mac(token, said)}"


def check(token: str, field: str, now: datetime) -> Visit | None:
    """The visit that a POST brings back; None where it is not a page of ours for this link."""
    parts = field.split(".")
    if len(parts) != 3 or not parts[0].removesuffix(AGAIN).isdecimal():
        return None
    if not hmac.compare_digest(_mac(token, f"{parts[0]}.{parts[1]}"), parts[2]):
        return None
    opened_at = datetime.fromtimestamp(int(parts[0].removesuffix(AGAIN)) / 1000, now.tzinfo)
    return Visit(parts[1], opened_at, parts[0].endswith(AGAIN)) if now - opened_at <= LONGEST else None


def evidence(request: Request, visit: Visit, now: datetime) -> int:
    """The evidence class of a POST: what the page claims, as far as headers and our own clock allow it.

    A page without script claims nothing: its button can only be pressed.
    """
    host = request.host.split(":")[0]
    trustworthy = request.is_secure or host.split(".")[0] in OWN_MACHINE
    if admits_machine(request.headers, trustworthy):
        return DISQUALIFIED
    claimed = CLAIMS.get(request.form["evidence"], DISQUALIFIED) if "evidence" in request.form else PRESSED
    if claimed == SEEN and now - visit.opened_at < SEEN_AFTER:
        return SCRIPT_RAN
    return PRESSED_AGAIN if claimed == PRESSED and visit.again else claimed


def expects_a_page(request: Request) -> bool:
    """Whether somebody waits for words: a button was pressed, or there is no script."""
    return "pressed" in request.form or "evidence" not in request.form


def _mac(token: str, said: str) -> str:
    key = hmac.digest(settings().secret_key.encode(), b"ruil visits", "sha256")
    return hmac.digest(key, f"{token}|{said}".encode(), "sha256").hex()[:32]
