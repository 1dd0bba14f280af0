"""The coming dates of a rule, with what moves or skips each of them and why. (pure)"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pulse.calendar import OFFICE, Hours, working_day
from pulse.schedule.recurrence import next_dates


@dataclass(frozen=True, slots=True)
class Change:
    """What was decided about one date of the rule: another day, or no round at all."""

    moved_to: date | None = None
    skipped: str = ""
    """Why: `late`, `lately`, `nobody`, `restored`."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One date of a rule and the day on which people are asked."""

    planned: date
    """The rule's date; its month is the round's period."""
    day: date
    why: str = ""
    """Of a day that is not the rule's: `chosen`, `closed` or `weekend`."""
    skipped: str = ""

    @property
    def period(self) -> str:
        """`2026-11`."""
        return f"{self.planned:%Y-%m}"


class _Closed:
    """What `working_day` asks of closed dates, answered one by one."""

    def __init__(self, is_closed: Callable[[date], bool]) -> None:
        self.is_closed = is_closed

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.is_closed(day)


def coming(
    rule: str,
    since: date,
    is_closed: Callable[[date], bool],
    hours: Hours = OFFICE,
    changes: Mapping[date, Change] | None = None,
) -> Iterator[Coming]:
    """The rule's dates from `since` on, each moved to the next working day where nobody works on it.

    A moved date does not move the others, and keeps its month: the 31st that falls on a Sunday is
    asked in the next month, and is still that month's round.
    """
    decided = changes or {}
    while True:
        for planned in next_dates(rule, since, 12):
            change = decided.get(planned, Change())
            wanted = change.moved_to or planned
            day = working_day(wanted, hours, _Closed(is_closed))
            why = "chosen" if change.moved_to else ""
            if day != wanted:
                why = "closed" if is_closed(wanted) else "weekend"
            yield Coming(planned, day, why, change.skipped)
            since = planned + timedelta(days=1)
