"""Which due mail may leave: not what is long late, not to who has left, and nothing while Ruil is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Session

from pulse.calendar import calendar_of
from pulse.database import Hold, held
from pulse.mail.replies import REASONS
from pulse.mail.tables import Message
from pulse.rounds import Invitation, Round, dead_links, move_invitation, open_rounds, revive_links, unwanted_invitations
from pulse.schedule import SENT_ANYWAY, catch_up

WAITING: Final = ("queued", "deferred")
ASKED_FOR: Final = ("sign_in", "test")
"""Letters that somebody has just asked for: a hold does not keep them, or nobody could sign in to end it."""


def may_leave(session: Session, now: datetime) -> ColumnElement[bool]:
    """Of the mails that are due, those that may be sent: all but the stale, which the tick decides about.

    While Ruil is held, only what somebody has just asked for, and what tells administrators of it: not what an
    earlier hold left behind in a database that was restored.
    """
    if not held(session):
        return ~_stale(now)
    since = select(func.min(Hold.since)).where(Hold.released_at.is_(None)).scalar_subquery()
    return or_(Message.kind.in_(ASKED_FOR), and_(Message.kind == "standstill", Message.created_at >= since))


def catch_up_mail(session: Session, now: datetime) -> int:
    """Decide about every mail of a round that is more than a day late (reliability.md 1.3); how many there were."""
    stale = session.scalars(select(Message).where(Message.state.in_(WAITING), _stale(now))).all()
    for message in stale:
        if message.kind == "reminder":
            _cancel(message, "reminder_late", now)
        else:
            _catch_up(session, message, now)
    session.flush()
    return len(stale)


def stop_for_leavers(session: Session, now: datetime) -> int:
    """Let links of people who left die, and keep mail from them and from whoever asked for none; how many.

    An answer that was given stays. Who comes back while the round is open gets the links back.
    """
    asked = open_rounds(session)
    if not asked:
        return 0
    gone = dead_links(session, asked, now)
    return revive_links(session, asked, now) + len(gone) + _cancel_unwanted(session, asked, now)


def doubt_due(session: Session, until: datetime) -> int:
    """After a restore: what was due by `until` may have been sent, so it is not sent again; how many."""
    return _change(
        session,
        and_(
            Message.state.in_((*WAITING, "claimed", "transmitting")),
            Message.due_at <= until,
            Message.kind.not_in((*ASKED_FOR, "standstill")),
        ),
        state="unknown",
        resent=True,
        finished_at=until,
        reason="restored",
        reply=REASONS["restored"],
    )


def _stale(now: datetime) -> ColumnElement[bool]:
    return and_(Message.kind.in_(("invitation", "reminder")), Message.due_at < now - SENT_ANYWAY)


def _catch_up(session: Session, message: Message, now: datetime) -> None:
    invitation = session.get(Invitation, message.about_id)
    if invitation is None:
        return _cancel(message, "has_left", now)
    asked = session.get_one(Round, invitation.round_id)
    hours = calendar_of(session, asked.organisation_id).place(invitation.location).hours
    closed = frozenset(date.fromisoformat(day) for day in asked.closed_dates)
    decision = catch_up(message.due_at, now, invitation.timezone, hours, closed)
    if decision.at is None:
        return _cancel(message, "too_late", now)
    message.due_at, asked.late = decision.at, True
    return move_invitation(invitation, decision.at, hours, closed)


def _cancel(message: Message, reason: str, now: datetime) -> None:
    message.state, message.finished_at = "cancelled", now
    message.reason, message.reply = reason, REASONS[reason]


def _cancel_unwanted(session: Session, rounds: Sequence[int], now: datetime) -> int:
    return _change(
        session,
        and_(
            Message.round_id.in_(rounds),
            Message.kind.in_(("invitation", "reminder")),
            Message.state.in_(WAITING),
            Message.about_id.in_(unwanted_invitations(rounds, now)),
        ),
        state="cancelled",
        finished_at=now,
        reason="has_left",
        reply=REASONS["has_left"],
    )


def _change(session: Session, rows: ColumnElement[bool], **values: object) -> int:
    result = session.execute(update(Message).where(rows).values(**values).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount
