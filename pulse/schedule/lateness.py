"""What to do with a round whose moment has passed. (pure)"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pulse.calendar import OFFICE, Hours, instant, working_day, working_days_after

LATE_HOUR: Final = time(10)
SENT_ANYWAY: Final = timedelta(hours=24)
SENT_LATE: Final = timedelta(days=5)


@dataclass(frozen=True)
class Decision:
    """What to do with a planned round or mail: `wait`, `send`, `send_late` at `at`, or `skip`."""

    action: str
    at: datetime | None = None


def catch_up(
    planned: datetime,
    now: datetime,
    zone: str,
    hours: Hours = OFFICE,
    closed: Container[date] = frozenset(),
) -> Decision:
    """Late by a day: send. By up to five: the next working day at ten. Later: skip (reliability.md 1.3)."""
    late = now - planned
    if late < timedelta(0):
        return Decision("wait")
    if late <= SENT_ANYWAY:
        return Decision("send")
    if late <= SENT_LATE:
        return Decision("send_late", next_morning(now, zone, hours, closed))
    return Decision("skip")


def next_morning(now: datetime, zone: str, hours: Hours = OFFICE, closed: Container[date] = frozenset()) -> datetime:
    """Ten o'clock of the next working day there: today's, while it is still to come."""
    today = now.astimezone(ZoneInfo(zone)).date()
    wall = hours.fitting(LATE_HOUR)
    day = working_day(today, hours, closed)
    at = instant(day, wall, zone)
    return at if at >= now else instant(working_days_after(day, 1, closed, hours), wall, zone)
