"""Ruil's own code, broken on purpose in memory: each mutant must turn the harness red (science.md B6.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from benchmarks.disclosure.attack import Depth, Report, attack_world
from benchmarks.disclosure.publishing import Sheet
from benchmarks.disclosure.windows import Windows
from benchmarks.disclosure.worlds import World
from pulse.results import blocks, indices, ledger, rounding
from pulse.results.blocks import Block, Node
from pulse.results.rounding import Grain
from pulse.rounds import counting
from pulse.rounds.counting import Tree

Patches = list[tuple[Any, str, Callable[..., Any]]]
"""Module, name, what stands there instead."""


@dataclass(frozen=True)
class Shared(Block):
    """A block that still knows how many of its people stand in the minus."""

    below: int = 0


def one_too_few() -> Patches:
    """k − 1."""
    cut, grain = blocks.cut, rounding.grain

    def tolerant(size: int, minimum_group: int = 5) -> Grain:
        return grain(max(size, minimum_group), minimum_group)

    return [
        (blocks, "cut", lambda nodes, minimum_group: cut(nodes, minimum_group - 1)),
        (rounding, "grain", tolerant),
        (indices, "grain", tolerant),
    ]


def narrow_tail() -> Patches:
    """Tails one step narrower."""
    grain = rounding.grain

    def narrow(size: int, minimum_group: int = 5) -> Grain:
        found = grain(size, minimum_group)
        return Grain(found.step, found.tail - found.step)

    return [(rounding, "grain", narrow)]


def manager_in_own_team() -> Patches:
    """A manager counts in the team they lead."""

    def own(_tree: Tree, team: str, leads: Iterable[str]) -> str:
        return min(leads, default=team)

    return [(counting, "counting_node", own)]


def raw_means_at_parents() -> Patches:
    """Parents publish the mean of all answers below them."""
    cut = blocks.cut

    def cut_and_add(nodes: Mapping[str, Node], minimum_group: int) -> list[Block]:
        found = cut(nodes, minimum_group)
        for path in sorted({node.parent for node in nodes.values() if node.parent}):
            below = [node for node in nodes.values() if path in _line(nodes, node.path)]
            whole = blocks._block(f"{path} (all)", f"{path} (all)", below)
            if whole.respondents >= minimum_group:
                found.append(whole)
        return found

    return [(blocks, "cut", cut_and_add)]


def _line(nodes: Mapping[str, Node], path: str | None) -> Iterator[str]:
    while path is not None:
        yield path
        path = nodes[path].parent


def second_figure() -> Patches:
    """Beside the mean, the share in the minus in three bands."""
    block, write = blocks._block, ledger.write

    def remembering(path: str, label: str, nodes: list[Node]) -> Block:
        below = sum(option < 2 for node in nodes for option in node.answers)
        return Shared(**vars(block(path, label, nodes)), below=below)

    def write_twice(session: Any, asked: Any, found: Mapping[str, list[Any]], now: Any) -> int:
        write(session, asked, found, now)
        for question, shared in found.items():
            for one in shared:
                sheet = Sheet()
                write(sheet, asked, {question: [replace(one, path=f"{one.path} (minus)")]}, now)  # type: ignore[arg-type]
                sheet.rows[0].value = 3 * one.below // (one.respondents + 1) * 50
                session.add(sheet.rows[0])
        return 0

    return [(blocks, "_block", remembering), (ledger, "write", write_twice)]


def exact_points() -> Patches:
    """Means in whole points, without tails."""

    def exact(total: int, size: int, _minimum_group: int = 5) -> int:
        return round(25 * total / size)

    return [(rounding, "publish", exact), (ledger, "publish", exact)]


def unanimous_hidden() -> Patches:
    """Groups that all answered alike are hidden: a refusal that tells what was answered."""
    cut = blocks.cut
    return [(blocks, "cut", lambda *facts: [one for one in cut(*facts) if 0 < one.total < 4 * one.respondents])]


MUTANTS: dict[str, Callable[[], Patches]] = {
    "k − 1": one_too_few,
    "tail one step narrower": narrow_tail,
    "manager in own team": manager_in_own_team,
    "raw means at parents": raw_means_at_parents,
    "a second figure": second_figure,
    "exact points": exact_points,
    "unanimous groups hidden": unanimous_hidden,
}


@contextmanager
def applied(name: str) -> Iterator[None]:
    """The code with this mutant in it, for as long as the block lasts."""
    found = [patch.object(module, attribute, instead) for module, attribute, instead in MUTANTS[name]()]
    for one in found:
        one.start()
    try:
        yield
    finally:
        for one in found:
            one.stop()


def attack_mutant(name: str, worlds: Iterable[World], seed: int, reruns: int = 60) -> Report:
    """What the harness says of a mutant."""
    report = Report()
    depth = Depth(reruns=reruns, solver_months=1, useful=False)
    with applied(name):
        windows = Windows()
        for found in worlds:
            report.take(attack_world(found, seed, windows, depth))
    return report
