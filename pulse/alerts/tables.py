"""What administrators have been told, so that each thing is told once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class Alert(Owned, People):
    """One thing that an organisation's administrators were mailed about."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("organisation_id", "standing"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    about: Mapped[str]
    """What it is, and of which round or pulse: `bounces:17`, `coming:3:2026-12`."""
    standing: Mapped[str | None] = mapped_column(default=None)
    """The same while it stands; None once a problem is over, so that it may be told again."""
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a problem was over; what happens once, such as a round that opens, is never over."""
