"""Sending what is due: claim, render, say so just before DATA, and write down the server's word."""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from pulse import clock
from pulse.database import claim, reading, step, transaction
from pulse.mail.addresses import bounce_address
from pulse.mail.attachments import FileMissing
from pulse.mail.backoff import MOST_TRIES, wait
from pulse.mail.composing import Unrenderable
from pulse.mail.letters import compose
from pulse.mail.monthly_limit import withhold
from pulse.mail.tables import Message
from pulse.mail.transport import Connection, Reply, SenderFault, ServerAway

log = logging.getLogger(__name__)

CLAIM_LEASE = timedelta(minutes=3)
"""For a batch that waits its turn; a fence stops whoever is later than that."""
LEASE = timedelta(minutes=15)
"""Longer than the longest a server may keep us waiting for one mail."""
BATCH = 20


@dataclass
class _Rendered:
    message: Message
    content: bytes
    sha256: str
    handed_over: bool = False


def drain(budget_seconds: float = 600) -> Counter[str]:
    """Send what is due until nothing is or the time is up; counts by outcome."""
    done: Counter[str] = Counter()
    end = time.monotonic() + budget_seconds
    with Connection() as connection:
        while time.monotonic() < end and (messages := _claim()):
            for position, message in enumerate(messages):
                try:
                    done[_send(connection, message)] += 1
                except SenderFault as fault:
                    log.error("%s", fault)
                    _release(messages[position:])
                    done["held"] += len(messages) - position
                    return done
    return done


def _claim() -> list[Message]:
    """The next mails to send; empty when nothing is due any more."""
    while True:
        now = clock.now()
        with transaction() as session:
            _cancel_expired(session, now)
            due = Message.state.in_(("queued", "deferred")) & (Message.due_at <= now)
            due &= or_(Message.expires_at.is_(None), Message.expires_at > now)
            claimed = claim(session, Message, due, order_by=Message.due_at, limit=BATCH, lease=CLAIM_LEASE, now=now)
            to_send = withhold(session, claimed, now)
        if to_send or not claimed:
            return to_send


def _cancel_expired(session: Session, now: datetime) -> None:
    expired = Message.state.in_(("queued", "deferred")) & (Message.expires_at <= now)
    for message in claim(session, Message, expired, order_by=Message.due_at, limit=BATCH, lease=CLAIM_LEASE, now=now):
        message.state, message.finished_at = "cancelled", now
        message.reply = message.reply or "The round closed before it could be sent."


def _send(connection: Connection, message: Message) -> str:
    try:
        rendered = _render(message)
    except (Unrenderable, FileMissing) as error:
        return _finish(message, "claimed", Reply("rejected", str(error)))
    try:
        reply = connection.send(bounce_address(message), message.address, rendered.content, lambda: _transmit(rendered))
    except ServerAway as error:
        return _finish(message, "claimed", Reply("deferred", str(error)))
    if reply is None:
        return "lost"
    return _finish(message, "transmitting" if rendered.handed_over else "claimed", reply)


def _render(message: Message) -> _Rendered:
    with reading() as session:
        content = compose(session, message)
    digest = sha256(content).hexdigest()
    if message.rendered_sha256 not in (None, digest):
        raise Unrenderable(
            "This mail would read differently than when it was first sent, so it was not sent again. "
            "Ask the administrator to invite this person anew next month."
        )
    return _Rendered(message, content, digest)


def _transmit(rendered: _Rendered) -> bool:
    """Committed just before DATA: from here on, silence means that nobody knows."""
    message = rendered.message
    now = clock.now()
    values: dict[str, Any] = {
        "state": "transmitting",
        "transmitting_at": now,
        "rendered_sha256": rendered.sha256,
        "lease_until": now + LEASE,
    }
    with transaction() as session:
        held = step(session, Message, message.id, message.attempt, holding="claimed", **values)
    rendered.handed_over = held
    return held


def _finish(message: Message, holding: str, reply: Reply) -> str:
    now = clock.now()
    values: dict[str, Any] = {"state": reply.outcome, "reply": reply.text, "lease_until": None}
    if reply.outcome == "deferred" and message.attempt < MOST_TRIES:
        values["due_at"] = now + wait(message.attempt, reply.text, random.random())
    else:
        values["finished_at"] = now
        if reply.outcome == "deferred":
            values["state"] = "rejected"
    with transaction() as session:
        held = step(session, Message, message.id, message.attempt, holding=holding, **values)
    return str(values["state"]) if held else "lost"


def _release(messages: list[Message]) -> None:
    """The server refuses us altogether: these mails were never at fault and simply wait."""
    with transaction() as session:
        for message in messages:
            step(
                session,
                Message,
                message.id,
                message.attempt,
                holding="claimed",
                state="queued",
                lease_until=None,
                due_at=clock.now() + timedelta(minutes=5),
            )
