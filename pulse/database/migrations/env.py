"""Runs migrations on this process's engine, each in a transaction."""

from __future__ import annotations

import importlib

from alembic import context

from pulse.database import Ledger, People, engine

ROOMS = ("roster", "accounts", "calendar", "schedule", "rounds", "giveback", "mail", "answers", "results", "reports")
for room in ROOMS:
    importlib.import_module(f"pulse.{room}.tables")

with engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=[People.metadata, Ledger.metadata],
        user_module_prefix="",
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
