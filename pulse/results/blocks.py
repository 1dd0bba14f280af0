"""One answer, one figure: a round's answers cut into disjoint blocks on the tree of teams. (pure)

science.md B5. Small teams are counted one level up; the cut depends on who answered, never on what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """What one node of the frozen tree brings to one question."""

    path: str
    parent: str | None
    """None at the root."""
    invited: int
    """How many people who count here were asked this question."""
    answers: tuple[int, ...]
    """The options 0 to 4 of those who answered."""


@dataclass(frozen=True)
class Block:
    """At least k respondents who get one figure together."""

    path: str
    """The node whose rest this is."""
    label: str
    nodes: tuple[str, ...]
    """The nodes whose people are counted in it, in path order; where nobody was asked, nobody is."""
    invited: int
    respondents: int
    total: int
    """The sum of the answers."""


@dataclass
class _Rest:
    nodes: list[Node]

    @property
    def respondents(self) -> int:
        return sum(len(node.answers) for node in self.nodes)


def cut(nodes: Mapping[str, Node], minimum_group: int) -> list[Block]:
    """The blocks of one question, in path order. Without a single block nothing is published."""
    children: dict[str | None, list[str]] = {}
    for path in sorted(nodes):
        children.setdefault(nodes[path].parent, []).append(path)
    blocks: dict[str, list[Node]] = {}
    parted: set[str] = set()
    """Nodes under which some block stands on its own: what is left there is a rest."""

    def rest(path: str) -> list[Node]:
        found = [nodes[path]]
        for child in children.get(path, []):
            found += rest(child)
            if child in blocks or child in parted:
                parted.add(path)
        if _Rest(found).respondents >= minimum_group:
            blocks[path] = found
            return []
        return found

    roots = children.get(None, [])
    if len(roots) != 1:
        raise ValueError("The tree of a round has exactly one root.")
    left = rest(roots[0])
    labels = {path: f"rest of {path}" if path in parted else path for path in blocks}
    if _Rest(left).respondents and blocks:
        smallest = min(blocks, key=lambda path: (_Rest(blocks[path]).respondents, path))
        blocks[smallest] = blocks[smallest] + left
        labels[smallest] += " and others"
    return [_block(path, labels[path], blocks[path]) for path in sorted(blocks)]


def _block(path: str, label: str, nodes: list[Node]) -> Block:
    return Block(
        path=path,
        label=label,
        nodes=tuple(sorted(node.path for node in nodes if node.invited)),
        invited=sum(node.invited for node in nodes),
        respondents=sum(len(node.answers) for node in nodes),
        total=sum(sum(node.answers) for node in nodes),
    )
