"""Migrations: up, down, with data, and the same tables as the code knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from pulse.database import Ledger, People, engine
from pulse.database.migrations import configuration, downgrade, upgrade
from tests import factories


def test_head_equals_the_code(database: str) -> None:
    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [People.metadata, Ledger.metadata]) == []


def test_up_down_and_up_again_with_data(database: str) -> None:
    factories.open_round(factories.organisation())
    downgrade("base")
    assert set(inspect(engine()).get_table_names()) <= {"alembic_version"}
    assert upgrade() == ScriptDirectory.from_config(configuration()).get_current_head()
    factories.organisation()
