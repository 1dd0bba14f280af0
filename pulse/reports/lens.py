"""Whose figures a report shows: the team's own, those below it, or those one level up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pulse.results import Estimate, PublishedFigure, node_value
from pulse.roster import RUIL_BLUE

LEAST_BLOCKS = 3
"""From here on the organisation's value is one to be held beside."""


@dataclass(frozen=True)
class Subject:
    """The team a report is about, as its round froze it."""

    organisation: str
    path: str
    name: str
    root: str
    closed_on: date
    minimum_group: int
    invited: int
    """People whose answer counts at this very team."""
    colour: str = RUIL_BLUE


@dataclass(frozen=True)
class NodeFigure(PublishedFigure):
    """A department's or organisation's value, made of its blocks, in the shape of one figure."""

    node_error: float = 0.0
    tail: str = ""

    @property
    def step(self) -> int:
        """A weighted mean is told in whole points."""
        return 1

    @property
    def error(self) -> float:
        """Of the weighted mean, not of one block as large."""
        return self.node_error

    @property
    def at_tail(self) -> str:
        """A tail only where every block lies at that same tail."""
        return self.tail


class Published:
    """An organisation's ledger, laid out to be looked up: a round has thousands of figures and reports."""

    def __init__(self, figures: Sequence[PublishedFigure]) -> None:
        self._blocks: dict[tuple[int, str], list[PublishedFigure]] = {}
        for figure in sorted(figures, key=lambda figure: figure.block):
            self._blocks.setdefault((figure.round_id, figure.question), []).append(figure)
        self._paths = {key: [figure.block for figure in blocks] for key, blocks in self._blocks.items()}
        self._wholes: dict[tuple[int, str], Estimate | None] = {}

    def all(self, round_id: int, question: str) -> list[PublishedFigure]:
        """Every block of one question in one round, by path."""
        return self._blocks.get((round_id, question), [])

    def inside(self, round_id: int, question: str, path: str) -> list[PublishedFigure]:
        """The blocks of a node and of those below it."""
        blocks, paths = self.all(round_id, question), self._paths.get((round_id, question), [])
        own = bisect_left(paths, path)
        first, last = (bisect_left(paths, f"{path} / {end}") for end in ("", "\U0010ffff"))
        return [found for found in blocks[own : own + 1] if found.block == path] + blocks[first:last]

    def whole(self, round_id: int, question: str) -> Estimate | None:
        """The organisation's value; None while too few groups make one up."""
        key = (round_id, question)
        if key not in self._wholes:
            blocks = self.all(round_id, question)
            self._wholes[key] = node_value(blocks) if len(blocks) >= LEAST_BLOCKS else None
        return self._wholes[key]


class Lens:
    """Whose figures a report shows: the team's own, those below it, or those one level up."""

    def __init__(self, published: Published, subject: Subject, round_id: int) -> None:
        self.published = published
        self._subject = subject
        under = self._under(round_id, "B")
        inside = f"{subject.path} / "
        wider = (
            found.block
            for found in published.all(round_id, "B")
            if any(path == subject.path or path.startswith(inside) for path in found.teams)
        )
        self.above = None if under else next(wider, None)
        if under:
            self.counted = "own" if [found.block for found in under] == [subject.path] else "below"
        else:
            self.counted = "above" if self.above is not None else "none"

    def figure(self, round_id: int, question: str) -> PublishedFigure | None:
        """The figure of one question in one round, None where it was not shown."""
        if self.above is not None:
            blocks = self.published.inside(round_id, question, self.above)
            return blocks[0] if blocks and blocks[0].block == self.above else None
        return together(self._under(round_id, question), self._subject.path)

    def promise_kept(self, round_id: int) -> PublishedFigure | None:
        """What exactly this team noticed of its promise; a wider group was promised other things."""
        path = self._subject.path
        own = self.published.inside(round_id, "F", path)
        return next((found for found in own if found.teams == (path,)), None)

    def _under(self, round_id: int, question: str) -> list[PublishedFigure]:
        if self._subject.path == self._subject.root:
            return self.published.all(round_id, question)
        return self.published.inside(round_id, question, self._subject.path)


def together(blocks: Sequence[PublishedFigure], path: str) -> PublishedFigure | None:
    """One block as it is; several as the value of the node above them."""
    if len(blocks) < 2:
        return blocks[0] if blocks else None
    estimate = node_value(blocks)
    assert estimate is not None
    tails = {found.at_tail for found in blocks}
    first = blocks[0]
    return NodeFigure(
        organisation_id=first.organisation_id,
        round_id=first.round_id,
        period=first.period,
        question=first.question,
        block=path,
        label=path,
        teams=tuple(sorted({team for found in blocks for team in found.teams})),
        value=round(estimate.value),
        shown=str(round(estimate.value)),
        respondents=sum(found.respondents for found in blocks),
        invited=sum(found.invited for found in blocks),
        minimum_group=first.minimum_group,
        node_error=estimate.error,
        tail=tails.pop() if len(tails) == 1 else "",
    )
