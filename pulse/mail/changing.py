"""What may still change of mails on their way: a round is stopped, its close moves, a problem is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from pulse.locale import Sentence
from pulse.mail.replies import REASONS
from pulse.mail.tables import Message
from pulse.rounds import Round, RoundRefused, move_close

NOT_SENT = ("queued", "deferred", "claimed")


def stop_round(session: Session, asked: Round, now: datetime) -> None:
    """No mail and no answer more; the tick counts what came in, as at any close. Safe to repeat."""
    if asked.state not in {"open", "closing"}:
        raise RoundRefused(Sentence("The round of %(period)s has closed already.", period=asked.period))
    if asked.state == "open":
        asked.state, asked.stopped_at = "closing", now
    session.execute(
        update(Message)
        .where(Message.round_id == asked.id, Message.state.in_(NOT_SENT))
        .where(Message.kind.in_(("invitation", "reminder")))
        .values(state="cancelled", finished_at=now, reason="stopped", reply=REASONS["stopped"])
    )


def move_closing_day(session: Session, asked: Round, day: date, now: datetime) -> None:
    """Let an open round close on another day; mails that nobody can have yet name the new one. Raises RoundRefused.

    What is on its way, or may have arrived, stays as it is: a second try must be the same bytes.
    """
    for invitation in move_close(session, asked, day, now):
        session.execute(
            update(Message)
            .where(Message.about_id == invitation.id, Message.kind.in_(("invitation", "reminder")))
            .where(Message.state.in_(("queued", "deferred")), Message.resent.is_(False))
            .values(expires_at=invitation.closes_at, rendered_sha256=None)
        )


def withdraw_alerts(session: Session, alerts: Collection[int], now: datetime) -> None:
    """What these alerts tell of is over: their mails that have not left would not be true any more."""
    session.execute(
        update(Message)
        .where(Message.about_id.in_(alerts), Message.kind.in_(("problem", "standstill")), Message.state.in_(NOT_SENT))
        .values(state="cancelled", finished_at=now, reason="over", reply=REASONS["over"])
    )
