"""Sealed answers, append only. No time, no address, no user agent that could be read beside them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class SealedAnswer(Owned, People):
    """What one visit said to one question; only the close can open it, and only the close judges it."""

    __tablename__ = "sealed_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    """Rising: of two answers of equal evidence, the later counts."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitation.id"), index=True)
    question: Mapped[str]
    """Empty for a visit that answered nothing."""
    visit: Mapped[str]
    """Random, one per page load; no trace of who or when."""
    evidence: Mapped[int]
    """The evidence class 0 to 4 of `answers.evidence`."""
    circumstances: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """61 bytes, see `answers.circumstances`; they go dark with the round's link key. Empty where none are known."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """64 bytes, whatever the answer; None for a visit that can never count."""
