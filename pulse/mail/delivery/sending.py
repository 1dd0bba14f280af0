"""Sending what is due: claim, render, hand over, and write down the server's word."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pulse import clock
from pulse.database import transaction
from pulse.mail.addresses import bounce_address
from pulse.mail.delivery import sender
from pulse.mail.delivery.connecting import SenderHeld
from pulse.mail.delivery.journal import Journal
from pulse.mail.delivery.rendering import Rendered, render
from pulse.mail.delivery.transport import Connection, Patience, Reply
from pulse.mail.letters.composing import on_the_wire
from pulse.mail.replies import SENDER
from pulse.mail.tables import Message

log = logging.getLogger(__name__)

BUDGET_SECONDS = 45.0
"""A drain ends before the next tick wakes another, so that no two wait on one worker's place."""
SHORT = timedelta(seconds=5)
"""Room that comes this soon is waited for; for longer the next tick comes by."""
LOSSES = 3
"""After so many lost connections in a row it is the server, not the mail."""
PATIENCE = Patience()


def drain(
    budget_seconds: float = BUDGET_SECONDS,
    *,
    patience: Patience = PATIENCE,
    insist: bool = False,
    alive: Callable[[], object] = lambda: None,
) -> Counter[str]:
    """Send what is due until nothing is or the time is up; counts by outcome.

    `insist` tries a server although it was found away or unwilling; `alive` is called with every batch.
    """
    end = time.monotonic() + budget_seconds
    lease = timedelta(seconds=5 * patience.conversation + patience.after_dot)
    with Journal(lease) as journal, Connection(patience) as connection:
        sending = _Sending(journal, connection, patience)
        while time.monotonic() < end and not sending.stopped:
            alive()
            messages = journal.claim(insist=insist)
            if messages:
                sending.send(messages)
            elif not _room_soon(journal.room_in):
                break
    return sending.done


def _room_soon(room_in: timedelta) -> bool:
    before = clock.now()
    if not timedelta() < room_in <= SHORT:
        return False
    time.sleep(room_in.total_seconds())
    # A replayed clock stands still, and waiting by it would never end.
    return clock.now() > before


@dataclass
class _Sending:
    journal: Journal
    connection: Connection
    patience: Patience
    done: Counter[str] = field(default_factory=Counter)
    stopped: bool = False
    losses: int = 0
    welcomed: bool = False

    def send(self, messages: Sequence[Message]) -> None:
        """Send a batch, one by one; what is left when the server will have no more waits in the queue."""
        ready = render(messages)
        for position, each in enumerate(ready):
            rest = [one.message if isinstance(one, Rendered) else one[0] for one in ready[position:]]
            if self.stopped or not self._opened():
                self.journal.release(rest)
                self.done["held"] += len(rest)
                return
            if isinstance(each, Rendered):
                self._hand_over(each)
            else:
                self._note(each[0], "claimed", each[1])

    def _opened(self) -> bool:
        if self.connection.ready:
            return True
        # Connecting may take its time; the last mail's fate must not wait for it.
        self.journal.flush()
        try:
            self.connection.open()
        except SenderHeld as trouble:
            self._hold(str(trouble), fault=trouble.fault)
            return False
        if not self.welcomed:
            self.welcomed = True
            with transaction() as session:
                sender.welcome(session)
        return True

    def _hand_over(self, rendered: Rendered) -> None:
        begun = _awake()
        message = rendered.message
        if not self.journal.begin(rendered):
            self.done["lost"] += 1
            return
        latest = begun + 5 * self.patience.conversation
        reply = self.connection.send(
            # A worker that slept must not deliver what others already hold to be of unknown fate.
            bounce_address(message),
            on_the_wire(message.address),
            rendered.content,
            lambda: _awake() < latest,
        )
        if reply is None:
            self.journal.release([message], "transmitting")
            self.done["lost"] += 1
        elif reply.verdict is not None and reply.verdict.kind == SENDER:
            self.journal.release([message], "transmitting")
            self.done["held"] += 1
            self._hold(f"{reply.verdict.sentence} It said: {reply.text}. The mail waits.", fault=True)
        else:
            self._note(message, "transmitting", reply)

    def _note(self, message: Message, holding: str, reply: Reply) -> None:
        self.journal.note(message, holding, reply)
        self.done[reply.outcome] += 1
        if reply.outcome == "accepted":
            self.losses = 0
            return
        self.losses = self.losses + 1 if reply.lost else 0
        if reply.verdict is not None and reply.verdict.slows_down:
            self.journal.flush()
            with transaction() as session:
                sender.slow_down(session, clock.now())
        if self.losses >= LOSSES:
            self._hold(f"The mail server breaks off every time ({reply.text}).", fault=False)
        elif reply.text.startswith("421"):
            self.stopped = True

    def _hold(self, reason: str, *, fault: bool) -> None:
        log.error("%s", reason)
        self.stopped = True
        self.journal.flush()
        with transaction() as session:
            sender.hold(session, clock.now(), reason, fault=fault)


def _awake() -> float:
    """Seconds that passed on this machine, sleep and stopped processes included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
