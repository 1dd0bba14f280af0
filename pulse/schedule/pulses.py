"""Pulses: schedule, pause, resume, and which are due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.schedule.recurrence import ScheduleRefused, check_rule, next_dates
from pulse.schedule.tables import Pulse
from pulse.schedule.zones import check_wall_time, check_zone, first_instant_anywhere


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
        raise ScheduleRefused("A pulse needs a title, so that administrators can tell it from others.")
    if not 1 <= open_days <= 21:
        raise ScheduleRefused(f"A round cannot stay open for {open_days} days. Choose 1 to 21.")
    now = clock.now()
    today = now.astimezone(ZoneInfo(check_zone(timezone))).date()
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
    _plan(pulse, pulse.starts_on)
    if pulse.due_at is not None and pulse.due_at <= now:
        # Never today by surprise: who schedules a pulse has a day to look at it.
        _plan(pulse, today + timedelta(days=1))
    session.add(pulse)
    session.flush()
    return pulse


def due_pulses(session: Session, now: datetime) -> list[Pulse]:
    """Active pulses whose next date has come somewhere on earth."""
    return list(session.scalars(select(Pulse).where(Pulse.paused_at.is_(None), Pulse.due_at <= now).order_by(Pulse.id)))


def advance(session: Session, pulse: Pulse, past: date) -> None:
    """Plan the first date of a later month than `past`; never back."""
    following = (past.replace(day=1) + timedelta(days=32)).replace(day=1)
    if pulse.next_date is None or pulse.next_date < following:
        _plan(pulse, following)
    session.flush()


def pause(session: Session, pulse: Pulse) -> None:
    """No new rounds until resumed; an open round goes on."""
    pulse.paused_at = clock.now()
    session.flush()


def resume(session: Session, pulse: Pulse) -> None:
    """Go on, from tomorrow's first date."""
    pulse.paused_at = None
    today = clock.now().astimezone(ZoneInfo(pulse.timezone)).date()
    if pulse.next_date is None or pulse.next_date <= today:
        _plan(pulse, today + timedelta(days=1))
    session.flush()


def _plan(pulse: Pulse, since: date) -> None:
    pulse.next_date = next_dates(pulse.rule, since, 1)[0]
    pulse.due_at = first_instant_anywhere(pulse.next_date, pulse.wall_time)
