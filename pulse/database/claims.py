"""A row is the queue: claim due rows with a lease, and prove the claim with every later step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Table, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from pulse.database.mapping import Claimable

Row = TypeVar("Row", bound=Claimable)


def claim(
    session: Session,
    table: type[Row],
    due: ColumnElement[bool],
    *,
    order_by: InstrumentedAttribute[Any],
    limit: int,
    lease: timedelta,
    now: datetime,
) -> list[Row]:
    """Up to `limit` due rows, now in state `claimed`, each with one more attempt and a lease.

    PostgreSQL skips rows that another worker holds; SQLite's transaction already holds the
    write lock. Every later step of a claim goes through `step`, which proves the attempt.
    """
    rows = session.scalars(
        select(table).where(due).order_by(order_by).limit(limit).with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.state = "claimed"
        row.attempt += 1
        row.lease_until = now + lease
    session.flush()
    return list(rows)


def step(
    session: Session | Connection, table: type[Row], row_id: object, attempt: int, *, holding: str, **values: Any
) -> bool:
    """Change a claimed row, if this attempt still holds it in state `holding`; False if it was lost.

    The fence: a worker that slept past its lease finds another attempt number and stops.
    """
    rows = cast(Table, table.__table__)  # type: ignore[attr-defined]  # every class that is claimed is a mapped one
    result = session.execute(
        update(rows).where(rows.c.id == row_id, rows.c.attempt == attempt, rows.c.state == holding).values(**values)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def lapsed(table: type[Row], state: str, now: datetime) -> ColumnElement[bool]:
    """Rows in `state` whose lease has run out: their worker is gone."""
    return (table.state == state) & or_(table.lease_until.is_(None), table.lease_until < now)
