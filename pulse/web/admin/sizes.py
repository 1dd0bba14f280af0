"""Which teams are too small for a figure of their own, before anybody is asked (science.md B5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.roster import Person, Team, TeamLead
from pulse.rounds import counting_node, tree_of

MINIMUM_GROUP: Final = 5


def too_small(session: Session, organisation: str) -> set[str]:
    """Paths of teams that would pass their answers one level up even if everybody answered."""
    paths = dict(session.execute(select(Team.id, Team.path)).all())
    leads: dict[int, set[str]] = defaultdict(set)
    for person_id, team_id in session.execute(select(TeamLead.person_id, TeamLead.team_id)):
        leads[person_id].add(paths[team_id])
    tree = tree_of(paths.values(), organisation)
    waiting: Counter[str] = Counter()
    for person_id, team_id in session.execute(select(Person.id, Person.team_id).where(Person.left_at.is_(None))):
        waiting[counting_node(tree, paths[team_id], leads.get(person_id, ()))] += 1
    small = set()
    for path in sorted(tree.parents, key=lambda node: len(tree.line(node)), reverse=True):
        parent = tree.parents[path]
        if parent is not None and waiting[path] < MINIMUM_GROUP:
            waiting[parent] += waiting[path]
            if waiting[path]:
                small.add(path)
    return small
