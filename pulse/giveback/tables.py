"""What a manager gives back, and whom the team hears it from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class GiveBackRequest(Owned, People):
    """One manager asked, after one round, what they will give back to one team. Its links: `/m/<token>`."""

    __tablename__ = "give_back_request"
    __table_args__ = (UniqueConstraint("round_id", "team_path", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    team_path: Mapped[str]
    team_name: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str]
    name: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]


class GiveBack(Owned, People):
    """A manager's answer to a request: one of the four moves and one sentence; the latest stands."""

    __tablename__ = "give_back"
    __table_args__ = (UniqueConstraint("request_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("give_back_request.id"))
    move: Mapped[str]
    """`acknowledge`, `return`, `repair` or `even_out`."""
    sentence: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    told_round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), default=None)
    """The round whose letters opened with it; from then on it cannot change."""
