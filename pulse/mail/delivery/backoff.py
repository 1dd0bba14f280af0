"""When a mail that was put off is tried again, and a server that is away. (pure)"""

from __future__ import annotations

import re
from datetime import timedelta

FIRST = timedelta(minutes=5)
GROWTH = 1.3
MOST_TRIES = 18
"""As Postal does: five minutes, growing by 1.3, eighteen times, which is a day and a half (email.md 3)."""
LONGEST_HINT = timedelta(hours=4)

AWAY_FIRST, AWAY_LONGEST = timedelta(minutes=1), timedelta(minutes=15)
FAULT = timedelta(minutes=15)
"""A refused login is not tried every minute: some servers lock an account for that."""

_CLOCK_HINT = re.compile(r"\b(?:in|after|for)\s+(\d{1,2}):(\d\d):(\d\d)\b", re.IGNORECASE)
_HINT = re.compile(r"\b(\d{1,4})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b", re.IGNORECASE)


def wait(tries: int, reply: str, jitter: float) -> timedelta:
    """How long to wait after try `tries` (from 1); `jitter` 0 to 1 spreads it by up to a fifth.

    A server that names its own time ("try again in 300 seconds", "come back in 00:04:59") is taken at its word.

    >>> wait(1, "450 4.2.0 come back in 00:14:00", 0.0)
    datetime.timedelta(seconds=845)
    """
    hinted = _hinted(reply)
    if hinted is not None:
        return min(hinted + timedelta(seconds=5 + 10 * jitter), LONGEST_HINT)
    return FIRST * GROWTH ** (tries - 1) * (1 + jitter / 5)


def away(failures: int) -> timedelta:
    """How long to leave a server alone that could not be reached `failures` times in a row."""
    return min(AWAY_FIRST * GROWTH ** min(failures - 1, 20), AWAY_LONGEST)


def _hinted(reply: str) -> timedelta | None:
    if match := _CLOCK_HINT.search(reply):
        hours, minutes, seconds = map(int, match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if match := _HINT.search(reply):
        unit = {"s": 1, "m": 60, "h": 3600}[match[2][0].lower()]
        return timedelta(seconds=int(match[1]) * unit)
    return None
