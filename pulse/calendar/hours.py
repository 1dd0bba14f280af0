"""Working hours: on which days and between which wall times people may be mailed. (pure)"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pulse.calendar.zones import ScheduleRefused, check_wall_time, instant
from pulse.locale import Sentence

LONGEST_CLOSED: Final = 366
"""Days: whoever is closed for longer is not asked at all."""
SHORTEST: Final = timedelta(hours=1)
NEVER_CLOSED: Final[frozenset[date]] = frozenset()


@dataclass(frozen=True, slots=True)
class Hours:
    """A window of wall times, from Monday to Friday or, for shift staff, on all seven days."""

    starts: time = time(9)
    ends: time = time(17)
    weekends: bool = False

    def is_working(self, day: date, closed: Container[date] = NEVER_CLOSED) -> bool:
        """Whether people work on that day."""
        return (self.weekends or day.weekday() < 5) and day not in closed

    def fitting(self, wall: time) -> time:
        """That wall time where it lies in the window, else the window's beginning."""
        return wall if self.starts <= wall <= self.ends else self.starts


OFFICE: Final = Hours()
"""Nine to five, Monday to Friday (features.md 3: Lattice)."""


def check_hours(starts: time, ends: time, weekends: bool) -> Hours:
    """Hours of at least one hour within 05:00-22:00; raises ScheduleRefused."""
    check_wall_time(starts)
    check_wall_time(ends)
    if datetime.combine(date.min, ends) - datetime.combine(date.min, starts) < SHORTEST:
        raise ScheduleRefused(
            Sentence(
                "From %(starts)s to %(ends)s leaves less than an hour to send mail. Choose a wider window.",
                starts=f"{starts:%H:%M}",
                ends=f"{ends:%H:%M}",
            )
        )
    return Hours(starts, ends, weekends)


def working_day(day: date, hours: Hours = OFFICE, closed: Container[date] = NEVER_CLOSED) -> date:
    """That day, or the first working day after it."""
    for later in range(LONGEST_CLOSED):
        if hours.is_working(found := day + timedelta(days=later), closed):
            return found
    return day


def working_days_after(day: date, count: int, closed: Container[date] = NEVER_CLOSED, hours: Hours = OFFICE) -> date:
    """The working day that comes `count` working days after `day`."""
    for _ in range(count):
        day = working_day(day + timedelta(days=1), hours, closed)
    return day


def working_day_before(day: date, hours: Hours = OFFICE, closed: Container[date] = NEVER_CLOSED) -> date:
    """That day, or the last working day before it."""
    for earlier in range(LONGEST_CLOSED):
        if hours.is_working(found := day - timedelta(days=earlier), closed):
            return found
    return day


def send_instant(
    day: date, wall: time, zone: str, hours: Hours = OFFICE, closed: Container[date] = NEVER_CLOSED
) -> datetime:
    """When somebody there is mailed for a round of `day`: that day or their next working day, in their own hours."""
    return instant(working_day(day, hours, closed), hours.fitting(wall), zone)


def next_open(moment: datetime, zone: str, hours: Hours = OFFICE, closed: Container[date] = NEVER_CLOSED) -> datetime:
    """`moment` itself where it lies in somebody's working hours, else when these next begin."""
    local = moment.astimezone(ZoneInfo(zone))
    if hours.is_working(local.date(), closed):
        if local < datetime.combine(local.date(), hours.starts, ZoneInfo(zone)):
            return instant(local.date(), hours.starts, zone)
        if local <= datetime.combine(local.date(), hours.ends, ZoneInfo(zone)):
            return moment
    return instant(working_days_after(local.date(), 1, closed, hours), hours.starts, zone)


def window_end(moment: datetime, zone: str, hours: Hours = OFFICE) -> datetime:
    """When the window in which `moment` lies ends."""
    return instant(moment.astimezone(ZoneInfo(zone)).date(), hours.ends, zone)
