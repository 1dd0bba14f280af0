"""The outbox: one row a mail, from queued to a known end. No rendered body is ever stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Float, ForeignKey, Index, UniqueConstraint
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
    """Not sent after this: the round's close, as the letter names it."""
    transmitting_at: Mapped[datetime | None] = mapped_column(default=None)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    resent: Mapped[bool] = mapped_column(default=False)
    rendered_sha256: Mapped[str | None] = mapped_column(default=None)
    """Of the first rendering; a re-send must equal it."""
    reply: Mapped[str | None] = mapped_column(default=None)
    """The server's last words."""
    reason: Mapped[str | None] = mapped_column(default=None)
    """Why it waits or did not go: a key of `REASONS`, which has the sentence."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often a server has put it off."""


class MailSender(People):
    """What is known of a mail server that we hand over to: whether it has us, and how fast."""

    __tablename__ = "mail_sender"

    name: Mapped[str] = mapped_column(primary_key=True)
    """User, host and port of SMTP_URL."""
    share: Mapped[float] = mapped_column(Float, default=1.0)
    """What is left of MAIL_LIMITS since the server last asked for fewer mails, at `slowed_at`."""
    slowed_at: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0)
    """How often in a row it could not be reached, or would not have us."""
    held_until: Mapped[datetime | None] = mapped_column(default=None)
    """Nothing is sent before this."""
    held_reason: Mapped[str | None] = mapped_column(default=None)
    """A sentence for the operator; None when all is well."""


class MailCount(People):
    """How many mails left in one slot of a window of MAIL_LIMITS; swept when the window has passed."""

    __tablename__ = "mail_count"

    sender: Mapped[str] = mapped_column(primary_key=True)
    time_window: Mapped[str] = mapped_column(primary_key=True)
    """`minute`, `hour` or `day`."""
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Its first second, since 1970."""
    mails: Mapped[int]
