"""Which mails are sent next: those that are due, that their readers may still get, and that fit the limits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.orm import Session

from pulse.database import claim
from pulse.mail.delivery.lateness import may_leave
from pulse.mail.delivery.monthly_limit import withhold
from pulse.mail.replies import REASONS
from pulse.mail.returned import reachable
from pulse.mail.tables import Message

CLAIM_LEASE = timedelta(minutes=3)
"""For a batch that waits its turn; a fence stops whoever is later than that."""
WAITING = ("queued", "deferred")


def claim_due(session: Session, now: datetime, most: int) -> list[Message]:
    """At most `most` due mails, claimed; what has expired or is too much for its reader is cancelled on the way."""
    while True:
        _cancel_expired(session, now, most)
        due = Message.state.in_(WAITING) & (Message.due_at <= now)
        due &= or_(Message.expires_at.is_(None), Message.expires_at > now) & may_leave(session, now)
        claimed = claim(session, Message, due, order_by=Message.due_at, limit=most, lease=CLAIM_LEASE, now=now)
        to_send = withhold(session, reachable(session, claimed, now), now)
        if to_send or not claimed:
            return to_send


def _cancel_expired(session: Session, now: datetime, most: int) -> None:
    expired = Message.state.in_(WAITING) & (Message.expires_at <= now)
    for message in claim(session, Message, expired, order_by=Message.due_at, limit=most, lease=CLAIM_LEASE, now=now):
        message.state, message.finished_at, message.lease_until = "cancelled", now, None
        # Why it waited until then, where a server put it off, says more than that the round closed.
        message.reason = message.reason or "round_closed"
        message.reply = message.reply or REASONS["round_closed"]
