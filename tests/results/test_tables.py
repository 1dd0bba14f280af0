"""Printed tables beside what is computed: dominance and shares (science.md A5; V1 to V3 stand with the indices)."""

from __future__ import annotations

import pytest

from benchmarks.scores.intervals import difference, wilson
from pulse.results.rounding import publish

DOMINANT_SHARE = 0.85
"""(1, 85): one contributor must not make up more than 85 % of what is published."""


def dominated(contributions: list[int]) -> bool:
    """The (1, 85) rule on a published total."""
    return max(contributions) > DOMINANT_SHARE * sum(contributions)


def least_safe_upper_bound(largest: int) -> float:
    """How high a reader's upper bound of the total must lie for its largest contributor to be safe."""
    return largest / DOMINANT_SHARE


def test_the_handbooks_dominated_cell() -> None:
    """V6, example 4: 330 = 300 + 20 + 10."""
    assert dominated([300, 20, 10])
    assert round(least_safe_upper_bound(300), 2) == 352.94


@pytest.mark.parametrize("minimum_group", [5, 8])
def test_nobody_dominates_a_figure_of_ours(minimum_group: int) -> None:
    """Even one who gave all there was: the largest total behind any value is beyond the handbook's bound."""
    for respondents in range(minimum_group, 101):
        highest: dict[int, int] = {}
        for total in range(4 * respondents + 1):
            highest[publish(total, respondents, minimum_group)] = total
        assert min(highest.values()) >= least_safe_upper_bound(4)


# V7: Newcombe 1998, methods 3 and 10.
@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_intervals_of_one_share(hits: int, tries: int, low: float, high: float) -> None:
    assert [round(limit, 4) for limit in wilson(hits, tries)] == [low, high]


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090)],
)
def test_intervals_of_a_difference(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    assert [round(limit, 4) for limit in difference(*first, *second)] == [low, high]
