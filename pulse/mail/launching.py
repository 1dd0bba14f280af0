"""Launching a round: opening it and filling the outbox, in one transaction."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse import clock
from pulse.calendar import WHOLE, Calendar, calendar_of, instant, local_date, send_instant
from pulse.giveback import mark_told, promises_to_tell
from pulse.mail.delivery.limits import duration_of, parse
from pulse.mail.outbox import queue
from pulse.roster import places_of
from pulse.rounds import Invitation, Pace, Round, RoundRefused, When, open_round
from pulse.schedule import LATE_HOUR, QUIET, Coming, Pulse, advance, catch_up, coming_dates, next_coming, skip_date


def launch(
    session: Session,
    pulse: Pulse,
    day: date,
    *,
    send_now: bool = False,
    send_at: datetime | None = None,
    when: When | None = None,
) -> Round:
    """Open the round of `day`'s month and queue everybody's invitation; a second call changes nothing."""
    send_at = clock.now() if send_now else send_at
    promises = promises_to_tell(session, pulse.organisation_id)
    when = when or When(day, at=send_at)
    opened = open_round(session, pulse, day, promises, when=when, pace=pace())
    asked = session.scalars(select(Invitation).where(Invitation.round_id == opened.id))
    added = sum([_invite(session, opened, invitation) for invitation in asked])
    if added:
        mark_told(session, pulse.organisation_id, opened)
    return opened


def launch_by_hand(session: Session, pulse: Pulse, *, send_now: bool = False) -> Round:
    """Open the round of this month today, whatever the pulse's own date.

    A next date within ten days would find nobody to ask, so it is skipped, and the list says why.
    Raises RoundRefused where this month has its round already, or nobody can be asked.
    """
    now = clock.now()
    today = local_date(now, pulse.timezone)
    planned = period_by_hand(pulse, today)
    opened = launch(session, pulse, planned, when=When(today, at=now if send_now else None))
    if crowded := crowded_date(session, pulse, opened.opens_at, planned):
        skip_date(session, pulse, crowded.planned, "lately")
        advance(session, pulse, crowded.planned)
    return opened


def pace() -> Pace:
    """How long so many mails take under the sender's limits."""
    limits = parse(settings().mail_limits)
    return lambda count: duration_of(count, limits)


def period_by_hand(pulse: Pulse, today: date) -> date:
    """A date in the month that a round opened today counts for: the pulse's next, if that is not a later month's."""
    if pulse.next_date is not None and pulse.next_date.replace(day=1) <= today:
        return pulse.next_date
    return today


def crowded_date(session: Session, pulse: Pulse, opens_at: datetime, planned: date) -> Coming | None:
    """The date of a later month than `planned`'s that comes within ten days after a round that opens at `opens_at`."""
    for following in coming_dates(session, pulse, 2):
        if not following.skipped and following.period > f"{planned:%Y-%m}":
            at = instant(following.day, pulse.wall_time, pulse.timezone)
            return following if opens_at <= at < opens_at + QUIET else None
    return None


def launch_due(session: Session, pulse_id: int, now: datetime) -> int:
    """Open the pulse's next round if its time has come, by the rules for lateness; 1 if it was opened."""
    pulse = session.get_one(Pulse, pulse_id, with_for_update=True)
    if pulse.paused_at is not None or pulse.due_at is None or pulse.due_at > now:
        return 0
    calendar = calendar_of(session, pulse.organisation_id)
    following = next_coming(session, pulse, calendar)
    if following is None or now < first_instant(session, pulse, following.day, calendar):
        return 0
    when = _when(pulse, following, calendar, now)
    if when is None:
        return _skip(session, pulse, following, "late")
    try:
        launch(session, pulse, following.planned, when=when)
    except RoundRefused:
        return _skip(session, pulse, following, "nobody")
    return 1


def first_instant(session: Session, pulse: Pulse, day: date, calendar: Calendar) -> datetime:
    """When the first mail of a round of `day` leaves: until then the roster may still change."""
    closed = calendar.closed(day, day + timedelta(days=14))
    places = places_of(session, pulse.organisation_id) or [(None, None)]
    return min(
        send_instant(
            day,
            pulse.wall_time,
            calendar.zone(own, location, pulse.timezone),
            calendar.place(location).hours,
            closed,
        )
        for own, location in places
    )


def _when(pulse: Pulse, following: Coming, calendar: Calendar, now: datetime) -> When | None:
    """The day of a round that may be late; None where it is too late to ask at all."""
    # The first recipient's instant may be hours before the pulse's own: until then the round is early, not late.
    planned = instant(following.day, pulse.wall_time, pulse.timezone)
    today = local_date(now, pulse.timezone)
    closed = calendar.closed(min(today, following.day), today + timedelta(days=14))
    decision = catch_up(planned, max(now, planned), pulse.timezone, calendar.place(WHOLE).hours, closed)
    if decision.action == "skip":
        return None
    if decision.at is not None:
        return When(local_date(decision.at, pulse.timezone), wall=LATE_HOUR, late=True)
    return When(following.day)


def _skip(session: Session, pulse: Pulse, following: Coming, reason: str) -> int:
    skip_date(session, pulse, following.planned, reason)
    advance(session, pulse, following.planned)
    return 0


def _invite(session: Session, opened: Round, invitation: Invitation) -> bool:
    return queue(
        session,
        kind="invitation",
        about_id=invitation.id,
        organisation_id=invitation.organisation_id,
        address=invitation.email,
        recipient=invitation.name,
        language=invitation.language,
        due_at=invitation.send_at,
        expires_at=invitation.closes_at,
        round_id=opened.id,
    )
