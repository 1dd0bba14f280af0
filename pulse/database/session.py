"""One transaction for a use case, scoped to one organisation or, for Ruil's own work, to all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from pulse.database.engine import engine, reader
from pulse.database.mapping import Owned


class OrganisationSession(Session):
    """A session that sees and writes the rows of one organisation only (None: all of them)."""

    organisation_id: int | None = None


@contextmanager
def transaction(organisation_id: int | None = None) -> Iterator[Session]:
    """Write in one transaction: commits at the end of the block, rolls back on any exception."""
    with OrganisationSession(engine(), expire_on_commit=False) as session:
        session.organisation_id = organisation_id
        with session.begin():
            yield session


@contextmanager
def reading(organisation_id: int | None = None) -> Iterator[Session]:
    """Read only; the database itself refuses a write, so a GET cannot change anything."""
    with OrganisationSession(reader(), expire_on_commit=False) as session:
        session.organisation_id = organisation_id
        yield session
        # What was read stays readable; only the transaction ends.
        session.expunge_all()


@event.listens_for(OrganisationSession, "do_orm_execute")
def _keep_to_organisation(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, OrganisationSession) or session.organisation_id is None:
        return
    if state.is_column_load or state.is_relationship_load:
        return
    organisation_id = session.organisation_id
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda cls: cls.organisation_id == organisation_id, include_aliases=True)
    )


@event.listens_for(OrganisationSession, "before_flush")
def _refuse_other_organisations(session: Session, _context: object, _instances: object) -> None:
    if not isinstance(session, OrganisationSession) or session.organisation_id is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Owned) and row.organisation_id != session.organisation_id:
            raise PermissionError(
                f"A row of organisation {row.organisation_id} in a session of organisation {session.organisation_id}."
            )
