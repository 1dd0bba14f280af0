"""A letter sent to oneself as a test: its links are marked, open the real pages in a test's dress, and keep nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import LANGUAGES, settings
from pulse import clock
from pulse.mail.letters.examples import EXAMPLES, Link
from pulse.mail.outbox import queue
from pulse.mail.tables import Message
from pulse.rounds import read_signed_token, signed_token

MOST_AN_HOUR = 20
EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@dataclass(frozen=True)
class Rehearsed:
    """What a test link stands for."""

    language: str
    option: int | None


def test_link(language: str) -> Link:
    """Makes the links of a test letter: as long as real ones, other ones in each part, and about nobody."""

    def address(door: str, option: int | None, part: str) -> str:
        if door == "sign-in":
            return f"{settings().base_url}/sign-in"
        number = 2 * LANGUAGES.index(language) + (part == "text")
        return f"{settings().base_url}/{door}/{signed_token(settings().secret_key, f'test {door}', number, option)}"

    return address


def rehearsed(door: str, token: str) -> Rehearsed | None:
    """What a token of `/<door>/` rehearses; None for every token that is no test's."""
    found = read_signed_token(settings().secret_key, f"test {door}", token)
    if found is None:
        return None
    number, option = found
    return Rehearsed(LANGUAGES[number // 2 % len(LANGUAGES)], option)


def queue_test(
    session: Session, organisation_id: int, address: str, language: str, *, asker: int = 0, example: str = ""
) -> bool:
    """Queue a test letter, the example of that name or the plain test; False after too many in an hour."""
    if example and example not in EXAMPLES:
        raise ValueError(f"There is no letter {example!r}.")
    now = clock.now()
    lately = select(func.count(Message.id)).where(
        Message.kind == "test", Message.about_id == asker, Message.created_at > now - timedelta(hours=1)
    )
    if (session.scalar(lately) or 0) >= MOST_AN_HOUR:
        return False
    # A second press within the same second is the same test.
    queue(
        session,
        kind="test",
        about_id=asker,
        number=int((now - EPOCH).total_seconds()),
        organisation_id=organisation_id,
        address=address,
        recipient="",
        language=language,
        due_at=now,
        expires_at=now + timedelta(hours=1),
        facts={"example": example},
    )
    return True
