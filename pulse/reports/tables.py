"""Which reports are asked for, made, and where their bytes are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Claimable, Owned, People


class Report(Owned, Claimable, People):
    """The PDF of one team, one round, one language. States: queued, claimed, built, failed.

    Whoever leads the team gets a copy of their own, with their give-back link; all who read it from above
    share one without a link.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("request_id", "kind"),
        Index(
            "ix_report_shared",
            "round_id",
            "team_path",
            "language",
            "kind",
            unique=True,
            sqlite_where=text("request_id IS NULL"),
            postgresql_where=text("request_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[str] = mapped_column(default="team")
    """`team`: two pages; `overview`: the branch at its path; `below`: the teams below it, in one file."""
    team_path: Mapped[str]
    language: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("give_back_request.id", ondelete="CASCADE"), default=None)
    """Whose own copy it is; None: the shared one."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    built_at: Mapped[datetime | None] = mapped_column(default=None)
    sha256: Mapped[str | None] = mapped_column(default=None)
    """Names the file in REPORT_DIR."""
    reason: Mapped[str | None] = mapped_column(default=None)
    """Why it failed, in a sentence."""
