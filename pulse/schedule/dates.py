"""A pulse's coming dates: read, moved one at a time, skipped with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.calendar import WHOLE, Calendar, ScheduleRefused, calendar_of, first_instant_anywhere, local_date
from pulse.locale import Sentence
from pulse.schedule.coming import Change, Coming, coming
from pulse.schedule.tables import Pulse, PulseDate

QUIET: Final = timedelta(days=10)
"""Nobody is asked twice within this time, whatever pulses there are (reliability.md 1.3)."""


def coming_dates(session: Session, pulse: Pulse, count: int = 12, calendar: Calendar | None = None) -> list[Coming]:
    """The next `count` dates on which people are asked, with those between them that are skipped.

    Of a paused pulse: from the day on which it goes on by itself; none where it does not.
    """
    if pulse.next_date is None or (pulse.paused_at is not None and pulse.resumes_on is None):
        return []
    today = local_date(clock.now(), pulse.timezone)
    since = _first_skipped(session, pulse, today) or pulse.next_date
    since = max(since, pulse.resumes_on) if pulse.resumes_on else since
    listed: list[Coming] = []
    asked = 0
    for one in _dates(session, pulse, since, calendar):
        if asked == count:
            break
        asked += not one.skipped
        listed.append(one)
    return listed


def next_coming(session: Session, pulse: Pulse, calendar: Calendar | None = None) -> Coming | None:
    """The date of the next round."""
    return next(_dates(session, pulse, pulse.next_date, calendar), None) if pulse.next_date else None


def plan(session: Session, pulse: Pulse, since: date) -> None:
    """Make the first date from `since` on that is not skipped the pulse's next."""
    following = next(one for one in _dates(session, pulse, since) if not one.skipped)
    pulse.next_date, pulse.due_at = following.planned, first_instant_anywhere(following.day)
    session.flush()


def replan(session: Session, organisation_id: int) -> None:
    """Follow a change of the organisation's calendar: the same dates, on the days on which they now fall."""
    for pulse in session.scalars(select(Pulse).where(Pulse.organisation_id == organisation_id)):
        if pulse.next_date is not None:
            plan(session, pulse, pulse.next_date)


def move_date(session: Session, pulse: Pulse, planned: date, to: date, asked: datetime | None = None) -> None:
    """Ask on another day, this once; the other dates stay. Raises ScheduleRefused with the reason.

    A skipped date that is moved is asked again. `asked`: when people were last asked.
    """
    today = local_date(clock.now(), pulse.timezone)
    calendar = calendar_of(session, pulse.organisation_id)
    around = list(islice(_dates(session, pulse, planned - timedelta(days=45), calendar), 5))
    if not any(one.planned == planned and _may_move(pulse, one, today) for one in around):
        raise ScheduleRefused(
            Sentence("%(day)s is no coming date of this pulse. Choose one from its list.", day=planned)
        )
    if to <= today:
        raise ScheduleRefused(Sentence("A date can be moved to tomorrow at the earliest. Choose a later day."))
    if calendar.is_closed(to) or not calendar.place(WHOLE).hours.is_working(to):
        raise ScheduleRefused(
            Sentence("Nobody works on %(day)s. Choose a working day, or open that day in the calendar.", day=to)
        )
    rounds = [one.day for one in around if one.planned != planned and not one.skipped]
    rounds += [local_date(asked, pulse.timezone)] if asked else []
    if near := [other for other in rounds if abs(other - to) <= QUIET]:
        raise ScheduleRefused(
            Sentence(
                "%(day)s is within ten days of the round of %(other)s, and nobody is asked twice within ten days. "
                "Choose a day further away.",
                day=to,
                other=near[0],
            )
        )
    _decide(session, pulse, planned, moved_to=None if to == planned else to)
    plan(session, pulse, min(planned, pulse.next_date or planned))


def skip_date(session: Session, pulse: Pulse, planned: date, reason: str) -> None:
    """Leave one date out, with a reason that the list and the administrators are shown."""
    _decide(session, pulse, planned, skipped=reason)


def went_without(session: Session, since: datetime) -> list[PulseDate]:
    """Dates decided upon since then on which nobody was asked though they should have been.

    Not what an administrator skipped: that is no news.
    """
    query = select(PulseDate).where(PulseDate.skipped.in_(("late", "nobody", "restored")), PulseDate.decided_at > since)
    return list(session.scalars(query.order_by(PulseDate.planned)))


def is_skipped(session: Session, pulse: Pulse, planned: date) -> bool:
    """Whether that date of the pulse is left out."""
    query = select(PulseDate.id).where(PulseDate.pulse_id == pulse.id, PulseDate.planned == planned)
    return session.scalar(query.where(PulseDate.skipped != "")) is not None


def _may_move(pulse: Pulse, one: Coming, today: date) -> bool:
    """A date that is to come, or one that was skipped lately."""
    if one.skipped:
        return one.planned > today - timedelta(days=31)
    return pulse.next_date is not None and one.planned >= pulse.next_date


def _first_skipped(session: Session, pulse: Pulse, today: date) -> date | None:
    """A skipped date that is still to come stands in the list before the next one."""
    return session.scalar(
        select(PulseDate.planned)
        .where(PulseDate.pulse_id == pulse.id, PulseDate.skipped != "", PulseDate.planned >= today)
        .where(PulseDate.planned < pulse.next_date)
        .order_by(PulseDate.planned)
        .limit(1)
    )


def _dates(session: Session, pulse: Pulse, since: date, calendar: Calendar | None = None) -> Iterator[Coming]:
    calendar = calendar or calendar_of(session, pulse.organisation_id)
    changes = {
        row.planned: Change(row.moved_to, row.skipped)
        for row in session.scalars(select(PulseDate).where(PulseDate.pulse_id == pulse.id, PulseDate.planned >= since))
    }
    return coming(pulse.rule, since, calendar.is_closed, calendar.place(WHOLE).hours, changes)


def _decide(session: Session, pulse: Pulse, planned: date, *, moved_to: date | None = None, skipped: str = "") -> None:
    row = session.scalars(select(PulseDate).where(PulseDate.pulse_id == pulse.id, PulseDate.planned == planned)).first()
    if row is None:
        row = PulseDate(organisation_id=pulse.organisation_id, pulse_id=pulse.id, planned=planned)
        session.add(row)
    row.moved_to, row.skipped, row.decided_at = moved_to, skipped, clock.now()
    session.flush()
