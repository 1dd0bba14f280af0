"""What Ruil knows of its own running."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database.mapping import People


class Heartbeat(People):
    """When a queue last did its round of work: liveness is measured by work, not by a pid."""

    __tablename__ = "heartbeat"

    queue: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


class Instance(People):
    """The one row that tells this database from a copy of it.

    A file beside the wake-ups, which no backup holds, carries the same name and the last turn. A database
    that is behind the file, or is not the one that wrote it, has been restored.
    """

    __tablename__ = "instance"

    name: Mapped[str] = mapped_column(primary_key=True)
    """Random."""
    turn: Mapped[int] = mapped_column(default=0)
    """Ticks so far."""
    turned_at: Mapped[datetime]


class Hold(People):
    """Why nothing is opened, sent or closed until an administrator says so."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`clock_back`, `clock_forward` or `restored`."""
    since: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """`seconds` of a jump; `until`, the latest moment that was seen before it."""
    released_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    released_by: Mapped[str] = mapped_column(default="")
