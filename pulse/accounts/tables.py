"""Who may administer: administrators, their one-time links and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pulse.database import Owned, People


class Administrator(Owned, People):
    """Someone who runs Ruil for an organisation. They never see who answered what."""

    __tablename__ = "administrator"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(default="nl")
    created_at: Mapped[datetime]


class SignIn(Owned, People):
    """A one-time link. The secret is rebuilt from SECRET_KEY and `id`; no table holds it."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    administrator_id: Mapped[int] = mapped_column(ForeignKey("administrator.id", ondelete="CASCADE"))
    nonce: Mapped[str]
    """Random, so that a link cannot be rebuilt from a row number alone."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class WebSession(Owned, People):
    """A signed-in browser; the cookie's secret is kept as its SHA-256 only."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    administrator_id: Mapped[int] = mapped_column(ForeignKey("administrator.id", ondelete="CASCADE"))
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
