"""Launching a round: opening it and filling the outbox, in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.giveback import mark_told, promises_to_tell
from pulse.mail.outbox import queue
from pulse.rounds import Invitation, Round, open_round
from pulse.schedule import Pulse, advance, catch_up, instant


def launch(
    session: Session, pulse: Pulse, day: date, *, send_now: bool = False, send_at: datetime | None = None
) -> Round:
    """Open the round of `day`'s month and queue everybody's invitation; a second call changes nothing."""
    send_at = clock.now() if send_now else send_at
    promises = promises_to_tell(session, pulse.organisation_id)
    opened = open_round(session, pulse, day, promises, send_at=send_at)
    asked = session.scalars(select(Invitation).where(Invitation.round_id == opened.id))
    added = sum([_invite(session, opened, invitation) for invitation in asked])
    if added:
        mark_told(session, pulse.organisation_id, opened)
    return opened


def launch_due(session: Session, pulse_id: int, now: datetime) -> int:
    """Open the pulse's next round if its time has come, by the rules for lateness; 1 if it was opened."""
    pulse = session.get_one(Pulse, pulse_id, with_for_update=True)
    if pulse.paused_at is not None or pulse.next_date is None or pulse.due_at is None or pulse.due_at > now:
        return 0
    day = pulse.next_date
    # The first instant anywhere may be hours before the pulse's own: until then the round is early, not late.
    planned = instant(day, pulse.wall_time, pulse.timezone)
    decision = catch_up(planned, max(now, planned), pulse.timezone)
    if decision.action == "skip":
        advance(session, pulse, day)
        return 0
    if decision.action == "send_late" and decision.at is not None:
        today = now.astimezone(ZoneInfo(pulse.timezone)).date()
        launch(session, pulse, today if today.month == day.month else day, send_at=decision.at)
    else:
        launch(session, pulse, day)
    return 1


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
