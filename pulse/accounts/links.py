"""The one-time link that signs an administrator in: ten minutes, once, and only by its button."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from config import settings
from pulse import clock
from pulse.accounts.administrators import plain_address
from pulse.accounts.sessions import begin
from pulse.accounts.tables import Administrator, SignIn

LINK_LIFETIME = timedelta(minutes=10)
"""OWASP ASVS 5.0, 6.5.5: an out-of-band code lives for at most ten minutes."""
LIVE_LINKS = 5
"""So many letters an address gets in ten minutes, and no more, whoever asks."""


def ask_links(session: Session, email: str) -> list[tuple[Administrator, SignIn]]:
    """A link for each organisation that `email` administers; none for an unknown address or too many asks.

    The page that asks says the same in every case, so nobody learns who is an administrator.
    """
    address = plain_address(email)
    if address is None:
        return []
    known = session.scalars(
        select(Administrator).where(Administrator.email == address).order_by(Administrator.id)
    ).all()
    return [(one, request_sign_in(session, one)) for one in known if _live_links(session, one) < LIVE_LINKS]


def request_sign_in(session: Session, administrator: Administrator) -> SignIn:
    """A fresh link for an administrator; `sign_in_token` writes it down."""
    now = clock.now()
    sign_in = SignIn(
        organisation_id=administrator.organisation_id,
        administrator_id=administrator.id,
        nonce=secrets.token_urlsafe(16),
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    session.add(sign_in)
    session.flush()
    return sign_in


def sign_in_token(sign_in: SignIn) -> str:
    """The secret part of the link. It is made again from the row at will, and kept nowhere."""
    token = _signer().dumps([sign_in.id, sign_in.nonce])
    assert isinstance(token, str)
    return token


def usable(session: Session, token: str) -> bool:
    """Whether the button behind this link would work now. Changes nothing."""
    found = _read(token)
    if found is None:
        return False
    row = session.get(SignIn, found[0])
    return row is not None and row.nonce == found[1] and row.used_at is None and row.expires_at > clock.now()


def redeem(session: Session, token: str) -> tuple[str, Administrator] | None:
    """Use the link up and begin a session: its cookie's secret, and who it is. None if it is worth nothing.

    One statement tests and marks the row, so of two clicks at once exactly one gets in.
    """
    found = _read(token)
    if found is None:
        return None
    now = clock.now()
    used = session.execute(
        update(SignIn)
        .where(
            SignIn.id == found[0],
            SignIn.nonce == found[1],
            SignIn.used_at.is_(None),
            SignIn.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(used, CursorResult)
    if used.rowcount != 1:
        return None
    administrator = session.scalars(
        select(Administrator).join(SignIn, SignIn.administrator_id == Administrator.id).where(SignIn.id == found[0])
    ).one()
    return begin(session, administrator), administrator


def _live_links(session: Session, administrator: Administrator) -> int:
    """How many links this administrator was given in the last ten minutes, used or not."""
    recent = select(func.count()).where(SignIn.administrator_id == administrator.id, SignIn.expires_at > clock.now())
    return session.scalar(recent) or 0


def _read(token: str) -> tuple[int, str] | None:
    try:
        row_id, nonce = _signer().loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return (row_id, nonce) if isinstance(row_id, int) and isinstance(nonce, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        settings().secret_key, salt="ruil.sign-in", signer_kwargs={"digest_method": hashlib.sha256}
    )
