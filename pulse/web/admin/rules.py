"""A pulse's rule as a form asks for it and as people say it: "every first Tuesday"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pulse.locale import Translator
from pulse.schedule import ScheduleRefused

NTH = ("1", "2", "3", "4", "-1")
DAYS = ("MO", "TU", "WE", "TH", "FR")
MONDAY = date(2024, 1, 1)
WEEKDAY = re.compile(r"^FREQ=MONTHLY;BYDAY=(-?\d)(MO|TU|WE|TH|FR|SA|SU)$")
MONTH_DAY = re.compile(r"^FREQ=MONTHLY;BYMONTHDAY=(\d+)$")


def rule_of(every: str, nth: str, weekday: str, month_day: str, working_day: str) -> str:
    """The rule that the form's fields stand for; raises ScheduleRefused for what it does not offer."""
    if every == "weekday" and nth in NTH and weekday in DAYS:
        return f"FREQ=MONTHLY;BYDAY={nth}{weekday}"
    if every == "month_day" and month_day.isdecimal() and 1 <= int(month_day) <= 31:
        return f"FREQ=MONTHLY;BYMONTHDAY={int(month_day)}"
    if every == "working_day" and working_day in ("1", "-1"):
        return f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={working_day}"
    raise ScheduleRefused("Choose a day of the month from the form.")


def said(rule: str, words: Translator) -> str:
    """The rule in a few words; the rule itself when the form would not have made it."""
    _ = words.gettext
    if match := WEEKDAY.match(rule):
        return _("every %(nth)s %(weekday)s of the month") % {
            "nth": nth_word(match[1], words),
            "weekday": weekday_word(match[2], words),
        }
    if match := MONTH_DAY.match(rule):
        if int(match[1]) > 28:
            return _("day %(day)s of every month, or its last day") % {"day": match[1]}
        return _("day %(day)s of every month") % {"day": match[1]}
    return {
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1": _("the first working day of every month"),
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": _("the last working day of every month"),
    }.get(rule, rule)


def nth_word(nth: str, words: Translator) -> str:
    """`first` for 1, `last` for -1."""
    _ = words.gettext
    return {"1": _("first"), "2": _("second"), "3": _("third"), "4": _("fourth"), "-1": _("last")}[nth]


def weekday_word(weekday: str, words: Translator) -> str:
    """`Tuesday` for TU."""
    index = (*DAYS, "SA", "SU").index(weekday)
    return words.weekday(MONDAY + timedelta(days=index)).split()[0].rstrip(",")
