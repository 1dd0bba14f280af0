"""Pulses: schedule, pause, resume, and which are due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.calendar import ScheduleRefused, check_wall_time, check_zone, local_date
from pulse.locale import Sentence
from pulse.schedule.dates import plan
from pulse.schedule.recurrence import check_rule
from pulse.schedule.tables import Pulse

LONGEST_OPEN = 21
"""Days."""


def schedule_pulse(
    session: Session,
    organisation_id: int,
    title: str,
    rule: str,
    wall_time: time,
    timezone: str,
    open_days: int = 7,
    starts_on: date | None = None,
    one_link: bool = False,
    strict: bool = False,
) -> Pulse:
    """A new pulse, its first date not before today (or `starts_on`); raises ScheduleRefused."""
    if not title.strip():
        raise ScheduleRefused(Sentence("A pulse needs a title, so that administrators can tell it from others."))
    if not 1 <= open_days <= LONGEST_OPEN:
        raise ScheduleRefused(
            Sentence(
                "A round cannot stay open for %(days)s days. Choose 1 to %(most)s.", days=open_days, most=LONGEST_OPEN
            )
        )
    now = clock.now()
    today = local_date(now, check_zone(timezone))
    pulse = Pulse(
        organisation_id=organisation_id,
        title=title.strip(),
        rule=check_rule(rule),
        wall_time=check_wall_time(wall_time),
        timezone=timezone,
        open_days=open_days,
        one_link=one_link,
        strict=strict,
        starts_on=max(starts_on or today, today),
        created_at=now,
    )
    session.add(pulse)
    session.flush()
    plan(session, pulse, pulse.starts_on)
    if pulse.due_at is not None and pulse.due_at <= now:
        # Never today by surprise: who schedules a pulse has a day to look at it.
        plan(session, pulse, today + timedelta(days=1))
    return pulse


def due_pulses(session: Session, now: datetime) -> list[Pulse]:
    """Active pulses whose next date has come somewhere on earth."""
    return list(session.scalars(select(Pulse).where(Pulse.paused_at.is_(None), Pulse.due_at <= now).order_by(Pulse.id)))


def advance(session: Session, pulse: Pulse, past: date) -> None:
    """Plan the first date of a later month than `past`; never back."""
    following = (past.replace(day=1) + timedelta(days=32)).replace(day=1)
    if pulse.next_date is None or pulse.next_date < following:
        plan(session, pulse, following)


def pause(session: Session, pulse: Pulse, until: date | None = None) -> None:
    """No new rounds until resumed, by hand or by itself on `until`; an open round goes on."""
    if until is not None and until <= local_date(clock.now(), pulse.timezone):
        raise ScheduleRefused(Sentence("A pulse can go on from tomorrow at the earliest. Choose a later date."))
    pulse.paused_at, pulse.resumes_on = clock.now(), until
    session.flush()


def resume(session: Session, pulse: Pulse) -> None:
    """Go on, from tomorrow's first date; by itself, from the date that was chosen."""
    now = clock.now()
    today = local_date(now, pulse.timezone)
    first = today + timedelta(days=1)
    if pulse.resumes_on is not None and pulse.resumes_on <= today:
        first = pulse.resumes_on
    pulse.paused_at = pulse.resumes_on = None
    if pulse.next_date is None or pulse.next_date < first:
        plan(session, pulse, first)
    session.flush()


def resume_due(session: Session, now: datetime) -> int:
    """Let the pulses go on whose pause is over; returns how many."""
    paused = select(Pulse).where(
        Pulse.paused_at.is_not(None), Pulse.resumes_on <= local_date(now, "Pacific/Kiritimati")
    )
    over = [
        pulse
        for pulse in session.scalars(paused)
        if pulse.resumes_on is not None and pulse.resumes_on <= local_date(now, pulse.timezone)
    ]
    for pulse in over:
        resume(session, pulse)
    return len(over)
