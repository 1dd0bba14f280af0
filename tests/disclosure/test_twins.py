"""Twin worlds on any tree: three answers stay possible, and nothing shown depends on an answer (science.md B4)."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.disclosure import structure
from benchmarks.disclosure.attack import Depth, attack_world
from benchmarks.disclosure.publishing import close_month, open_month
from benchmarks.disclosure.twins import fill, rerun
from benchmarks.disclosure.windows import Windows, coalition_size, least_possible, pooled_sums
from benchmarks.disclosure.worlds import Month, Person, World, questions_by_team, world
from pulse.results.rounding import publish

WINDOWS = Windows()


@st.composite
def months(draw: st.DrawFn) -> World:
    """One month of any tree, with leaders anywhere and any answers."""
    paths: list[str] = []
    for number in range(draw(st.integers(1, 9))):
        above = draw(st.sampled_from([None, *paths])) if number > 1 else None
        paths.append(f"{above} / {number}" if above else str(number))
    people = []
    for path in paths:
        for number in range(draw(st.integers(0, 12))):
            leads = draw(st.lists(st.sampled_from(paths), max_size=2, unique=True)) if number == 0 else []
            people.append(Person(f"{path} {number}", path, tuple(sorted(leads))))
    promised = frozenset(draw(st.lists(st.sampled_from(paths), max_size=2)))
    asked = {
        question
        for found in questions_by_team(tuple(paths), "2026-11", promised, "Zorg BV").values()
        for question in found
    }
    chance = Random(draw(st.integers(0, 2**32)))
    options = draw(st.sampled_from([(0,), (4,), (0, 4), (1, 2, 3), (0, 1, 2, 3, 4)]))
    response = draw(st.sampled_from([0.3, 0.8, 1.0]))
    answers = {
        question: {person.name: chance.choice(options) for person in people if chance.random() < response}
        for question in sorted(asked)
    }
    month = Month(0, "2026-11", tuple(paths), tuple(people), promised, answers)
    return World("Zorg BV", "varied", "any", draw(st.sampled_from([5, 8])), (month,))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(months(), st.integers(0, 2**32))
def test_any_month_of_any_tree_has_its_twins(found: World, seed: int) -> None:
    (month,) = found.months
    frozen, chance = open_month(found, month), Random(seed)
    rows = close_month(frozen, month.answers)
    figures = structure.counted(frozen, month.answers, rows)
    assert not list(structure.faults(frozen, month.answers, figures))
    assert not list(structure.managers_below(frozen, month))
    assert not list(structure.seen_through(frozen, month.answers, rows, chance))
    for figure in figures:
        assert least_possible(WINDOWS, figure.options, figure.row.value, found.minimum_group) >= 3
    twins = rerun(frozen, month.answers, figures, WINDOWS, chance, alone=3, more=1, most=60)
    assert twins.refused == 0
    assert twins.least >= 3


@given(st.randoms(use_true_random=False), st.integers(1, 30), st.data())
def test_a_filling_adds_up(chance: Random, people: int, data: st.DataObject) -> None:
    total = data.draw(st.integers(0, 4 * people))
    options = fill(chance, people, total)
    assert (len(options), sum(options)) == (people, total)
    assert set(options) <= {0, 1, 2, 3, 4}


@given(st.lists(st.integers(0, 4), min_size=5, max_size=9), st.integers(1, 3))
def test_every_coalition_is_counted_by_its_sum(options: list[int], largest: int) -> None:
    expected = {(size, sum(some)) for size in range(largest + 1) for some in combinations(options, size)}
    assert pooled_sums(options, largest) == expected


@pytest.mark.parametrize(
    ("respondents", "minimum_group", "expected"),
    [(5, 5, 1), (10, 5, 1), (11, 5, 2), (20, 5, 2), (21, 5, 3), (80, 5, 3), (8, 8, 2), (10, 8, 2), (21, 8, 3)],
)
def test_how_many_may_pool(respondents: int, minimum_group: int, expected: int) -> None:
    assert coalition_size(respondents, minimum_group) == expected


@pytest.mark.parametrize("minimum_group", [5, 8])
def test_every_size_of_block_leaves_three_whatever_is_answered(minimum_group: int) -> None:
    """Beyond the sizes enumerated by hand: every value, every coalition, up to a hundred people."""
    for size in range(minimum_group, 101):
        largest = coalition_size(size, minimum_group)
        values = {publish(total, size, minimum_group) for total in range(4 * size + 1)}
        for value in values:
            low, high = WINDOWS.of(size, minimum_group, value)
            for pooled in range(largest + 1):
                for known in range(4 * pooled + 1):
                    # Only what these people can have answered, given the figure.
                    if known <= high and known + 4 * (size - pooled) >= low:
                        assert len(WINDOWS.possible(size, minimum_group, value, pooled, known)) >= 3


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(0, 9))
def test_any_history_has_its_twin(seed: int, number: int) -> None:
    """Joiners, leavers, movers, splits and merges: four months, their export and all their stories."""
    report = attack_world(world(seed, number, months=4, largest=40), seed, WINDOWS, Depth(reruns=40))
    assert not report.breaches
    assert report.counts["histories re-run"] == 1


def test_months_are_lived_through() -> None:
    """The worlds do what they say: people come and go and move, teams part and become one."""
    seen: set[str] = set()
    for number in range(8):
        found = world(3, number).months
        for before, after in pairwise(found):
            seen |= _lived(before, after)
        seen |= {"leads two" for person in found[0].people if len(person.leads) > 1}
    assert seen == {"joined", "left", "moved", "a team more", "a team fewer", "leads two"}


def _lived(before: Month, after: Month) -> set[str]:
    old, new = ({person.name: person.team for person in month.people} for month in (before, after))
    facts = {
        "joined": new.keys() - old.keys(),
        "left": old.keys() - new.keys(),
        "moved": [name for name in old.keys() & new.keys() if old[name] != new[name]],
        "a team more": set(after.teams) - set(before.teams),
        "a team fewer": set(before.teams) - set(after.teams),
    }
    return {name for name, found in facts.items() if found}


def test_a_seed_is_a_world() -> None:
    assert world(3, 1, months=2) == world(3, 1, months=2)
    assert world(3, 1, months=2) != world(4, 1, months=2)
    assert {world(3, number, months=1).minimum_group for number in range(8)} == {5, 8}
