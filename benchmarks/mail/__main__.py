"""`python -m benchmarks.mail [speed|kills]`: on SQLite, and on PostgreSQL where BENCH_POSTGRES_URL names a server."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from benchmarks.answering.inserting import best_rate
from benchmarks.mail.checker import check, verdict
from benchmarks.mail.kills import kill_again_and_again
from benchmarks.mail.speed import MAILS, NAIVE, SENDERS, naive, ours, postfix_sink, smtp_source
from pulse.database import forget_engine

GOAL, NAIVE_GOAL = 0.60, 3.0
MAILS_KILLED, KILLS = 10_000, 1_000
MEMORY = "/dev/shm"
SEED = 20261125


def main() -> int:
    """Measure and print; 1 where a goal is missed or a promise broken."""
    asked = sys.argv[1:] or ["speed", "kills"]
    missed = 0
    if "speed" in asked:
        print(f"{'what':52}{'a second':>10}{'ratio':>8}{'goal':>8}")
        for kind, address in _databases():
            missed += _speed(kind, address)
    if "kills" in asked:
        for kind, address in _databases():
            missed += _kills(kind, address, MAILS_KILLED, KILLS)
    return 1 if missed else 0


def _databases() -> list[tuple[str, str]]:
    server = os.environ.get("BENCH_POSTGRES_URL")
    return [("sqlite", "sqlite:///{folder}/ruil.db"), *([("postgresql", server)] if server else [])]


def _speed(kind: str, address: str) -> bool:
    with TemporaryDirectory() as folder, postfix_sink() as port, _database(address, folder) as at:
        sent = ours(at, folder, port)
        slow = naive()
        peer = smtp_source(port, MAILS, sent.size)
        kept = smtp_source(port, MAILS, sent.size, kept=True)
        commits, connections = best_rate()
    rate = sent.per_second
    print(f"{f'smtp-source, one session, {sent.size} bytes':52}{peer:10.0f}")
    print(f"{'smtp-source, one session, one connection':52}{kept:10.0f}")
    print(f"{f'bare durable commits, {kind}, {connections} connections':52}{commits:10.0f}")
    print(f"{f'Ruil, {SENDERS} senders, {MAILS} mails, {kind}':52}{rate:10.0f}{rate / peer:8.2f}{GOAL:8.2f}")
    print(f"{f'naive loop, {NAIVE} mails: Ruil is faster by':52}{slow:10.0f}{rate / slow:8.2f}{NAIVE_GOAL:8.2f}")
    spent = ", ".join(f"{what} {milliseconds:.2f}" for what, milliseconds in sent.spent.items())
    print(f"  a sender's milliseconds on one mail: {spent}; from 250 to commit, p99: {sent.until_written:.1f}")
    return rate / peer < GOAL or rate / slow < NAIVE_GOAL


def _kills(kind: str, address: str, mails: int, kills: int) -> bool:
    # In memory where that can be: what a killed process has committed is there either way, and more kills fit a minute.
    with TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as folder, _database(address, folder) as at:
        log = Path(folder, "sink.log")
        killed = kill_again_and_again(at, folder, log, mails, kills, SEED)
        found = check(at, log)
    print(f"\n{killed.kills} kills -9 of the sender over {found.mails} mails, {kind}, {killed.seconds:.0f} s")
    print(f"  at the end: {', '.join(f'{count} {state}' for state, count in sorted(found.states.items()))}")
    print(f"  lost {found.lost}, wrong recipient {found.wrong}, not byte-identical {found.unlike}")
    print(
        f"  duplicates {found.duplicates} <= unknown {found.unknown} <= kills {killed.kills} + "
        f"broken off by the sink after the dot {found.broken_off}"
    )
    problems = verdict(found, killed.kills)
    if killed.kills < kills:
        problems.append(f"only {killed.kills} of {kills} kills found a sender at work")
    for problem in problems:
        print(f"  NOT AS PROMISED: {problem}")
    return bool(problems)


@contextmanager
def _database(address: str, folder: str) -> Iterator[str]:
    """A fresh database at this address."""
    if address.startswith("sqlite"):
        yield address.format(folder=folder)
    else:
        name = f"bench_{uuid.uuid4().hex[:12]}"
        server = address.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        yield f"{address.rsplit('/', 1)[0]}/{name}"
    forget_engine()


if __name__ == "__main__":
    sys.exit(main())
