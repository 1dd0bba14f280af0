"""The outbox: one row a mail, from queued to a known end. No rendered body is ever stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Claimable, Owned, People


class Message(Owned, Claimable, People):
    """A mail to one person.

    States: queued, claimed, transmitting (committed just before DATA), accepted, deferred,
    rejected, unknown (the server's word was never heard), cancelled.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("kind", "about_id", "number"),
        Index("ix_message_state_due_at", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """A random UUID; also the Message-ID, so every try of this mail carries the same one."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str]
    """The letter: `invitation`, `reminder`, `report`, `give_back`, `sign_in`."""
    about_id: Mapped[int]
    """The row it is about: an invitation, a give-back request, a sign-in."""
    number: Mapped[int] = mapped_column(default=0)
    """0, or the reminder's number 1 and 2."""
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True, default=None)
    address: Mapped[str] = mapped_column(index=True)
    recipient: Mapped[str] = mapped_column(default="")
    """The recipient's name."""
    language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Plain values for the template that no other frozen row holds; never a link or an answer.
    `look`: the organisation's name, colour, sender line and contact when it was queued."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """When it may be sent; after a deferral, when to try again."""
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    """Not sent after this: the round's close."""
    transmitting_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    resent: Mapped[bool] = mapped_column(default=False)
    rendered_sha256: Mapped[str | None] = mapped_column(default=None)
    """Of the first rendering; a re-send must equal it."""
    reply: Mapped[str | None] = mapped_column(default=None)
    """The server's last words."""
