"""Numbered migrations, run by `flask db upgrade`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from pulse.database.engine import engine


def configuration() -> Config:
    """Alembic's configuration; the address comes from the settings, not from a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    return made


def upgrade(revision: str = "head") -> str:
    """Bring the database up to `revision`; returns where it is now."""
    command.upgrade(configuration(), revision)
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or "none"


def downgrade(revision: str) -> None:
    """Take the database back to `revision`, or to `base`."""
    command.downgrade(configuration(), revision)
