"""The ledger: figures are written once, at the close, and read ever after."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from pulse.results.blocks import Block
from pulse.results.indices import PublishedFigure
from pulse.results.rounding import publish, shown
from pulse.results.tables import Figure
from pulse.roster import Organisation
from pulse.rounds import Round


class LedgerIsWrittenOnce(Exception):
    """Somebody tried to change or delete a published figure."""


@event.listens_for(Figure, "before_update")
@event.listens_for(Figure, "before_delete")
def _refuse(_mapper: Mapper[Figure], _connection: Connection, figure: Figure) -> None:
    raise LedgerIsWrittenOnce(f"Figure {figure.id} is published; it can be neither changed nor deleted.")


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(state: ORMExecuteState) -> None:
    # By name: SQLAlchemy hands over an annotated copy of the table, never the table itself.
    table = getattr(getattr(state.statement, "table", None), "name", None)
    if (state.is_update or state.is_delete) and table == Figure.__tablename__:
        raise LedgerIsWrittenOnce("Figures are published; they can be neither changed nor deleted.")


def write(session: Session, asked: Round, blocks: Mapping[str, list[Block]], now: datetime) -> int:
    """Publish a round's blocks, by question; returns how many figures were written."""
    written = 0
    for question, found in blocks.items():
        for block in found:
            value = publish(block.total, block.respondents, asked.minimum_group)
            session.add(
                Figure(
                    organisation_id=asked.organisation_id,
                    round_id=asked.id,
                    period=asked.period,
                    question=question,
                    block=block.path,
                    label=block.label,
                    teams=list(block.nodes),
                    value=value,
                    shown=shown(value, block.respondents, asked.minimum_group),
                    respondents=block.respondents,
                    invited=block.invited,
                    minimum_group=asked.minimum_group,
                    published_at=now,
                )
            )
            written += 1
    return written


def figures_of(session: Session, organisation_id: int, rounds: Collection[int] | None = None) -> list[PublishedFigure]:
    """What was published for an organisation, ever or in these rounds, oldest period first."""
    # Plain columns: a year of a large organisation is tens of thousands of rows.
    wanted = select(*(getattr(Figure, field.name) for field in fields(PublishedFigure))).where(
        Figure.organisation_id == organisation_id
    )
    if rounds is not None:
        wanted = wanted.where(Figure.round_id.in_(rounds))
    rows = session.execute(wanted.order_by(Figure.period, Figure.round_id, Figure.question, Figure.block))
    return [PublishedFigure(**row | {"teams": tuple(row["teams"])}) for row in map(dict, rows.mappings())]


def export_lines(session: Session, organisation_id: int | None, round_id: int | None) -> Iterator[dict[str, Any]]:
    """One plain dictionary a figure, as `flask export figures` prints it."""
    names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
    query = select(Figure).order_by(Figure.period, Figure.round_id, Figure.question, Figure.block)
    if organisation_id is not None:
        query = query.where(Figure.organisation_id == organisation_id)
    if round_id is not None:
        query = query.where(Figure.round_id == round_id)
    for row in session.scalars(query):
        yield {
            "organisation": names[row.organisation_id],
            "block": row.label,
            "teams": row.teams,
            "round": row.round_id,
            "period": row.period,
            "question": row.question,
            "value": row.value,
            "shown": row.shown,
            "respondents": row.respondents,
            "invited": row.invited,
        }
