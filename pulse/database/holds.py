"""Whether Ruil is held, and why, in words: for whoever sends or opens anything, whatever found the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.database.tables import Hold
from pulse.locale import Sentence


def held(session: Session) -> bool:
    """Whether nothing may be opened, sent or closed."""
    return session.scalar(select(Hold.id).where(Hold.released_at.is_(None)).limit(1)) is not None


def reason(kind: str, facts: Mapping[str, Any]) -> Sentence:
    """Why nothing is opened, sent or closed, by a hold's kind and facts, with what ends it."""
    if kind == "restored":
        return Sentence(
            "This database was restored from a backup or copied, so nothing is opened, sent or closed until an "
            "administrator confirms that it may go on."
        )
    minutes = abs(int(facts.get("seconds", 0))) // 60
    jumped = Sentence("%(hours)s hours and %(minutes)s minutes", hours=minutes // 60, minutes=minutes % 60)
    if kind == "clock_back":
        return Sentence(
            "The server's clock went back by %(jump)s, so nothing is opened, sent or closed until it has caught up or "
            "an administrator confirms that it is right now.",
            jump=jumped,
        )
    return Sentence(
        "The server's clock jumped forward by %(jump)s, so nothing is opened, sent or closed until an administrator "
        "confirms that it is right now.",
        jump=jumped,
    )
