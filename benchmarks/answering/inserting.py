"""The limit: a bare loop of one durable INSERT after the other, on the same database and in the same mode."""

from __future__ import annotations

import secrets
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from pulse.database import engine

TABLE = """
    CREATE TABLE IF NOT EXISTS bare (
        id {key}, invitation_id integer, question text, visit text, evidence integer,
        circumstances {bytes}, sealed {bytes}
    )"""
COLUMNS = "(invitation_id, question, visit, evidence, circumstances, sealed)"


def best_rate(seconds: float = 2.0) -> tuple[float, int]:
    """Rows a second with the best number of connections, and that number."""
    counts = (1, 2, 4) if engine().dialect.name == "sqlite" else (1, 4, 8, 16)
    return max((_rate(connections, seconds), connections) for connections in counts)


def _rate(connections: int, seconds: float) -> float:
    lite = engine().dialect.name == "sqlite"
    connect = _sqlite if lite else _postgres
    first = connect()
    kinds = ("integer primary key", "blob") if lite else ("bigserial primary key", "bytea")
    first.execute(TABLE.format(key=kinds[0], bytes=kinds[1]))
    first.close()
    sign = "?" if lite else "%s"
    statement = f"INSERT INTO bare {COLUMNS} VALUES ({', '.join([sign] * 6)})"
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(lambda _: _insert(connect(), statement, until), range(connections))) / seconds


def _insert(connection: Any, statement: str, until: float) -> int:
    row = (7, "B", "0123456789abcdef", 4, secrets.token_bytes(61), secrets.token_bytes(64))
    done = 0
    while time.monotonic() < until:
        connection.execute(statement, row)
        done += 1
    connection.close()
    return done


def _sqlite() -> sqlite3.Connection:
    opened = sqlite3.connect(engine().url.database or "", isolation_level=None, check_same_thread=False, timeout=30)
    with engine().connect() as known:
        journal, durable = (
            known.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        )
    opened.execute(f"PRAGMA journal_mode={journal}")
    opened.execute(f"PRAGMA synchronous={durable}")
    return opened


def _postgres() -> psycopg.Connection[Any]:
    address = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)
