"""On teams whose truth is known, Ruil seldom speaks falsely and sees what is large (science.md A4)."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scores.measuring import DEPTHS, Rate, false_changes, minus_by_depth, organisations, seen_shift
from benchmarks.scores.teams import answers, figure, people, truth
from pulse.results.indices import SIGMA


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def test_the_truth_is_what_a_team_answers_in_the_long_run(chance: np.random.Generator) -> None:
    team = people(chance, 8, 40)
    long_run = 25 * np.mean([answers(chance, team) for _ in range(20_000)])
    assert truth(team) == pytest.approx(long_run, abs=0.3)


def test_people_vary_as_the_design_says(chance: np.random.Generator) -> None:
    """Before the ends of the scale cut off: σ = 28, half of it lasting."""
    place = np.full(200_000, 50.0)
    passing = 25 * answers(chance, place)
    assert np.var(passing) == pytest.approx(SIGMA**2 / 2, rel=0.03)
    assert np.var(people(chance, 200_000, 50)) == pytest.approx(SIGMA**2 / 2, rel=0.03)


def test_a_month_with_four_answers_has_no_figure(chance: np.random.Generator) -> None:
    assert figure(chance, people(chance, 4, 50), 1, 0) is None
    assert figure(chance, people(chance, 5, 50), 1, 0) is not None


@pytest.mark.parametrize("size", [6, 10, 20])
def test_steady_teams_are_seldom_said_to_move(chance: np.random.Generator, size: int) -> None:
    found = list(false_changes(chance, size, 60))
    for place in (1, 2):
        rates: list[Rate] = [row[place] for row in found]  # type: ignore[misc]
        assert sum(rate.hits for rate in rates) <= 0.06 * sum(rate.tries for rate in rates)


def test_balanced_teams_did_not_stand_in_the_minus_and_low_ones_did(chance: np.random.Generator) -> None:
    found = minus_by_depth(chance, 10, 600, 0.9)
    assert found[DEPTHS[0]].share <= 0.01
    assert found[DEPTHS[-2]].share >= 0.9
    assert found[DEPTHS[-1]].share >= 0.97


def test_three_months_see_more_than_one(chance: np.random.Generator) -> None:
    month, quarter = seen_shift(chance, 20, 19, 100)
    assert quarter.share > month.share > 0.5


def test_shrinking_helps_and_intervals_hold(chance: np.random.Generator) -> None:
    held = organisations(chance, 3, months=6)
    assert held.error("organisation") < held.error("team, shrunken") < held.error("team")
    assert held.covered >= 0.93 * held.figures


def test_a_rate_says_how_sure_it_is() -> None:
    assert str(Rate(15, 148)) == "10.1% (6.2%-16.0% of 148)"
    assert str(Rate(0, 0)) == "none"
