"""Plain SQL for the few queries that every opened link and every answer waits for.

Building a query from objects costs more than running it; these are fixed, short, and read at sight.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from pulse.database.engine import reader


@contextmanager
def glancing() -> Iterator[Connection]:
    """A connection that only reads, for one short look; the database itself refuses a write."""
    with reader().connect() as connection:
        yield connection


def rows(connection: Connection, statement: str, values: Sequence[object]) -> Sequence[tuple[Any, ...]]:
    """Run one statement; `?` stands for a value, and `(??)` for all of them in brackets. Raises DBAPIError."""
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement.replace("(??)", f"({', '.join(['?'] * len(values))})").replace("?", sign), values)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error
    finally:
        cursor.close()


def instant(value: datetime | str) -> datetime:
    """An instant as either database hands it over."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC)


def document(value: Any) -> Any:
    """A JSON value as either database hands it over."""
    return json.loads(value) if isinstance(value, str) else value
