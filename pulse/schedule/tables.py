"""When people are asked: a pulse is a monthly rule with a wall time and a zone."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, UniqueConstraint
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
    """The rule's date of the next round that has not been opened, wherever it was moved."""
    due_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    """The first instant at which anybody on earth may be mailed for it: when the tick must look."""
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    resumes_on: Mapped[date | None] = mapped_column(default=None)
    """When a paused pulse goes on by itself."""
    created_at: Mapped[datetime]


class PulseDate(Owned, People):
    """What was decided about one date of a pulse: asked on another day, or skipped and why."""

    __tablename__ = "pulse_date"
    __table_args__ = (UniqueConstraint("pulse_id", "planned"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    pulse_id: Mapped[int] = mapped_column(ForeignKey("pulse.id"), index=True)
    planned: Mapped[date]
    """The rule's own date."""
    moved_to: Mapped[date | None] = mapped_column(default=None)
    skipped: Mapped[str] = mapped_column(default="")
    """Why there is no round: `late`, `lately`, `nobody`, `restored`; empty where there is one."""
    decided_at: Mapped[datetime]
