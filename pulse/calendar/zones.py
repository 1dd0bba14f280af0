"""Wall times in zones. (pure)"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pulse.locale import Sentence

EARLIEST, LATEST = time(5), time(22)
"""Between these no zone on earth changes its clock, and people may be awake (reliability.md 1.3)."""
FIRST_ZONE = timezone(timedelta(hours=14))
"""Where a date begins first on earth (Kiribati)."""


class ScheduleRefused(Exception):
    """A rule, time, zone or date that Ruil cannot keep to; the text is a sentence."""


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant of a wall time: in a gap the offset before it, in an overlap the first (RFC 5545 3.3.5)."""
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)


def local_date(moment: datetime, zone: str) -> date:
    """Which date it is there at that instant."""
    return moment.astimezone(ZoneInfo(zone)).date()


def first_instant_anywhere(day: date) -> datetime:
    """The first instant at which anybody on earth may be mailed on `day`."""
    return datetime.combine(day, EARLIEST, FIRST_ZONE).astimezone(UTC)


def check_wall_time(wall: time) -> time:
    """A time at which no zone changes its clock and people may be awake: 05:00 to 22:00."""
    if not EARLIEST <= wall <= LATEST:
        raise ScheduleRefused(
            Sentence("%(time)s is no time to mail people. Choose one from 05:00 to 22:00.", time=f"{wall:%H:%M}")
        )
    return wall


def check_zone(zone: str) -> str:
    """An IANA zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleRefused(
            Sentence("%(zone)s is no IANA time zone. Write one such as Europe/Amsterdam.", zone=repr(zone))
        ) from error
    return zone
