"""The ledger: every figure that was ever published about answers, written once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Ledger, Owned


class Figure(Owned, Ledger):
    """One block's published value for one question of one round. No update, no delete."""

    __tablename__ = "figure"
    __table_args__ = (UniqueConstraint("round_id", "question", "block"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(index=True)
    period: Mapped[str]
    question: Mapped[str]
    block: Mapped[str]
    """The path of the node whose rest this is: the block's stable key."""
    label: Mapped[str]
    """As shown: the path, `rest of <path>`, or `<path> and others`."""
    teams: Mapped[list[Any]] = mapped_column(JSON)
    """The paths of the nodes counted in it."""
    value: Mapped[int]
    """0 to 100 as published: rounded, top- and bottom-coded."""
    shown: Mapped[str]
    """Its text, such as `≤ 20`."""
    respondents: Mapped[int]
    invited: Mapped[int]
    minimum_group: Mapped[int]
    published_at: Mapped[datetime]
