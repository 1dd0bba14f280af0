"""How many mails a second leave: two senders of ours, a naive loop, and Postfix's own `smtp-source`, to one sink."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select, update

from benchmarks.mail.outbox import fill, use
from benchmarks.ports import free_port, listening
from pulse import clock
from pulse.database import forget_engine, reading, transaction
from pulse.mail import Message, compose
from pulse.mail.delivery import journal, sending, transport

MAILS = 4_000
NAIVE = 400
SENDERS = 2


@contextmanager
def postfix_sink() -> Iterator[int]:
    """Postfix's smtp-sink on a free port."""
    port = free_port()
    as_nobody = ["-u", "postfix"] if os.getuid() == 0 else []
    with listening(["smtp-sink", *as_nobody, f"127.0.0.1:{port}", "128"], port):
        yield port


def smtp_source(port: int, mails: int, size: int, *, kept: bool = False) -> float:
    """Mails a second of one session of smtp-source; `kept`: over one connection instead of one each."""
    command = ["smtp-source", "-s", "1", "-m", str(mails), "-l", str(size), *(["-d"] if kept else [])]
    command += ["-f", "a@bench.example", "-t", "b@bench.example", f"127.0.0.1:{port}"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    return mails / (time.perf_counter() - begun)


@dataclass(frozen=True)
class Sent:
    """What our senders did."""

    per_second: float
    size: int
    """Bytes of one mail."""
    spent: dict[str, float]
    """Milliseconds of one sender's time on one mail, by what it was spent on."""
    until_written: float
    """Milliseconds from the server's 250 to the commit that says so: 99 in 100 are written down sooner."""


def ours(address: str, folder: str, port: int, mails: int = MAILS) -> Sent:
    """What SENDERS processes do with `mails`, from claim to the accepted row."""
    use(address, folder, port)
    fill(mails)
    size = _size()
    forget_engine()
    senders = [
        subprocess.Popen([sys.executable, "-m", "benchmarks.mail.speed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(SENDERS)
    ]
    for sender in senders:
        assert sender.stdout is not None
        assert sender.stdout.readline()
    begun = time.perf_counter()
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write(b"go\n")
        sender.stdin.flush()
    spent: Counter[str] = Counter()
    gaps: list[float] = []
    for sender in senders:
        said = json.loads(sender.communicate(timeout=300)[0])
        spent.update(said["spent"])
        gaps += said["gaps"]
    took = time.perf_counter() - begun
    with reading() as session:
        accepted = session.scalar(select(func.count()).select_from(Message).where(Message.state == "accepted")) or 0
    assert accepted == mails, f"{accepted} of {mails} accepted"
    shares = {what: 1_000 * seconds / mails for what, seconds in spent.items()}
    return Sent(mails / took, size, shares, 1_000 * quantiles(gaps, n=100)[98])


def naive(mails: int = NAIVE) -> float:
    """Mails a second of the loop that one writes first: a query, a connection, two commits a mail."""
    with transaction() as session:
        chosen = select(Message.id).limit(mails)
        identities = list(session.scalars(chosen))
        session.execute(update(Message).where(Message.id.in_(identities)).values(state="queued"))
    port = int(os.environ["SMTP_URL"].rsplit(":", 1)[1])
    begun = time.perf_counter()
    for identity in identities:
        with transaction() as session:
            message = session.get_one(Message, identity)
            message.state = "transmitting"
        with reading() as session:
            content = compose(session, message)
        with smtplib.SMTP("127.0.0.1", port, "localhost") as server:
            server.sendmail("a@bench.example", [message.address], content)
        with transaction() as session:
            done = session.get_one(Message, identity)
            done.state, done.finished_at = "accepted", clock.now()
    return mails / (time.perf_counter() - begun)


def _size() -> int:
    with reading() as session:
        return len(compose(session, session.scalars(select(Message).limit(1)).one()))


def main() -> None:
    """One sender: ready, wait for the word, send until nothing is due, and say what the time went on."""
    with reading() as session:
        compose(session, session.scalars(select(Message).limit(1)).one())
    spent: Counter[str] = Counter()
    for owner, name, what in (
        (sending, "render", "rendering"),
        (journal.Journal, "claim", "claiming"),
        (journal.Journal, "begin", "commits"),
        (transport.Connection, "send", "SMTP"),
    ):
        setattr(owner, name, _timed(getattr(owner, name), what, spent))
    gaps = _gaps()
    print("ready", flush=True)
    sys.stdin.readline()
    while sending.drain():
        pass
    print(json.dumps({"spent": spent, "gaps": gaps}))


def _gaps() -> list[float]:
    """Filled while mail is sent: seconds from each last word of the server to the commit that holds it."""
    found: list[float] = []
    said: list[float] = []
    send, write = transport.Connection.send, journal.Journal._write

    def sent(*words: Any, **named: Any) -> Any:
        reply = send(*words, **named)
        said.append(time.perf_counter())
        return reply

    def written(*words: Any, **named: Any) -> Any:
        result = write(*words, **named)
        found.extend(time.perf_counter() - moment for moment in said)
        said.clear()
        return result

    setattr(transport.Connection, "send", sent)  # noqa: B010  # mypy refuses a method's plain assignment
    setattr(journal.Journal, "_write", written)  # noqa: B010
    return found


def _timed(work: Callable[..., Any], what: str, spent: Counter[str]) -> Callable[..., Any]:
    def measured(*words: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return work(*words, **named)
        finally:
            spent[what] += time.perf_counter() - begun  # type: ignore[assignment]  # seconds

    return measured


if __name__ == "__main__":
    main()
