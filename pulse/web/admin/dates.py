"""Coming dates as an administrator reads them, with why one is moved or skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pulse.calendar import Calendar, calendar_of
from pulse.locale import Translator
from pulse.schedule import Coming, Pulse, coming_dates


@dataclass(frozen=True)
class DateLine:
    """One date: when people are asked, and what there is to say about it."""

    planned: date
    day: date
    note: str = ""
    skipped: bool = False


def date_lines(session: Session, pulse: Pulse, count: int, words: Translator) -> list[DateLine]:
    """The pulse's next dates."""
    calendar = calendar_of(session, pulse.organisation_id)
    return [_line(one, calendar, words) for one in coming_dates(session, pulse, count, calendar)]


def _line(one: Coming, calendar: Calendar, words: Translator) -> DateLine:
    if one.skipped:
        return DateLine(one.planned, one.planned, why_skipped(one.skipped, words), skipped=True)
    return DateLine(one.planned, one.day, _why_moved(one, calendar, words))


def _why_moved(one: Coming, calendar: Calendar, words: Translator) -> str:
    if one.day == one.planned:
        return ""
    _ = words.gettext
    day = words.weekday(one.planned)
    if one.why == "chosen":
        return _("moved by hand from %(day)s") % {"day": day}
    if one.why == "weekend":
        return _("moved from %(day)s, in a weekend") % {"day": day}
    name = calendar.name(one.planned, words.language)
    if name:
        return _("moved from %(day)s: %(name)s") % {"day": day, "name": name}
    return _("moved from %(day)s, a closed date") % {"day": day}


def why_skipped(reason: str, words: Translator) -> str:
    """Why there is no round on a date."""
    _ = words.gettext
    return {
        "late": _("skipped: Ruil was not running for more than five days"),
        "lately": _("skipped: people were asked by hand less than ten days before"),
        "nobody": _("skipped: there was nobody to ask"),
        "restored": _("skipped: the database was restored, and this round may have been sent before that"),
    }[reason]
