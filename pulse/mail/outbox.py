"""The outbox: queueing in the caller's transaction, taking back what a dead worker held, counting."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from config import settings
from pulse import clock
from pulse.database import Instant, insert_into, instant, lapsed, rows
from pulse.mail.letters.letterhead import letterhead
from pulse.mail.replies import REASONS
from pulse.mail.tables import Message
from pulse.rounds import Round

EVIDENCE_WAIT = timedelta(minutes=30)
"""How long an unknown mail waits for a sign that it arrived, before its one re-send."""


def queue(
    session: Session,
    *,
    kind: str,
    about_id: int,
    number: int = 0,
    organisation_id: int,
    address: str,
    recipient: str,
    language: str,
    due_at: datetime,
    expires_at: datetime | None = None,
    round_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> bool:
    """Put one mail in the outbox; False where this very mail is there already."""
    queued = session.scalar(
        insert_into(session.connection(), Message)
        .values(
            id=str(uuid.uuid4()),
            organisation_id=organisation_id,
            kind=kind,
            about_id=about_id,
            number=number,
            round_id=round_id,
            address=address,
            recipient=recipient,
            language=language,
            facts={"look": letterhead(session, organisation_id)} | (facts or {}),
            created_at=clock.now(),
            due_at=due_at,
            expires_at=expires_at,
            state="queued",
            attempt=0,
            tries=0,
            resent=False,
        )
        .on_conflict_do_nothing(index_elements=["kind", "about_id", "number"])
        .returning(Message.id)
    )
    return queued is not None


def reclaim(session: Session, now: datetime, *, arrived: Callable[[Session, int], bool]) -> int:
    """Take back what dead workers held (reliability.md 2.1); returns how many rows changed.

    Claimed and lapsed: safe to send again. Transmitting and lapsed: nobody knows whether it arrived.
    An unknown invitation is sent once more, byte for byte, when nothing shows that it arrived.
    """
    released = _change(session, lapsed(Message, "claimed", now), state="queued", lease_until=None)
    fate = {"state": "unknown", "reason": "fate_unknown", "reply": REASONS["fate_unknown"], "finished_at": now}
    unknown = _change(session, lapsed(Message, "transmitting", now), lease_until=None, **fate)
    resent = 0
    if settings().unknown_mail == "resend_once":
        for message in session.scalars(
            select(Message)
            .join(Round, Round.id == Message.round_id)
            .where(
                Message.state == "unknown",
                Message.kind == "invitation",
                Message.resent.is_(False),
                Message.transmitting_at < now - EVIDENCE_WAIT,
                Round.state == "open",
            )
        ):
            if not arrived(session, message.about_id):
                message.state, message.resent, message.due_at, message.finished_at = "queued", True, now, None
                resent += 1
    return released + unknown + resent


def delivery_counts(session: Session, round_id: int) -> dict[str, int]:
    """A round's invitations by state of delivery; after the close, as they were then."""
    kept = session.scalar(select(Round.delivery).where(Round.id == round_id))
    if kept is not None:
        return {state: int(count) for state, count in kept.items()}
    rows = session.execute(
        select(Message.state, func.count())
        .where(Message.round_id == round_id, Message.kind == "invitation")
        .group_by(Message.state)
    )
    return dict(rows.all())


def delivered_of(session: Session, round_id: int, invitations: Collection[int]) -> dict[int, list[float]]:
    """When the letters of some invitations were taken by the mail server, in seconds since 1970."""
    found: dict[int, list[float]] = {}
    if not invitations:
        return found
    wanted = set(invitations)
    rows = session.execute(
        select(Message.about_id, func.coalesce(Message.transmitting_at, Message.finished_at, type_=Instant)).where(
            Message.round_id == round_id,
            Message.kind.in_(("invitation", "reminder")),
            Message.state.in_(("accepted", "unknown")),
        )
    )
    for about_id, moment in rows:
        if about_id in wanted and moment is not None:
            found.setdefault(about_id, []).append(moment.timestamp())
    return found


def delivered_to(connection: Connection, invitation_id: int) -> list[float]:
    """When the letters of one invitation were taken by the mail server, in seconds since 1970."""
    found = rows(connection, DELIVERED, [invitation_id])
    return [instant(moment).timestamp() for (moment,) in found if moment is not None]


DELIVERED = """
    SELECT coalesce(transmitting_at, finished_at) FROM message
    WHERE kind IN ('invitation', 'reminder') AND about_id = ? AND state IN ('accepted', 'unknown')"""


def forget_round(session: Session, asked: Round) -> None:
    """At the close: keep the counts, delete the reminders (they tell who was silent), and all hashes."""
    if asked.delivery is None:
        asked.delivery = delivery_counts(session, asked.id)
    session.execute(delete(Message).where(Message.round_id == asked.id, Message.kind == "reminder"))
    session.execute(
        update(Message)
        .where(
            Message.round_id == asked.id,
            Message.kind == "invitation",
            Message.state.in_(("queued", "claimed", "deferred")),
        )
        .values(
            state="cancelled",
            finished_at=clock.now(),
            reason=func.coalesce(Message.reason, "round_closed"),
            reply=func.coalesce(Message.reply, REASONS["round_closed"]),
        )
    )
    session.execute(
        update(Message).where(Message.round_id == asked.id, Message.kind == "invitation").values(rendered_sha256=None)
    )


def _change(session: Session, rows: Any, **values: Any) -> int:
    result = session.execute(update(Message).where(rows).values(**values).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount
