"""How many mails a sender may hand over in a minute, an hour and a day. (pure)

Counted in sliding windows, so that no window of that length, wherever it begins, holds more than its limit.
A bucket that starts full and refills as it empties lets through twice its size in the first window, and the
server's answer to that is to refuse everything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WINDOWS: Final = {"minute": 60, "hour": 3600, "day": 86_400}
"""Lengths in seconds."""
SLOTS: Final = {"minute": 1, "hour": 60, "day": 900}
"""Seconds that are counted together: the price of not keeping a row a mail. A window ends up to one slot late."""

Limits = Mapping[str, int]
"""Most mails by window; a window that is not named has no limit."""

PRESETS: Final[Mapping[str, Limits]] = {
    "relay": {},
    "microsoft365": {"minute": 30, "day": 10_000},
    "hve": {"day": 100_000},
    "google": {"day": 2_000},
    "google-relay": {"day": 10_000},
}
"""As the vendors state them (email.md 3, read in November 2026); `relay` is your own and knows its limits itself."""

SLOWED: Final = 600
"""Mails a minute that a sender without limits is taken to have once its server asked for fewer."""
LEAST: Final = 1 / 16
"""What is left of the limits, at worst, for a server that asks for fewer mails."""
RECOVERY: Final = timedelta(minutes=10)
"""In this time without another complaint the rate doubles again."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many mails may go now; where none may, in how long the next one may."""

    mails: int
    wait: timedelta = timedelta()


def parse(words: str) -> Limits:
    """`relay`, another preset, or `30/minute,10000/day`; raises ValueError with what is wrong.

    >>> parse("30/minute, 10000/day")
    {'minute': 30, 'day': 10000}
    """
    if words in PRESETS:
        return PRESETS[words]
    limits: dict[str, int] = {}
    for part in words.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})\s*/\s*(minute|hour|day)\s*", part)
        if not match or int(match[1]) == 0 or match[2] in limits:
            raise ValueError(f"{part.strip()!r} is no limit")
        limits[match[2]] = int(match[1])
    return limits


def duration_of(count: int, limits: Limits) -> timedelta:
    """How long after the first mail the last of `count` leaves, where nothing but the limits holds them up.

    >>> duration_of(1_000, PRESETS["microsoft365"])
    datetime.timedelta(seconds=2013)
    """
    return timedelta(seconds=_seconds(count, [window for window in reversed(WINDOWS) if window in limits], limits))


def slowed(limits: Limits, share: float) -> Limits:
    """The limits while the server asked for fewer mails: each a `share` of itself, at least 1."""
    if share >= 1:
        return limits
    limits = limits if "minute" in limits or "hour" in limits else {**limits, "minute": SLOWED}
    return {window: max(1, int(most * share)) if window != "day" else most for window, most in limits.items()}


def share_now(share: float, since: timedelta) -> float:
    """What a sender's share has grown to, this long after its server last complained.

    >>> share_now(0.25, timedelta(minutes=10)), share_now(0.25, timedelta(hours=3))
    (0.5, 1.0)
    """
    return min(1.0, share * math.exp2(min(since / RECOVERY, 30)))


def room(limits: Limits, used: Mapping[str, Mapping[int, int]], second: int) -> Room:
    """What may go at `second` (since 1970), where `used` counts mails by window and by the start of their slot."""
    free, wait = 1_000_000, 0
    for window, most in limits.items():
        counted = {
            start: count
            for start, count in used.get(window, {}).items()
            if start + SLOTS[window] + WINDOWS[window] > second
        }
        left = most - sum(counted.values())
        if left <= 0:
            wait = max(wait, _until_free(counted, most, window) - second)
        free = min(free, left)
    return Room(max(0, free), timedelta(seconds=wait))


def slot(window: str, second: int) -> int:
    """The start of the slot that a mail at `second` is counted in."""
    return second - second % SLOTS[window]


def _seconds(count: int, windows: Sequence[str], limits: Limits) -> int:
    """Whole windows of the longest kind first, then what is left under the shorter ones."""
    if count <= 1 or not windows:
        return 0
    longest, shorter = windows[0], windows[1:]
    full = (count - 1) // limits[longest]
    waited = full * (WINDOWS[longest] + SLOTS[longest])
    return max(_seconds(count, shorter, limits), waited + _seconds(count - full * limits[longest], shorter, limits))


def _until_free(counted: Mapping[int, int], most: int, window: str) -> int:
    """The second at which fewer than `most` are left in the window."""
    total = sum(counted.values())
    for start in sorted(counted):
        total -= counted[start]
        if total < most:
            return start + SLOTS[window] + WINDOWS[window]
    return 0
