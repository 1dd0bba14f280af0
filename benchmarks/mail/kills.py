"""A sender that is killed with kill -9 again and again, against a sink that does wrong at every stage.

The clock is the one fake: each life of the sender begins a minute after the last, so that leases and waits pass.
Each life is a process of its own, forked from one that has its modules loaded, as a Celery worker's children are.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from benchmarks.mail.outbox import fill, use
from benchmarks.ports import free_port, listening
from pulse import clock, mail
from pulse.database import forget_engine, reading, transaction
from pulse.mail import Message, compose
from pulse.mail.delivery.sending import drain
from pulse.mail.delivery.transport import Patience

UNFINISHED = ("queued", "claimed", "transmitting", "deferred")
HURRIED = Patience(conversation=10, after_dot=10)
"""The sink stalls for milliseconds; a life of a second must not wait for minutes."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Killed:
    """What was done to the sender."""

    kills: int
    lives: int
    seconds: float


@contextmanager
def faulty_sink(log: Path, seed: int) -> Iterator[int]:
    """The sink as a process of its own, with faults by chance; its port."""
    port = free_port()
    with listening([sys.executable, "-m", "benchmarks.mail.sink", str(port), str(log), str(seed)], port):
        yield port


def kill_again_and_again(address: str, folder: str, log: Path, mails: int, kills: int, seed: int) -> Killed:
    """Send `mails` through a sender that is killed `kills` times, then let it finish."""
    chance = Random(seed)
    with faulty_sink(log, seed) as port:
        use(address, folder, port)
        fill(mails)
        _warm()
        begun = time.perf_counter()
        done = lives = left = 0
        longest = 0.05
        while done < kills:
            if lives % 5 == 0:
                left = unfinished()
                forget_engine()
                # As many mails a life as brings the last kill to the last mails.
                longest = max(0.02, min(1.0, longest * (0.7 if left / mails < 1 - (done + 1) / kills else 1.3)))
            if not left:
                break
            done += _live(lives, chance.uniform(0.0, longest))
            lives += 1
        forget_engine()
        for _ in range(200):
            if not unfinished():
                break
            forget_engine()
            _live(lives, 60)
            lives += 30
        return Killed(done, lives, time.perf_counter() - begun)


def _live(number: int, seconds: float) -> bool:
    """One life of the sender, ended after `seconds` of sending by kill -9; False if it was done before."""
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        _send(number, told)
    os.close(told)
    os.read(ready, 1)
    os.close(ready)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(min(0.002, max(0.0, until - time.monotonic())))
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _send(number: int, told: int) -> None:
    """What a tick and a drain do, until nothing is due; then the process ends."""
    try:
        forget_engine()
        with clock.replaying(clock.now() + number * MINUTE):
            os.write(told, b".")
            with transaction() as session:
                mail.reclaim(session, clock.now(), arrived=lambda _session, _invitation: False)
            drain(patience=HURRIED)
        os._exit(0)
    except BaseException as error:
        print(f"The sender broke: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)


def _warm() -> None:
    """Compile the templates once, so that a life is spent on sending."""
    with reading() as session:
        for language in ("nl", "en"):
            compose(session, session.scalars(select(Message).where(Message.language == language).limit(1)).one())


def unfinished() -> int:
    """How many mails have no end yet: those of unknown fate wait for their one re-send."""
    with reading() as session:
        waiting = Message.state.in_(UNFINISHED) | ((Message.state == "unknown") & ~Message.resent)
        return session.scalar(select(func.count()).select_from(Message).where(waiting)) or 0
