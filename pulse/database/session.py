"""One transaction for a use case, scoped to one organisation or, for Ruil's own work, to all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnClause, Table, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.selectable import AliasedReturnsRows, SelectBase

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
    organisation_id = session.organisation_id
    _refuse_what_forgets(state, organisation_id)
    if state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda cls: cls.organisation_id == organisation_id, include_aliases=True)
    )


def _refuse_what_forgets(state: ORMExecuteState, organisation_id: int) -> None:
    """Only statements on mapped classes can be kept to one organisation: others are refused, not trusted."""
    for name in _named_without_class(state.statement):
        raise ForgotOrganisation(name)
    if state.is_insert and _inserted_into(state) != {organisation_id}:
        raise ForgotOrganisation("rows without, or with another, organisation_id")


def _inserted_into(state: ORMExecuteState) -> set[Any]:
    """The organisations of the rows that an INSERT brings, given beside it or written in it."""
    if state.parameters:
        rows: Any = state.parameters if isinstance(state.parameters, list) else [state.parameters]
        return {row.get("organisation_id") for row in rows}
    statement: Any = state.statement
    return {value for name, value in statement.compile().params.items() if name.startswith("organisation_id")}


def _named_without_class(statement: Any) -> Iterator[str]:
    """What a statement, or one within it, takes from an owned table without its class standing beside it.

    SQLAlchemy marks what stands for a mapped class (`parententity`); the criteria hang on these marks.
    """
    own: list[Any] = [statement]
    within: list[Any] = []
    waiting: list[Any] = [statement]
    while waiting:
        for part in waiting.pop().get_children():
            (within if isinstance(part, SelectBase) else own).append(part)
            if not isinstance(part, SelectBase) and "parententity" not in part._annotations:
                waiting.append(part)
    marked = {_owned_table(part) for part in own if "parententity" in part._annotations}
    for part in own:
        if isinstance(part, TextClause):
            yield "plain SQL"
        table = _owned_table(part)
        if table is not None and table not in marked:
            yield f"the table {table} and not its class"
    for part in within:
        yield from _named_without_class(part)


def _owned_table(part: Any) -> str | None:
    """The name of the owned table behind a table, an alias of one, or a column; None for anything else."""
    found = part.table if isinstance(part, ColumnClause) else part
    while isinstance(found, AliasedReturnsRows):
        found = found.element
    return found.name if isinstance(found, Table) and "organisation_id" in found.c else None


class ForgotOrganisation(Exception):
    """A statement in one organisation's session that would reach others' rows."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"This session sees one organisation only, and a statement names {what}: nothing would keep it to "
            "that organisation. Select, update or delete through the mapped class."
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
