"""Everything that is told besides the figures themselves: each team's story, as its report tells it (science.md A3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from benchmarks.disclosure.publishing import Frozen, published
from pulse.reports.facts import story_of
from pulse.reports.lens import Lens, Published, Subject

CLOSED_ON = date(2027, 1, 9)


def subject_of(frozen: Frozen, path: str) -> Subject:
    """What a report knows of its team besides the ledger: the roster's facts, no answer."""
    root = next(node for node, parent in frozen.parents.items() if parent is None)
    return Subject(
        organisation=frozen.organisation,
        path=path,
        name=path.rsplit(" / ", 1)[-1],
        root=root,
        closed_on=CLOSED_ON,
        minimum_group=frozen.minimum_group,
        invited=frozen.invited.get(path, 0),
    )


def stories(rounds: Sequence[Frozen], rows: Sequence[Any]) -> str:
    """The stories of all teams of the last round, in full."""
    figures = Published(published(rows))
    periods = [(frozen.id, frozen.period) for frozen in rounds]
    last = rounds[-1]
    return "\n".join(
        repr(story_of(figures, periods, subject_of(last, path), [], None)) for path in sorted(last.parents)
    )


def teams_told(frozen: Frozen, rows: Sequence[Any], path: str) -> set[str]:
    """The nodes whose people are in the balance that this team's report shows."""
    lens = Lens(Published(published(rows)), subject_of(frozen, path), frozen.id)
    figure = lens.figure(frozen.id, "B")
    return set(figure.teams) if figure is not None else set()
