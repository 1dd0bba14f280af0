"""Where each person's answer counts: a tree with one root. (pure)

Members count at their own team. A manager counts one level above every team they lead, so that
their own answer is not in that team's figure (science.md B5). It can be in a figure they read where
there is no level above, or where a team is too small and its report shows the group that joins it;
there the manager is one of those whose own answer the rounding allows for (B4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PARTED = " / "


@dataclass(frozen=True)
class Tree:
    """The counting tree: each node's parent, None at the root."""

    root: str
    parents: dict[str, str | None]

    def line(self, path: str) -> list[str]:
        """The node and all above it, up to the root."""
        nodes = [path]
        while (parent := self.parents[nodes[-1]]) is not None:
            nodes.append(parent)
        return nodes


def tree_of(paths: Iterable[str], organisation: str) -> Tree:
    """The tree of these team paths; several top teams hang under the organisation itself."""
    every: set[str] = set()
    for path in paths:
        names = path.split(PARTED)
        every.update(PARTED.join(names[: length + 1]) for length in range(len(names)))
    tops = [path for path in every if PARTED not in path]
    root = tops[0] if len(tops) == 1 else organisation
    parents: dict[str, str | None] = {root: None}
    for path in sorted(every - {root}):
        parents[path] = path.rsplit(PARTED, 1)[0] if PARTED in path else root
    return Tree(root, parents)


def counting_node(tree: Tree, team: str, leads: Iterable[str]) -> str:
    """The node at which someone in `team` who leads `leads` counts; the root's manager at the root."""
    led = sorted(set(leads))
    if not led:
        return team
    lines = [tree.line(path) for path in led]
    shared = [node for node in lines[0] if all(node in line for line in lines[1:])]
    return next((node for node in shared if node not in led), tree.root)
