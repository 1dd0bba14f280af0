"""One answer, one figure: a round's answers cut into disjoint blocks on the tree of teams. (pure)

science.md B5; what is left at the top is placed by docs/decisions/0004. Small teams are counted one
level up; the cut depends on who answered, never on what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    not_reached: int = 0
    """How many of the invited were asked in vain: their mail came back."""


@dataclass(frozen=True)
class Block:
    """At least k respondents who get one figure together."""

    path: str
    """The node whose rest this is."""
    label: str
    nodes: tuple[str, ...]
    """The nodes whose people are counted in it, in path order; where nobody was asked, nobody is."""
    invited: int
    """Whom a mail reached, by delivery alone; never fewer than the respondents, whose number stands beside it."""
    respondents: int
    total: int
    """The sum of the answers."""


def cut(nodes: Mapping[str, Node], minimum_group: int) -> list[Block]:
    """The blocks of one question, in path order. Without a single block nothing is published."""
    children: dict[str | None, list[str]] = {}
    for path in sorted(nodes):
        children.setdefault(nodes[path].parent, []).append(path)
    blocks: dict[str, list[Node]] = {}
    """The node itself first, then who was counted along with it from below."""
    parted: set[str] = set()
    """Nodes under which some block stands on its own: what is left there is a rest."""

    def rest(path: str) -> list[Node]:
        found = [nodes[path]]
        for child in children.get(path, []):
            found += rest(child)
            if child in blocks or child in parted:
                parted.add(path)
        if _answered(found) >= minimum_group:
            blocks[path] = found
            return []
        return found

    roots = children.get(None, [])
    if len(roots) != 1:
        raise ValueError("The tree of a round has exactly one root.")
    left = rest(roots[0])
    labels = {path: f"rest of {path}" if path in parted else path for path in blocks}
    if _answered(left) and blocks:
        joined = _place(left, blocks, roots[0], minimum_group)
        labels[joined] = f"{labels[joined]} and others" if joined in labels else f"rest of {joined}"
    return [_block(path, labels[path], blocks[path]) for path in sorted(blocks)]


def _place(left: list[Node], blocks: dict[str, list[Node]], root: str, minimum_group: int) -> str:
    """Find the few who are left at the top a group, sparing every team that has a figure of its own.

    They join the smallest group that is no team's own. Where there is none, those who were counted along
    with some team come up to them, from the team with most of them first. Only where even all of these
    together are too few does the smallest team share its figure: then no cut could spare every team
    (docs/decisions/0004). Returns the path of the group; ties go by path.
    """
    mixed = [path for path, found in blocks.items() if _answered(found[:1]) < minimum_group]
    if not mixed:
        gathered, givers = list(left), []
        for path in sorted(blocks, key=lambda path: (-_answered(blocks[path][1:]), path)):
            if _answered(gathered) < minimum_group:
                gathered += blocks[path][1:]
                givers.append(path)
        if _answered(gathered) >= minimum_group:
            for path in givers:
                del blocks[path][1:]
            blocks[root] = gathered
            return root
    joined = min(mixed or blocks, key=lambda path: (_answered(blocks[path]), path))
    blocks[joined] += left
    return joined


def _answered(nodes: Iterable[Node]) -> int:
    return sum(len(node.answers) for node in nodes)


def _block(path: str, label: str, nodes: list[Node]) -> Block:
    return Block(
        path=path,
        label=label,
        nodes=tuple(sorted(node.path for node in nodes if node.invited)),
        invited=max(sum(node.invited - node.not_reached for node in nodes), _answered(nodes)),
        respondents=_answered(nodes),
        total=sum(sum(node.answers) for node in nodes),
    )
