"""When a refused mail is tried again. (pure)"""

from __future__ import annotations

import re
from datetime import timedelta

FIRST = timedelta(minutes=5)
GROWTH = 1.3
MOST_TRIES = 18
"""As Postal does: five minutes, growing by 1.3, eighteen times (email.md 3)."""

_HINT = re.compile(r"\b(\d{1,4})\s*(s|sec|seconds?|m|min|minutes?)\b", re.IGNORECASE)


def wait(attempt: int, reply: str, jitter: float) -> timedelta:
    """How long to wait after try `attempt` (from 1); `jitter` 0 to 1 spreads it by up to a fifth.

    A server that names its own time ("try again in 300 seconds") is taken at its word, up to an hour.
    """
    if match := _HINT.search(reply):
        unit = 60 if match[2].lower().startswith("m") else 1
        return min(timedelta(seconds=int(match[1]) * unit + 5), timedelta(hours=1))
    return FIRST * GROWTH ** (attempt - 1) * (1 + jitter / 5)
