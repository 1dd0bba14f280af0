"""Organisations, and whom to ask on a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from config import settings
from pulse import clock
from pulse.roster.suppression import suppressed_on
from pulse.roster.tables import Organisation, Person, Suppression


class RosterRefused(Exception):
    """An organisation or roster that cannot be taken; `problems` are sentences, one a row or rule."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


def create_organisation(
    session: Session,
    name: str,
    contact: str,
    language: str | None = None,
    timezone: str | None = None,
) -> Organisation:
    """A new organisation; raises RosterRefused where the name is taken."""
    name = " ".join(name.split())
    if not name or " / " in name:
        raise RosterRefused("An organisation needs a name without ' / ' in it.")
    if session.scalar(select(Organisation.id).where(Organisation.name == name)):
        raise RosterRefused(f"There is already an organisation called {name!r}. Choose another name.")
    organisation = Organisation(
        name=name,
        contact=contact.strip(),
        language=language or settings().language,
        timezone=timezone or settings().timezone,
        created_at=clock.now(),
    )
    session.add(organisation)
    session.flush()
    return organisation


def people_to_ask(session: Session, organisation_id: int, on: date) -> list[Person]:
    """Who works here on that day, can be reached by mail, is not on leave and has not asked to be left alone."""
    unreachable = select(Suppression.address).where(Suppression.organisation_id == organisation_id, suppressed_on(on))
    return list(
        session.scalars(
            select(Person)
            .where(
                Person.organisation_id == organisation_id,
                Person.left_at.is_(None),
                Person.stopped_at.is_(None),
                Person.on_leave.is_(False),
                Person.email.not_in(unreachable),
                or_(Person.start_date.is_(None), Person.start_date <= on),
                or_(Person.end_date.is_(None), Person.end_date > on),
            )
            .order_by(Person.id)
        )
    )


def places_of(session: Session, organisation_id: int) -> list[tuple[str | None, str | None]]:
    """The zones and locations in which people work, each pair once."""
    rows = session.execute(
        select(Person.timezone, Person.location)
        .where(Person.organisation_id == organisation_id, Person.left_at.is_(None))
        .distinct()
    )
    return [(zone, location) for zone, location in rows]


def locations_of(session: Session, organisation_id: int) -> dict[str, int]:
    """The locations that the roster names, each with how many people work there."""
    rows = session.execute(
        select(Person.location, func.count())
        .where(Person.organisation_id == organisation_id, Person.left_at.is_(None), Person.location.is_not(None))
        .group_by(Person.location)
        .order_by(Person.location)
    )
    return {location: count for location, count in rows if location}
