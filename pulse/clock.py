"""The only reader of the clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a machine's two clocks say at one moment."""

    boot_id: str
    """The kernel's name for this start of this machine; its second clock means nothing beside another's."""
    wall: datetime
    since_boot: int
    """Whole seconds on the clock that nobody sets, sleep included."""


_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)
_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _replayed.get() or datetime.now(UTC)


def reading() -> Reading | None:
    """Both clocks; None where the second cannot be read, or while other times are replayed."""
    if _replayed.get() is not None:
        return _reading.get()
    boot_id = _boot_id()
    return Reading(boot_id, datetime.now(UTC), int(time.clock_gettime(time.CLOCK_BOOTTIME))) if boot_id else None


@contextmanager
def replaying(instant: datetime, machine: Reading | None = None) -> Iterator[None]:
    """Within the block it is `instant`: so the demonstration replays the months before today.

    `machine` is what both clocks of a machine say then; without it nobody compares them.
    """
    tokens = _replayed.set(instant.astimezone(UTC)), _reading.set(machine)
    try:
        yield
    finally:
        _replayed.reset(tokens[0])
        _reading.reset(tokens[1])


@cache
def _boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
