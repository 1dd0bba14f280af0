"""A visit: a page load that a later POST can prove, with the time between by the server's clock."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from config import settings

LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Visit:
    """What a posted page proves: which load it was (random), and how long ago."""

    id: str
    dwell: timedelta


def begin(token: str, now: datetime) -> str:
    """The hidden field of a page that is being shown."""
    said = f"{int(now.timestamp() * 1000)}.{secrets.token_hex(8)}"
    return f"{said}.{_mac(token, said)}"


def check(token: str, field: str, now: datetime) -> Visit | None:
    """The visit that a POST brings back; None where it is not a page of ours for this link."""
    parts = field.split(".")
    if len(parts) != 3 or not parts[0].isdecimal():
        return None
    if not hmac.compare_digest(_mac(token, f"{parts[0]}.{parts[1]}"), parts[2]):
        return None
    dwell = now - datetime.fromtimestamp(int(parts[0]) / 1000, now.tzinfo)
    return Visit(parts[1], dwell) if dwell <= LONGEST else None


def _mac(token: str, said: str) -> str:
    key = hmac.digest(settings().secret_key.encode(), b"ruil visits", "sha256")
    return hmac.digest(key, f"{token}|{said}".encode(), "sha256").hex()[:32]
