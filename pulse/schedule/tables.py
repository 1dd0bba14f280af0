"""When people are asked: a pulse is a monthly rule with a wall time and a zone."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class Pulse(Owned, People):
    """A monthly series of rounds for one organisation."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str]
    rule: Mapped[str]
    """RFC 5545, monthly: `FREQ=MONTHLY;BYDAY=1TU`."""
    wall_time: Mapped[time]
    timezone: Mapped[str]
    open_days: Mapped[int] = mapped_column(default=7)
    one_link: Mapped[bool] = mapped_column(default=False)
    """The mail carries one link and the page asks: no mail gateway's log can tell an answer."""
    strict: Mapped[bool] = mapped_column(default=False)
    """Groups of eight people or more instead of five, with wider tails (science.md B3)."""
    starts_on: Mapped[date]
    """No round before this date."""
    next_date: Mapped[date | None] = mapped_column(default=None)
    """The date of the next round that has not been opened; None when the rule gives no more."""
    due_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    """The first instant at which `next_date` has that wall time anywhere on earth: when the tick must look."""
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
