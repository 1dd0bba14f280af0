"""What people choose about their own mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import LANGUAGES
from pulse.roster.tables import Person


def wish(person: Person, wished: str, now: datetime) -> bool:
    """Do as the person asks: `stop`, `resume`, `not_me`, or a language; False for anything else."""
    if wished in {"stop", "not_me"}:
        person.stopped_at = person.stopped_at or now
    if wished == "not_me":
        person.disowned_at = now
    elif wished == "resume":
        person.stopped_at = person.disowned_at = None
    elif wished in LANGUAGES:
        person.language = wished
    elif wished != "stop":
        return False
    return True


def disowned(session: Session, organisation_id: int) -> list[Person]:
    """Whose address is wrong, as whoever reads its mail has said: the administrator is to correct it."""
    query = select(Person).where(
        Person.organisation_id == organisation_id, Person.left_at.is_(None), Person.disowned_at.is_not(None)
    )
    return list(session.scalars(query.order_by(Person.email)))
