"""When an organisation works: its hours by location, its country's public holidays, its own closed dates."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class WorkingHours(Owned, People):
    """The hours of one location, or of the whole organisation where `location` is empty."""

    __tablename__ = "working_hours"
    __table_args__ = (UniqueConstraint("organisation_id", "location"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    location: Mapped[str]
    """As the roster spells it."""
    timezone: Mapped[str | None] = mapped_column(default=None)
    """None: the organisation's."""
    starts: Mapped[time]
    ends: Mapped[time]
    weekends: Mapped[bool] = mapped_column(default=False)
    """Mailed on Saturdays and Sundays too, as shift staff are."""


class HolidayCalendar(Owned, People):
    """Which country's public holidays are suggested; without a row, those of the organisation's time zone."""

    __tablename__ = "holiday_calendar"
    __table_args__ = (UniqueConstraint("organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    country: Mapped[str]
    """ISO 3166-1, such as `NL`; empty for none."""
    region: Mapped[str] = mapped_column(default="")


class CalendarDay(Owned, People):
    """What the organisation decided about one date: closed on its own account, or a holiday on which it works."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    day: Mapped[date]
    closed: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
