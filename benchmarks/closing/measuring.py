"""One close, measured in a process of its own."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import config
from benchmarks.closing.crowd import crowd
from pulse import results
from pulse.database import forget_engine
from pulse.database.migrations import upgrade


@dataclass(frozen=True)
class Closed:
    """One close, in a process of its own."""

    people: int
    answers: int
    figures: int
    seconds: float
    publishing: float
    """Seconds until the figures were written; the rest erases."""
    peak: int
    """MiB, the close's own process at its largest."""
    computing: float
    """Seconds of processor time, of all its threads: what a machine that is busy with other work does not stretch."""


def in_processes_of_their_own(kind: str, address: str, folder: str, people: int, teams: int) -> Closed:
    """Fill a round in one process and close it in another, so that its memory is its own."""
    os.environ.update(
        DATABASE_URL=address,
        KEY_DIR=f"{folder}/keys-{kind}",
        DEVELOPMENT="true",
        BASE_URL="http://127.0.0.1:8000",
    )
    context = get_context("spawn")
    with context.Pool(1) as pool:
        round_id, answers = pool.apply(_fill, (people, teams))
    with context.Pool(1) as pool:
        seconds, publishing, figures, peak, computing = pool.apply(_close, (round_id,))
    return Closed(people, answers, figures, seconds, publishing, peak, computing)


def _fill(people: int, teams: int) -> tuple[int, int]:
    upgrade()
    return crowd(people, teams)


def _close(round_id: int) -> tuple[float, float, int, int, float]:
    closing = importlib.import_module("pulse.results.close")
    forget_engine()
    config.settings.cache_clear()
    written: list[float] = []
    erase: Callable[[int], None] = vars(closing)["_erase"]

    def noted(one: int) -> None:
        written.append(time.perf_counter())
        erase(one)

    vars(closing)["_erase"] = noted
    started, computed = time.perf_counter(), time.process_time()
    outcome = results.close(round_id)
    ended, computing = time.perf_counter(), time.process_time() - computed
    peak = max(getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_maxrss) // 1024
    return ended - started, written[0] - started, outcome.figures, peak, computing
