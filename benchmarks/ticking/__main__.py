"""`python -m benchmarks.ticking`: a tick with nothing due, with 100 organisations, after one month and after a year.

On SQLite, and on PostgreSQL where BENCH_POSTGRES_URL names a server. The goals (stack.md): less than 20 ms,
and as many queries after a year as after a month.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory

from sqlalchemy import event

import config
from benchmarks.ticking.history import add_months, add_organisations
from pulse import tick
from pulse.database import engine, forget_engine
from pulse.database.engine import reader
from pulse.database.migrations import upgrade

ORGANISATIONS, PEOPLE, MONTHS, TICKS = 100, 50, 12, 40
LONGEST_MS = 20.0


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    print(f"{'a tick with nothing due':40}{'median ms':>10}{'p95 ms':>9}{'cpu ms':>9}{'queries':>9}{'goal ms':>9}")
    with TemporaryDirectory() as folder:
        missed = _on("sqlite", f"sqlite:///{folder}/ruil.db", folder)
        if address := os.environ.get("BENCH_POSTGRES_URL"):
            missed |= _on("postgresql", address, folder)
    return 1 if missed else 0


def _on(kind: str, address: str, folder: str) -> bool:
    os.environ.update(
        DATABASE_URL=address, KEY_DIR=f"{folder}/keys-{kind}", DEVELOPMENT="true", BASE_URL="http://127.0.0.1:8000"
    )
    forget_engine()
    config.settings.cache_clear()
    upgrade()
    pulses = add_organisations(ORGANISATIONS, PEOPLE)
    add_months(pulses, range(1))
    _, first = _measure(f"{kind}, {ORGANISATIONS} organisations, a month")
    add_months(pulses, range(1, MONTHS))
    median, queries = _measure(f"{kind}, {ORGANISATIONS} organisations, a year")
    if queries != first:
        print(f"A year of history costs {queries - first} queries more.")
    return median > LONGEST_MS or queries != first


def _measure(what: str) -> tuple[float, int]:
    for _ in range(3):
        _quiet(tick.run)
    queries = _counted(tick.run)
    begun = time.process_time()
    took = sorted(_timed(tick.run) for _ in range(TICKS))
    cpu = 1000 * (time.process_time() - begun) / TICKS
    median, late = statistics.median(took), took[int(len(took) * 0.95)]
    print(f"{what:40}{median:10.1f}{late:9.1f}{cpu:9.1f}{queries:9}{LONGEST_MS:9.0f}")
    return median, queries


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    _quiet(act)
    return 1000 * (time.perf_counter() - begun)


def _quiet(act: Callable[[], object]) -> None:
    if done := act():
        raise SystemExit(f"Something was due after all: {done}")


def _counted(act: Callable[[], object]) -> int:
    count = 0

    def count_one(*_arguments: object) -> None:
        nonlocal count
        count += 1

    for one in {engine(), reader()}:
        event.listen(one, "before_cursor_execute", count_one)
    try:
        _quiet(act)
    finally:
        for one in {engine(), reader()}:
            event.remove(one, "before_cursor_execute", count_one)
    return count


if __name__ == "__main__":
    sys.exit(main())
