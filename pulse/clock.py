"""The only reader of the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """What a process's two clocks say at one moment."""

    wall: datetime
    running: float
    """Seconds on the clock that nobody sets, sleep included; means something beside the same process's others only."""


_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)
_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _replayed.get() or datetime.now(UTC)


def reading() -> Reading | None:
    """Both clocks; None while other times are replayed."""
    if _replayed.get() is not None:
        return _reading.get()
    return Reading(datetime.now(UTC), time.clock_gettime(time.CLOCK_BOOTTIME))


@contextmanager
def replaying(instant: datetime, machine: Reading | None = None) -> Iterator[None]:
    """Within the block it is `instant`: so the demonstration replays the months before today.

    `machine` is what both clocks say then; without it nobody compares them.
    """
    tokens = _replayed.set(instant.astimezone(UTC)), _reading.set(machine)
    try:
        yield
    finally:
        _replayed.reset(tokens[0])
        _reading.reset(tokens[1])
