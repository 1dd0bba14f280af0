"""Wall times in zones, and what to do with a moment that has passed. (pure)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pulse.schedule.recurrence import ScheduleRefused, working_days_after

EARLIEST, LATEST = time(5), time(22)
FIRST_ZONE = timezone(timedelta(hours=14))
"""Where a date begins first on earth (Kiribati)."""
LATE_HOUR = time(10)


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant of a wall time: in a gap the offset before it, in an overlap the first (RFC 5545 3.3.5)."""
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)


def first_instant_anywhere(day: date, wall: time) -> datetime:
    """When `day` first has that wall time anywhere."""
    return datetime.combine(day, wall, FIRST_ZONE).astimezone(UTC)


def check_wall_time(wall: time) -> time:
    """A time at which no zone changes its clock and people may be awake: 05:00 to 22:00."""
    if not EARLIEST <= wall <= LATEST:
        raise ScheduleRefused(f"{wall:%H:%M} is no time to mail people. Choose one from 05:00 to 22:00.")
    return wall


def check_zone(zone: str) -> str:
    """An IANA zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ScheduleRefused(f"{zone!r} is no IANA time zone. Write one such as Europe/Amsterdam.") from error
    return zone


@dataclass(frozen=True)
class Decision:
    """What to do with a planned round: `wait`, `send`, `send_late` at `at`, or `skip`."""

    action: str
    at: datetime | None = None


def catch_up(planned: datetime, now: datetime, zone: str) -> Decision:
    """Late by a day: send now. By up to five: the next working day at ten. Later: skip (reliability 1.3)."""
    late = now - planned
    if late < timedelta(0):
        return Decision("wait")
    if late <= timedelta(hours=24):
        return Decision("send")
    if late <= timedelta(days=5):
        today = now.astimezone(ZoneInfo(zone)).date()
        at = instant(today, LATE_HOUR, zone)
        if today.weekday() >= 5 or at < now:
            at = instant(working_days_after(today, 1), LATE_HOUR, zone)
        return Decision("send_late", at)
    return Decision("skip")
