"""Whose figures a report shows: the team's own, those below it, or those one level up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pulse.results import PublishedFigure, node_value


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


class Lens:
    """Whose figures a report shows: the team's own, those below it, or those one level up."""

    def __init__(self, figures: Sequence[PublishedFigure], subject: Subject, round_id: int) -> None:
        self._blocks: dict[tuple[int, str], list[PublishedFigure]] = {}
        for figure in figures:
            self._blocks.setdefault((figure.round_id, figure.question), []).append(figure)
        self._subject = subject
        under = self._under(round_id, "B")
        inside = f"{subject.path} / "
        above = next(
            (
                found
                for found in self.all(round_id, "B")
                if any(path == subject.path or path.startswith(inside) for path in found.teams)
            ),
            None,
        )
        self.above = above.block if not under and above is not None else None
        if under:
            self.counted = "own" if [found.block for found in under] == [subject.path] else "below"
        else:
            self.counted = "above" if above is not None else "none"

    def all(self, round_id: int, question: str) -> list[PublishedFigure]:
        """Every block of the organisation."""
        return self._blocks.get((round_id, question), [])

    def figure(self, round_id: int, question: str) -> PublishedFigure | None:
        """The figure of one question in one round, None where it was not shown."""
        if self.above is not None:
            return next((found for found in self.all(round_id, question) if found.block == self.above), None)
        return together(self._under(round_id, question), self._subject.path)

    def promise_kept(self, round_id: int) -> PublishedFigure | None:
        """What exactly this team noticed of its promise; a wider group was promised other things."""
        path = self._subject.path
        return next((found for found in self.all(round_id, "F") if found.teams == (path,)), None)

    def _under(self, round_id: int, question: str) -> list[PublishedFigure]:
        path = self._subject.path
        return [
            found
            for found in self.all(round_id, question)
            if path in (self._subject.root, found.block) or found.block.startswith(f"{path} / ")
        ]


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
