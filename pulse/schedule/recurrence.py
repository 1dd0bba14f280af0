"""Monthly rules, as RFC 5545 writes them. (pure)"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time
from itertools import islice
from typing import Final

from dateutil.rrule import rrule, rrulestr

from pulse.calendar import ScheduleRefused
from pulse.locale import Sentence

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR")
MONTH_DAY = re.compile(r"^FREQ=MONTHLY;BYMONTHDAY=(\d{1,2})$")
WEEKDAY = re.compile(r"^FREQ=MONTHLY;BYDAY=(-1|[1-4])(MO|TU|WE|TH|FR|SA|SU)$")
WORKING_DAY = re.compile(r"^FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=(-?\d{1,2})$")


def check_rule(rule: str) -> str:
    """The rule in its plain form; raises ScheduleRefused for one that is not monthly or could skip a month."""
    plain = rule.strip().upper().removeprefix("RRULE:").replace(" ", "")
    if match := MONTH_DAY.match(plain):
        if 1 <= int(match[1]) <= 31:
            return plain
    elif match := WORKING_DAY.match(plain):
        if 1 <= abs(int(match[1])) <= 15:
            return plain
    elif WEEKDAY.match(plain):
        return plain
    raise ScheduleRefused(
        Sentence(
            "The rule %(rule)s is none that Ruil keeps. Write one of: FREQ=MONTHLY;BYDAY=1TU (first Tuesday; "
            "-1FR is the last Friday), FREQ=MONTHLY;BYMONTHDAY=15, or "
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 (first working day; -1 is the last).",
            rule=repr(rule),
        )
    )


def next_dates(rule: str, after: date, count: int = 12) -> list[date]:
    """The rule's next `count` dates from `after` on, that day included. One in every month."""
    plain = check_rule(rule)
    month = after.replace(day=1)
    if match := MONTH_DAY.match(plain):
        found = (_clamped(month, index, int(match[1])) for index in range(count + 1))
        return [day for day in found if day >= after][:count]
    occurrences = rrulestr(f"RRULE:{plain}", dtstart=datetime.combine(after, time()))
    assert isinstance(occurrences, rrule)
    return [moment.date() for moment in islice(occurrences, count)]


def _clamped(month: date, later: int, day: int) -> date:
    """Day `day` of the month `later` months on; the last day where the month is shorter."""
    years, index = divmod(month.month - 1 + later, 12)
    year = month.year + years
    return date(year, index + 1, min(day, calendar.monthrange(year, index + 1)[1]))
