"""What Ruil knows of its own running."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from pulse.database.mapping import People


class Heartbeat(People):
    """When a queue last did its round of work: liveness is measured by work, not by a pid."""

    __tablename__ = "heartbeat"

    queue: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
