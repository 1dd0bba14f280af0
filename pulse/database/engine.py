"""The engine, and every difference between SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite

from config import settings

FIXED_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases without the WAL-reset bug (sqlite.org/wal.html#the_wal_reset_bug)."""


@lru_cache(maxsize=1)
def engine() -> Engine:
    """This process's engine; made at first use."""
    url = settings().database_url
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"options": "-c statement_timeout=900000 -c timezone=UTC"},
    )


@lru_cache(maxsize=1)
def reader() -> Engine:
    """An engine whose connections cannot write: the database itself refuses."""
    url = settings().database_url
    if url.startswith("sqlite"):
        return _sqlite(url, read_only=True)
    return engine().execution_options(postgresql_readonly=True)


def forget_engine() -> None:
    """Drop the engines, as a child process must after a fork, or a test before another database."""
    for made in (engine, reader):
        if made.cache_info().currsize:
            made().dispose(close=False)
        made.cache_clear()


def insert_into(connection: Connection, table: type[Any]) -> postgresql.Insert:
    """An INSERT that can say what to do where the row is there already (`on_conflict_…`), on either database."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # SQLite's takes the same words.
    return cast(postgresql.Insert, insert(table))


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite may run in WAL mode with several processes.

    >>> wal_is_safe((3, 40, 1)), wal_is_safe((3, 50, 7)), wal_is_safe((3, 53, 4))
    (False, True, True)
    """
    if version >= FIXED_WAL[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED_WAL[1:])


def _sqlite(url: str, *, read_only: bool = False) -> Engine:
    made = create_engine(url, connect_args={"timeout": 30})
    if made.url.database:
        Path(made.url.database).parent.mkdir(parents=True, exist_ok=True)
    journal = ("WAL", "FULL") if wal_is_safe(sqlite3.sqlite_version_info) else ("TRUNCATE", "EXTRA")

    @event.listens_for(made, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        # Transactions are begun by hand below: a write must take its lock at once.
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=30000")
        connection.execute(f"PRAGMA journal_mode={journal[0]}")
        connection.execute(f"PRAGMA synchronous={journal[1]}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA query_only={int(read_only)}")

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        if read_only:
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_to_write(connection)

    return made


def _begin_to_write(connection: Connection) -> None:
    """Take SQLite's one lock for writing, asking for it each millisecond.

    SQLite's own wait sleeps up to a tenth of a second between two tries: whoever writes again and again, as a
    sender of mail does, would keep everybody else out for seconds.
    """
    own: Any = connection.connection.dbapi_connection
    patience = own.execute("PRAGMA busy_timeout").fetchone()[0]
    until = time.monotonic() + patience / 1_000
    own.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                own.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(0.001)
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        own.execute(f"PRAGMA busy_timeout={patience}")
