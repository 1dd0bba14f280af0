"""How a round's mail stands, for whoever watches over it: counts and reasons, never a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pulse.database import Instant
from pulse.mail.outbox import delivery_counts
from pulse.mail.replies import REASONS, classify
from pulse.mail.tables import Message

FATES: Final = {"claimed": "queued", "transmitting": "queued", "rejected": "bounced"}
"""States that one need not tell apart."""
EXPLAINED: Final = ("deferred", "rejected", "bounced", "unknown", "cancelled")


@dataclass(frozen=True)
class RoundMail:
    """The invitations of one round."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """By fate: queued, accepted, deferred, bounced, unknown, cancelled."""
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By fate, why: a key of `REASONS` and how many."""
    resent: int = 0
    """Of unknown fate, and sent once more."""
    oldest_due: datetime | None = None
    """Since when the mail that has waited longest could have gone."""
    last_due: datetime | None = None
    """When the last one that still waits is due."""

    def waiting(self, now: datetime) -> timedelta:
        """How long the oldest mail that is due has waited."""
        return timedelta(0) if self.oldest_due is None else max(timedelta(0), now - self.oldest_due)


def round_mail(session: Session, round_id: int, now: datetime) -> RoundMail:
    """How the invitations of a round stand; after its close, as they stood then."""
    counts: Counter[str] = Counter()
    for state, count in delivery_counts(session, round_id).items():
        counts[FATES.get(state, state)] += count
    own = (Message.round_id == round_id, Message.kind == "invitation")
    waits = Message.state.in_(("queued", "deferred"))
    resent = session.scalar(select(func.count(Message.id)).where(*own, Message.resent))
    oldest = session.scalar(select(func.min(Message.due_at, type_=Instant)).where(*own, waits, Message.due_at <= now))
    last = session.scalar(select(func.max(Message.due_at, type_=Instant)).where(*own, waits, Message.due_at > now))
    return RoundMail(dict(counts), _reasons(session, round_id), resent or 0, oldest, last)


def _reasons(session: Session, round_id: int) -> dict[str, dict[str, int]]:
    rows = session.execute(
        select(Message.state, Message.reason, Message.reply, func.count())
        .where(
            Message.round_id == round_id,
            Message.kind == "invitation",
            Message.state.in_(EXPLAINED),
            or_(Message.reason.is_not(None), Message.reply.is_not(None)),
        )
        .group_by(Message.state, Message.reason, Message.reply)
    )
    found: dict[str, Counter[str]] = {}
    for state, reason, reply, count in rows:
        known = reason if reason in REASONS else classify(reply or "").reason
        found.setdefault(FATES.get(state, state), Counter())[known] += count
    return {fate: dict(reasons.most_common()) for fate, reasons in found.items()}
