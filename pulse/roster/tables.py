"""Who there is: organisations, their people, and one tree of teams each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People

RUIL_BLUE = "#0072b2"


class Organisation(People):
    """An organisation; everything else belongs to one."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="nl")
    timezone: Mapped[str] = mapped_column(default="Europe/Amsterdam")
    contact: Mapped[str]
    """The address people may reply to and administrators' alerts go to."""
    colour: Mapped[str] = mapped_column(default=RUIL_BLUE)
    """Of letters and reports, as `#rrggbb`; readable on white and white on it (`look.py`)."""
    sender: Mapped[str] = mapped_column(default="")
    """The name that letters come from, before the address of MAIL_FROM; empty: the name in MAIL_FROM."""
    created_at: Mapped[datetime]


class Team(Owned, People):
    """A node of the tree. `path` holds the names from the top, parted by ` / `."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("organisation_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str]
    path: Mapped[str]


class Person(Owned, People):
    """Someone on the roster. Who has left keeps `left_at`; who is on leave is not asked."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("organisation_id", "email"),
        UniqueConstraint("organisation_id", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    email: Mapped[str]
    """Lower case, as email-validator normalises it."""
    name: Mapped[str] = mapped_column(default="")
    employee_id: Mapped[str | None] = mapped_column(default=None)
    language: Mapped[str | None] = mapped_column(default=None)
    timezone: Mapped[str | None] = mapped_column(default=None)
    location: Mapped[str | None] = mapped_column(default=None)
    """Where this person works, as the roster spells it; it may have working hours and a zone of its own."""
    start_date: Mapped[date | None] = mapped_column(default=None)
    end_date: Mapped[date | None] = mapped_column(default=None)
    on_leave: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    """When this person asked not to be asked any more; they may resume."""
    disowned_at: Mapped[datetime | None] = mapped_column(default=None)
    """When whoever reads this address said that the mail was not meant for them."""
    left_at: Mapped[datetime | None] = mapped_column(default=None)


class TeamLead(Owned, People):
    """Someone who leads a team, and so reads its report and those of the teams below it."""

    __tablename__ = "team_lead"
    __table_args__ = (UniqueConstraint("team_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class Suppression(Owned, People):
    """An address that mail does not reach. The returned mail itself is never kept."""

    __tablename__ = "suppression"
    __table_args__ = (UniqueConstraint("organisation_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    address: Mapped[str]
    reason: Mapped[str]
    """One of `mail.REASONS`, or `complaint`."""
    diagnostic: Mapped[str | None] = mapped_column(default=None)
    """The receiving server's own line, without addresses."""
    suppressed_at: Mapped[datetime]
