"""One month of a pulse, frozen at opening: who, which team, who leads, which language, which words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class Round(Owned, People):
    """A round: `open` takes answers, `closing` takes none, `closed` has its figures, `abandoned` has lost
    its keys and has none; `erased_at` says since when nothing about one person's answer exists any more."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("pulse_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """Random; names this round's files in KEY_DIR."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    pulse_id: Mapped[int] = mapped_column(ForeignKey("pulse.id"), index=True)
    period: Mapped[str]
    """`2026-11`, the month of the rule's date: at most one round per pulse and period."""
    organisation_name: Mapped[str]
    root_path: Mapped[str]
    """The node at the top of the counting tree: the only top team, or the organisation's name."""
    state: Mapped[str] = mapped_column(default="open", index=True)
    opens_at: Mapped[datetime]
    """The earliest recipient's send time."""
    closes_at: Mapped[datetime]
    """The latest recipient's closing time: the one thing that may change while the round is open."""
    opened_at: Mapped[datetime]
    closed_dates: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Dates (ISO) on which nobody is mailed, frozen from the organisation's calendar."""
    late: Mapped[bool] = mapped_column(default=False)
    """Asked on a later day than planned, because Ruil was not running."""
    stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    """When an administrator stopped it before its time."""
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    reports_queued_at: Mapped[datetime | None] = mapped_column(default=None)
    minimum_group: Mapped[int] = mapped_column(default=5)
    """k, frozen: 5, or 8 in the strict profile."""
    one_link: Mapped[bool] = mapped_column(default=False)
    """One link a mail instead of five, frozen from the pulse."""
    wording_version: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """Seals answers; its private half lies in KEY_DIR until the close."""
    delivery: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    """After the close: how many mails were accepted, bounced and so on; who, is forgotten."""


class RoundTeam(Owned, People):
    """A node of the frozen tree, with what its people are asked and read this month."""

    __tablename__ = "round_team"
    __table_args__ = (UniqueConstraint("round_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    path: Mapped[str]
    parent_path: Mapped[str | None]
    """None at the root."""
    name: Mapped[str]
    questions: Mapped[list[str]] = mapped_column(JSON)
    """Identifiers in the order asked, such as `["B", "R", "LA", "CO"]`, for whoever counts here."""
    promise: Mapped[str | None] = mapped_column(default=None)
    """What the manager gave back last month, exactly as the letter opens with it."""
    promised_by: Mapped[str | None] = mapped_column(default=None)


class RoundLead(Owned, People):
    """Who led a team when the round opened, and so gets its report and those below."""

    __tablename__ = "round_lead"
    __table_args__ = (UniqueConstraint("round_id", "team_path", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    team_path: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]


class Invitation(Owned, People):
    """One person asked in one round. Holds no answer and, after the close, no handle."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    """Random; the handle of its links is made of it and the round's link key."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]
    team_path: Mapped[str]
    """The team this person is in."""
    counting_path: Mapped[str]
    """The node this person's answer counts at: the own team; for a manager one level up."""
    send_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    first_reminder_at: Mapped[datetime | None] = mapped_column(default=None)
    last_reminder_at: Mapped[datetime | None] = mapped_column(default=None)
    location: Mapped[str] = mapped_column(default="")
    """Where this person works; says in which hours they may be mailed."""
    handle_sha256: Mapped[str | None] = mapped_column(unique=True)
    """None once its links are dead: the round has closed, or the person has left."""
