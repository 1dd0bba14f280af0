"""The only reader of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_replayed: ContextVar[datetime | None] = ContextVar("replayed", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _replayed.get() or datetime.now(UTC)


@contextmanager
def replaying(instant: datetime) -> Iterator[None]:
    """Within the block it is `instant`: so the demonstration replays the months before today."""
    token = _replayed.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _replayed.reset(token)
