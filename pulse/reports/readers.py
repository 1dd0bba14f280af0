"""Who reads which reports of a round, as its opening froze it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.results import Figure
from pulse.rounds import Round, RoundLead, RoundTeam

MOST_BELOW = 60
"""Teams in the one file of those below a manager; the nearest go first, the overview shows them all."""
WORTH_AN_OVERVIEW = 3
"""Teams below a manager from which on an overview of the branch says more than their pages alone."""


@dataclass(frozen=True)
class Readers:
    """Who reads which reports of a round."""

    root: str
    leads: tuple[tuple[str, int], ...]
    """Team path and person."""
    worth: frozenset[str]
    """Teams that have a report: somebody leads them, or a figure is published under their name."""

    def teams(self, team_path: str, person_id: int) -> list[str]:
        """The manager's own team first, then those below it, nearest first.

        A team below that this manager also leads comes, with what is below it, in files of its own.
        """
        below = self._inside(team_path, self.worth)
        own = {path for path, person in self.leads if person == person_id}
        for led in self._inside(team_path, own):
            below -= {led, *self._inside(led, below)}
        return [team_path, *sorted(below, key=lambda path: (path.count(" / "), path))]

    def in_one_file(self, team_path: str, person_id: int) -> list[str]:
        """The teams whose pages go with the manager's own in one file, in the order of the tree."""
        return sorted(self.teams(team_path, person_id)[1 : MOST_BELOW + 1])

    def _inside(self, node: str, paths: Iterable[str]) -> set[str]:
        """Those of `paths` that lie below a node."""
        return {path for path in paths if path != node and (node == self.root or path.startswith(f"{node} / "))}


def readers(session: Session, asked: Round) -> Readers:
    """The readers of a round."""
    leads = session.execute(select(RoundLead.team_path, RoundLead.person_id).where(RoundLead.round_id == asked.id))
    paths = set(session.scalars(select(RoundTeam.path).where(RoundTeam.round_id == asked.id)))
    blocks = set(session.scalars(select(Figure.block).where(Figure.round_id == asked.id, Figure.question == "B")))
    led = tuple((path, person) for path, person in leads)
    return Readers(asked.root_path, led, frozenset(paths & (blocks | {path for path, _ in led})))
