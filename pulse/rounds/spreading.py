"""When each mail of a round leaves, where the sender's limits do not let all leave at once. (pure)"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from pulse.calendar import Hours, instant, window_end, working_days_after

Pace = Callable[[int], timedelta]
"""How long after the first mail the last of so many leaves."""
QUIET_NIGHT: Final = timedelta(hours=2)
"""After so long without mail the limits of a minute and an hour are fresh again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """When one mail would leave if there were no limits, and in whose working hours."""

    at: datetime
    zone: str
    hours: Hours


def unlimited(_count: int) -> timedelta:
    """The pace of a sender without limits."""
    return timedelta(0)


def spread(wishes: Sequence[Wish], pace: Pace, closed: Container[date] = frozenset()) -> list[datetime]:
    """An instant for each wish, in the order given: never earlier than wished, never faster than the pace.

    What does not fit in somebody's working hours that day goes when they next begin.
    """
    if pace(max(len(wishes), 1)) == timedelta(0):
        return [wish.at for wish in wishes]
    order = count()
    waiting = [(wish.at, next(order), index) for index, wish in enumerate(wishes)]
    heapq.heapify(waiting)
    found: list[datetime] = [wish.at for wish in wishes]
    sent = 0
    begun = last = min(wish.at for wish in wishes)
    while waiting:
        earliest, _, index = heapq.heappop(waiting)
        wish = wishes[index]
        if earliest - last >= QUIET_NIGHT:
            begun, sent = earliest, 0
        at = max(earliest, begun + pace(sent + 1))
        if at > window_end(earliest, wish.zone, wish.hours) and earliest <= window_end(earliest, wish.zone, wish.hours):
            heapq.heappush(waiting, (_next_day(earliest, wish, closed), next(order), index))
            continue
        found[index], last = at, at
        sent += 1
    return found


def _next_day(moment: datetime, wish: Wish, closed: Container[date]) -> datetime:
    following = working_days_after(moment.astimezone(ZoneInfo(wish.zone)).date(), 1, closed, wish.hours)
    return instant(following, wish.hours.starts, wish.zone)
