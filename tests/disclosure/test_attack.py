"""The attack breaks the usual rules and finds nothing in ours (science.md B6)."""

from __future__ import annotations

import itertools
from argparse import Namespace

import pytest

from benchmarks.disclosure.attack import Depth, Report, attack_world, of_the_design
from benchmarks.disclosure.naive import RULES, STRICT, USUAL, Rule, publish_naively
from benchmarks.disclosure.publishing import close_month, export, open_month, respondents
from benchmarks.disclosure.readings import Reading, groups_of, read_export
from benchmarks.disclosure.solving import FitsNothing, attack, perturbed_counts, possible
from benchmarks.disclosure.support import smallest_support
from benchmarks.disclosure.table import control_breaches, print_table, usefulness_breaches
from benchmarks.disclosure.windows import Windows
from benchmarks.disclosure.worlds import Month, Person, world

SEED = 20261124
WORLDS = [world(SEED, number, months=3, largest=70) for number in range(8)]


@pytest.fixture(scope="module")
def report() -> Report:
    found, windows = Report(), Windows()
    for one in WORLDS:
        found.take(attack_world(one, SEED, windows, Depth(reruns=120, solver_months=2)))
    return found


def test_nothing_promised_is_broken(report: Report) -> None:
    assert not report.breaches


def test_at_least_three_answers_stay_possible(report: Report) -> None:
    assert report.least["values, enumerated"] >= 3
    assert report.least["values, re-run"] >= 3
    assert report.least["values, solver"] >= 3
    assert report.counts["cases re-run"] > 10_000


def test_no_combination_describes_fewer_than_five(report: Report) -> None:
    assert report.least["people in a combination"] >= 5


def test_every_answer_counts_once(report: Report) -> None:
    for tally in report.tallies.values():
        assert tally["answers heard"] + tally["answers too few to publish"] == tally["answers"] > 0


def test_the_solver_knows_nothing_of_ours_and_something_of_each_usual_rule(report: Report) -> None:
    assert report.counts["answers under the solver"] > 500
    assert report.counts["fixed, ours"] == 0
    for rule in RULES:
        assert sum(report.counts[f"fixed, {rule.name}, {kind}"] for kind in report.tallies) > 0


def _three_teams(left_over: int) -> Month:
    """Two teams of six, and a third of `left_over`, under a top without people of its own."""
    sizes = {"Zorg / A": 6, "Zorg / B": 6, "Zorg / C": left_over}
    people = tuple(Person(f"{path[-1]}{number}", path, ()) for path, size in sizes.items() for number in range(size))
    answers = {"B": {person.name: number % 5 for number, person in enumerate(people)}}
    return Month(0, "2026-11", ("Zorg", *sizes), people, frozenset(), answers)


@pytest.mark.parametrize(("rule", "left_over", "fixed"), [(USUAL, 2, 2), (USUAL, 3, 0), (STRICT, 2, 0)])
def test_the_remainder_is_subtracted(rule: Rule, left_over: int, fixed: int) -> None:
    """Parent minus children leaves two people: each, knowing their own answer, knows the other's."""
    month = _three_teams(left_over)
    said = month.answers["B"]
    shown = list(publish_naively(rule, month, "Zorg BV", said).values())
    found = attack(shown, said)
    assert sum(found.beside[name] == 1 for name in said if name.startswith("C")) == fixed
    assert (smallest_support(shown) == left_over) == (rule is USUAL)


def test_the_handbooks_perturbed_counts_have_one_solution() -> None:
    """V5: means 11.25, 7.9167 and 9.25, counts 9, 14 and 19, each off by at most two."""
    assert list(perturbed_counts(["11.25", "7.9167", "9.25"], [9, 14, 19], 2)) == [(8, 12, 20, 90, 95)]


def test_both_solvers_see_the_same() -> None:
    month = WORLDS[0].months[0]
    said = month.answers["B"]
    windows, frozen = Windows(), open_month(WORLDS[0], month)
    text = export(close_month(frozen, month.answers), frozen.organisation)
    ours = read_export(text, frozen, "B", respondents(frozen, "B", month.answers), windows)
    naive = list(publish_naively(USUAL, month, frozen.organisation, said).values())
    for readings in (ours, naive):
        found = attack(readings, said)
        people = [names[0] for names in groups_of(readings).people[:5]]
        for name in people:
            assert possible(readings, name, {}) == found.alone[name]
        for name, insider in itertools.permutations(people[:3], 2):
            assert len(possible(readings, name, {insider: said[insider]})) >= found.beside[name]


def test_cross_cutting_groups_are_solved_too() -> None:
    """Two groups that share people, as a filter would make: their overlap is five, what is left of one is two."""
    shared = {f"s{number}" for number in range(5)}
    readings = [Reading(frozenset(shared | {"a", "b"}), 14, 14), Reading(frozenset(shared), 14, 14)]
    assert smallest_support(readings) == 2
    assert possible(readings, "a", {}) == (0,)
    assert attack(readings, dict.fromkeys([*shared, "a", "b"], 0)).alone["b"] == (0,)


def test_an_export_that_nobody_could_have_answered_is_noticed() -> None:
    with pytest.raises(FitsNothing):
        attack([Reading(frozenset("abcde"), 21, 21)], dict.fromkeys("abcde", 4))


def test_a_harness_that_breaks_nothing_is_itself_broken() -> None:
    weak = Report()
    weak.counts["solved, ordinary"] = 20
    control_breaches(weak)
    assert weak.caught_by() == ["control"]
    assert len(weak.breaches) == len(RULES)


def test_safety_that_costs_teams_their_figures_is_a_breach() -> None:
    costly = Report()
    costly.tallies["ordinary"].update({"teams": 10_000, "teams with a figure": 9_700})
    usefulness_breaches(costly)
    assert not costly.breaches
    costly.tallies["ordinary"]["teams with a figure"] = 9_699
    usefulness_breaches(costly)
    assert costly.caught_by() == ["usefulness"]


def test_in_the_designs_setting_ninety_seven_teams_of_a_hundred_keep_their_figure() -> None:
    tally = of_the_design(SEED, 120)
    assert tally["teams with a figure"] >= 0.97 * tally["teams"] > 500
    assert tally["answers heard"] == tally["answers"]


def test_the_table_says_what_was_seen(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    control_breaches(report)
    assert not report.breaches
    print_table(report, {"k − 1": ["support"], "another": []}, Namespace(seed=1, months=3, organisations=20), 60)
    told = capsys.readouterr().out
    assert "time was up: 8 of 20 organisations" in told
    assert "another" in told
    assert "NOTHING" in told
    assert told.endswith("Breaches\n  none\n")
