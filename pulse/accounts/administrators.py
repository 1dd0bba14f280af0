"""Administrators: who they are and which language they read."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import LANGUAGES
from pulse import clock
from pulse.accounts.tables import Administrator


class AccountRefused(Exception):
    """An account that cannot be made; the text is a sentence."""


def create_administrator(session: Session, organisation_id: int, email: str, language: str) -> Administrator:
    """A new administrator of an organisation; raises AccountRefused."""
    address = plain_address(email)
    if address is None:
        raise AccountRefused(f"{email!r} is no mail address. Write one such as hr@example.org.")
    if language not in LANGUAGES:
        raise AccountRefused(f"Ruil does not speak {language!r}. Choose one of: {', '.join(LANGUAGES)}.")
    known = select(Administrator.id).where(
        Administrator.organisation_id == organisation_id, Administrator.email == address
    )
    if session.scalar(known) is not None:
        raise AccountRefused(f"{address} is already an administrator of this organisation.")
    administrator = Administrator(
        organisation_id=organisation_id, email=address, language=language, created_at=clock.now()
    )
    session.add(administrator)
    session.flush()
    return administrator


def speak(administrator: Administrator, language: str) -> None:
    """From now on this administrator's pages and letters are in `language`; raises AccountRefused."""
    if language not in LANGUAGES:
        raise AccountRefused(f"Ruil does not speak {language!r}. Choose one of: {', '.join(LANGUAGES)}.")
    administrator.language = language


def plain_address(email: str) -> str | None:
    """The address as it is kept, in lower case; None if it is none."""
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None
