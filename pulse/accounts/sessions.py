"""Sessions live in the database: the browser holds a random secret, the row only its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from pulse import clock
from pulse.accounts.tables import Administrator, WebSession

IDLE_LIFETIME = timedelta(minutes=30)
ABSOLUTE_LIFETIME = timedelta(hours=12)
NOTE_EVERY = timedelta(minutes=1)
"""A visit is written down at most once in this time, so that reading a page seldom writes."""


def begin(session: Session, administrator: Administrator) -> str:
    """A new session; returns the secret for the cookie. Sessions that have ended are swept away."""
    now = clock.now()
    session.execute(delete(WebSession).where(_ended(now)))
    secret = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            organisation_id=administrator.organisation_id,
            administrator_id=administrator.id,
            secret_sha256=_digest(secret),
            created_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return secret


def session_of(session: Session, cookie_secret: str) -> Administrator | None:
    """Whose session this is; None if it is unknown, idle for too long or too old. Changes nothing."""
    now = clock.now()
    return session.scalars(
        select(Administrator)
        .join(WebSession, WebSession.administrator_id == Administrator.id)
        .where(WebSession.secret_sha256 == _digest(cookie_secret), ~_ended(now))
    ).one_or_none()


def touch(session: Session, cookie_secret: str) -> None:
    """The session was used just now. A session that has ended stays ended."""
    now = clock.now()
    session.execute(
        update(WebSession)
        .where(
            WebSession.secret_sha256 == _digest(cookie_secret),
            WebSession.seen_at < now - NOTE_EVERY,
            ~_ended(now),
        )
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )


def needs_touch(session: Session, cookie_secret: str) -> bool:
    """Whether `touch` would write."""
    seen = session.scalar(select(WebSession.seen_at).where(WebSession.secret_sha256 == _digest(cookie_secret)))
    return seen is not None and seen < clock.now() - NOTE_EVERY


def sign_out(session: Session, cookie_secret: str) -> None:
    """End this session."""
    session.execute(delete(WebSession).where(WebSession.secret_sha256 == _digest(cookie_secret)))


def sign_out_everywhere(session: Session, administrator_id: int) -> None:
    """End every session of an administrator, as after a lost telephone."""
    session.execute(delete(WebSession).where(WebSession.administrator_id == administrator_id))


def _ended(now: datetime) -> ColumnElement[bool]:
    return or_(WebSession.seen_at <= now - IDLE_LIFETIME, WebSession.created_at <= now - ABSOLUTE_LIFETIME)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
