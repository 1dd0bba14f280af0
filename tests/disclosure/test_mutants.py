"""The harness is not blind: our own code, broken on purpose, turns it red (science.md B6.6)."""

from __future__ import annotations

import pytest

from benchmarks.disclosure.mutants import MUTANTS, applied, attack_mutant
from benchmarks.disclosure.worlds import world
from pulse.results import blocks, ledger, rounding
from pulse.rounds import counting

SEED = 7
WORLDS = [world(SEED, number, months=3, largest=60) for number in range(4)]
CATCHES = {
    "k − 1": {"structure", "support"},
    "tail one step narrower": {"values"},
    "manager in own team": {"managers"},
    "raw means at parents": {"structure", "support", "twins", "history"},
    "a second figure": {"structure", "twins", "history"},
    "exact points": {"values", "twins", "solver"},
    "unanimous groups hidden": {"blindness", "structure"},
}
"""The least that must see each; more may."""


def test_every_mutant_has_its_checks() -> None:
    assert CATCHES.keys() == MUTANTS.keys()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str) -> None:
    assert set(attack_mutant(name, WORLDS, SEED).caught_by()) >= CATCHES[name]


@pytest.mark.parametrize("name", MUTANTS)
def test_the_code_is_whole_again_afterwards(name: str) -> None:
    before = blocks.cut, blocks._block, rounding.grain, rounding.publish, ledger.write, counting.counting_node
    with applied(name):
        pass
    assert before == (
        blocks.cut,
        blocks._block,
        rounding.grain,
        rounding.publish,
        ledger.write,
        counting.counting_node,
    )
