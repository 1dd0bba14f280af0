"""What is written down about each mail, and when: one commit a mail.

The commit that says "the server has taken this mail" also says "the next one is being handed over". So a mail
is `transmitting` in the database before its first byte leaves, and `accepted` right after the server's 250.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pulse import clock
from pulse.database import engine, step, transaction
from pulse.mail.delivery import sender
from pulse.mail.delivery.backoff import MOST_TRIES, wait
from pulse.mail.delivery.claiming import claim_due
from pulse.mail.delivery.limits import Limits
from pulse.mail.delivery.rendering import Rendered
from pulse.mail.delivery.transport import Reply
from pulse.mail.replies import HARD
from pulse.mail.returned import nobody_there
from pulse.mail.tables import Message

log = logging.getLogger(__name__)

BATCH = 20
PAUSES = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Seconds between tries to write down what a server has said, when the database does not take it."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Outcome:
    message: Message
    holding: str
    reply: Reply


@dataclass
class Journal:
    """The database's side of one drain: a connection of its own, and the words that are not written down yet."""

    lease: timedelta
    limits: Limits = field(default_factory=dict)
    room_in: timedelta = timedelta()
    """Where nothing was claimed because of the limits: when there is room again."""
    _database: Connection | None = None
    _unwritten: list[_Outcome] = field(default_factory=list)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.flush()
        finally:
            self._disconnect()

    def claim(self, *, insist: bool = False) -> list[Message]:
        """The next mails to send; none while the sender is held, unless the operator insists."""
        self.flush()
        now = clock.now()
        self.room_in = timedelta()
        with transaction() as session:
            if sender.held(session, now) and not insist:
                return []
            self.limits = sender.limits_now(session, now)
            if self.limits:
                sender.sweep_counts(session, now)
            room = sender.room_now(session, self.limits, now)
            self.room_in = room.wait
            return claim_due(session, now, min(BATCH, room.mails)) if room.mails else []

    def begin(self, rendered: Rendered) -> bool:
        """Write down that this mail is being handed over; False if it may not be: lost, or over the limit."""
        try:
            return self._write(lambda database: self._begin(database, rendered))
        except DBAPIError:
            # It was not begun, or the commit's answer was lost: either way nothing has left.
            self._disconnect()
            self.flush()
            self._insist(lambda database: _back_to_queue(database, [rendered.message], "transmitting"))
            return False

    def note(self, message: Message, holding: str, reply: Reply) -> None:
        """Keep a server's word; it is written with the next `begin`, `claim` or `flush`."""
        self._unwritten.append(_Outcome(message, holding, reply))

    def flush(self) -> None:
        """Write down the last word, and do not give up easily: without it a mail's fate is unknown."""
        if self._unwritten:
            self._insist(lambda _: None)

    def release(self, messages: Sequence[Message], holding: str = "claimed") -> None:
        """These were never at fault and wait in the queue again."""
        self.flush()
        self._insist(lambda database: _back_to_queue(database, messages, holding))

    def _begin(self, database: Connection, rendered: Rendered) -> bool:
        message, now = rendered.message, clock.now()
        room = sender.take(database, self.limits, now)
        if not room.mails:
            _back_to_queue(database, [message], "claimed")
            return False
        values: dict[str, Any] = {
            "state": "transmitting",
            "transmitting_at": now,
            "rendered_sha256": rendered.sha256,
            "lease_until": now + self.lease,
        }
        return step(database, Message, message.id, message.attempt, holding="claimed", **values)

    def _insist(self, work: Callable[[Connection], Result]) -> Result:
        for pause in PAUSES:
            try:
                return self._write(work)
            except DBAPIError as error:
                log.warning("The database did not take what became of a mail (%s); trying again.", error.orig)
                self._disconnect()
                time.sleep(pause)
        return self._write(work)

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """One transaction: what is not written down yet, and `work`."""
        if self._database is None:
            self._database = engine().connect()
        with self._database.begin():
            for outcome in self._unwritten:
                _finish(self._database, outcome)
            result = work(self._database)
        self._unwritten.clear()
        return result

    def _disconnect(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()


def _finish(database: Connection, outcome: _Outcome) -> None:
    message, reply, now = outcome.message, outcome.reply, clock.now()
    values: dict[str, Any] = {
        "state": reply.outcome,
        "reply": reply.text,
        "reason": reply.verdict.reason if reply.verdict else None,
        "lease_until": None,
    }
    if reply.outcome == "deferred":
        values["tries"] = message.tries + 1
        values["due_at"] = now + wait(message.tries + 1, reply.text, random.random())
        if message.tries + 1 >= MOST_TRIES:
            values |= {"state": "rejected", "reason": "gave_up"}
    if values["state"] != "deferred":
        values["finished_at"] = now
    held = step(database, Message, message.id, message.attempt, holding=outcome.holding, **values)
    if held and reply.verdict and reply.verdict.kind == HARD:
        with Session(database) as session:
            nobody_there(session, message, reply.verdict, reply.text, now)


def _back_to_queue(database: Connection, messages: Sequence[Message], holding: str) -> None:
    for message in messages:
        step(database, Message, message.id, message.attempt, holding=holding, state="queued", lease_until=None)
