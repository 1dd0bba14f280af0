"""A session of one organisation sees, changes and deletes nothing of another; a query that forgets it is refused."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Session, aliased

from pulse.database import Ledger, Owned, People, reading, transaction
from pulse.database.session import ForgotOrganisation
from pulse.roster import Person, Team, TeamLead
from tests import factories

ADMIN = Path(__file__).parents[2] / "pulse/web/admin"
TABLE = Person.__table__
OTHER = aliased(Person)

KEPT: dict[str, Callable[[Session], Any]] = {
    "rows": lambda session: len(session.scalars(select(Person)).all()),
    "a column": lambda session: len(session.scalars(select(Person.email)).all()),
    "a count": lambda session: session.scalar(select(func.count()).select_from(Person)),
    "an alias": lambda session: len(session.scalars(select(OTHER)).all()),
    "a subquery": lambda session: session.scalar(select(func.count()).select_from(select(Person.id).subquery())),
    "a query in a query": lambda session: session.execute(
        select(select(func.count(Person.id)).scalar_subquery())
    ).scalar_one(),
    "a union": lambda session: len(session.execute(select(Person.email).union_all(select(Person.email))).all()) // 2,
    "a join": lambda session: len(session.scalars(select(Person).join(Team, Team.id == Person.team_id)).all()),
}
FORGETS: dict[str, Callable[[Session, int], Any]] = {
    "plain SQL": lambda session, _: session.execute(text("SELECT * FROM person")),
    "a table": lambda session, _: session.execute(select(TABLE)),
    "a table's column": lambda session, _: session.execute(select(TABLE.c.email)),
    "a table's alias": lambda session, _: session.execute(select(TABLE.alias().c.email)),
    "a table beside a class": lambda session, _: session.execute(select(Team.id, TABLE.c.email)),
    "a table within": lambda session, _: session.execute(select(Person).where(exists(select(TABLE.c.id)))),
    "updating a table": lambda session, _: session.execute(update(TABLE).values(name="")),
    "deleting from a table": lambda session, _: session.execute(delete(TABLE)),
    "a row of another": lambda session, other: session.execute(
        insert(TeamLead).values(organisation_id=other, team_id=1, person_id=1)
    ),
    "many rows of another": lambda session, other: session.execute(
        insert(TeamLead), [{"organisation_id": other, "team_id": 1, "person_id": 1}]
    ),
}


@pytest.fixture
def two(database: str) -> tuple[int, int]:
    """De Linde, and another organisation with as many people."""
    linde = factories.organisation()
    return linde, factories.organisation(factories.ROSTER.replace("example.org", "other.example"), "De Eik")


def test_a_scoped_query_keeps_to_its_organisation(two: tuple[int, int]) -> None:
    with reading() as session:
        assert KEPT["rows"](session) == 26
    with reading(two[0]) as session:
        assert {name: query(session) for name, query in KEPT.items()} == dict.fromkeys(KEPT, 13)


def test_a_query_that_forgets_its_organisation_is_refused(two: tuple[int, int]) -> None:
    for name, query in FORGETS.items():
        try:
            with transaction(two[0]) as session:
                query(session, two[1])
        except ForgotOrganisation as refusal:
            assert "sees one organisation only" in str(refusal)
        else:
            pytest.fail(f"{name} reaches every organisation")
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 26


def test_nothing_of_another_is_found_changed_or_deleted(two: tuple[int, int]) -> None:
    linde, oak = two
    with reading(oak) as session:
        person = session.scalars(select(Person)).first()
        assert person is not None
    with transaction(linde) as session:
        assert session.get(Person, person.id) is None
        session.execute(update(Person).where(Person.id == person.id).values(name="changed"))
        session.execute(delete(TeamLead))
    with reading(oak) as session:
        assert session.get_one(Person, person.id).name == person.name
        assert session.scalar(select(func.count(TeamLead.id))) == 2
    with pytest.raises(PermissionError), transaction(linde) as session:
        session.add(TeamLead(organisation_id=oak, team_id=1, person_id=person.id))


def test_every_table_of_an_organisation_says_whose_its_rows_are() -> None:
    """A class with an organisation_id that is not Owned would slip through every scoped session."""
    mappers = [*People.registry.mappers, *Ledger.registry.mappers]
    for mapper in mappers:
        assert ("organisation_id" in mapper.columns) == issubclass(mapper.class_, Owned), mapper.class_.__name__
        if not issubclass(mapper.class_, Owned):
            # The organisations themselves, and what Ruil knows of its own running: of nobody in particular.
            assert not mapper.local_table.foreign_keys, mapper.class_.__name__
            assert not {"email", "address", "person_id", "round_id"} & set(mapper.columns.keys())


def test_every_page_of_an_administrator_is_scoped() -> None:
    """Only the door itself, which finds out whose session it is, looks beyond one organisation."""
    unscoped = []
    for path in sorted(ADMIN.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Name) and call.func.id in {"reading", "transaction"} and not call.args:
                unscoped.append(path.name)
            assert not (isinstance(call.func, ast.Attribute) and call.func.attr == "connection"), path
            assert not (isinstance(call.func, ast.Name) and call.func.id == "glancing"), path
    assert set(unscoped) == {"door.py"}
