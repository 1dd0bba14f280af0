"""Addresses that mail does not reach: nobody there is asked until a new file names them, or for 30 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, CursorResult, Select, delete, or_, select
from sqlalchemy.orm import Session

from pulse.roster.tables import Person, Suppression

KEPT = timedelta(days=30)
"""After so long an address is tried again (email.md 3)."""
COMPLAINT = "complaint"
"""The receiver's provider passed on a wish to get no more mail: only the person lifts that, by resuming."""


def suppress(
    session: Session, organisation_id: int, address: str, reason: str, diagnostic: str | None, now: datetime
) -> bool:
    """Send no more to an address of somebody on the roster; False where nobody there has it."""
    known = select(Person.id).where(Person.organisation_id == organisation_id, Person.email == address)
    if session.scalar(known) is None:
        return False
    row = session.scalar(_of(organisation_id, [address]))
    if row is None:
        row = Suppression(organisation_id=organisation_id, address=address)
        session.add(row)
    elif row.reason == COMPLAINT:
        return True
    row.reason, row.diagnostic, row.suppressed_at = reason, diagnostic, now
    session.flush()
    return True


def lift(session: Session, organisation_id: int, addresses: Iterable[str], *, by_the_person: bool = False) -> int:
    """Mail these addresses again; a wish to get no more is lifted by the person alone. Returns how many."""
    found = delete(Suppression).where(
        Suppression.organisation_id == organisation_id, Suppression.address.in_(list(addresses))
    )
    if not by_the_person:
        found = found.where(Suppression.reason != COMPLAINT)
    result = session.execute(found.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return result.rowcount


def suppressed_on(day: date) -> ColumnElement[bool]:
    """Which suppressions hold at the start of a day."""
    return suppressed_at(datetime.combine(day, time.min, UTC))


def suppressed_at(now: datetime) -> ColumnElement[bool]:
    """Which suppressions hold now."""
    return or_(Suppression.reason == COMPLAINT, Suppression.suppressed_at > now - KEPT)


def suppressions(session: Session, organisation_id: int, now: datetime) -> list[tuple[Suppression, Person]]:
    """What holds now for people who work here, by address."""
    rows = session.execute(
        select(Suppression, Person)
        .join(Person, (Person.organisation_id == Suppression.organisation_id) & (Person.email == Suppression.address))
        .where(Suppression.organisation_id == organisation_id, Person.left_at.is_(None), suppressed_at(now))
        .order_by(Suppression.address)
    )
    return [(suppression, person) for suppression, person in rows]


def sweep_suppressions(session: Session, now: datetime) -> int:
    """Delete what has lapsed, and what concerns nobody on the roster any more."""
    people = select(Person.email).where(Person.organisation_id == Suppression.organisation_id, Person.left_at.is_(None))
    result = session.execute(
        delete(Suppression)
        .where(~suppressed_at(now) | Suppression.address.not_in(people.correlate(Suppression)))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount


def _of(organisation_id: int, addresses: Iterable[str]) -> Select[Suppression]:
    return select(Suppression).where(
        Suppression.organisation_id == organisation_id, Suppression.address.in_(list(addresses))
    )
