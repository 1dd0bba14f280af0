"""The published value, and the promise it carries: three of five answers always remain possible."""

from __future__ import annotations

from decimal import ROUND_HALF_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.results.rounding import grain, publish, shown

TABLE = {  # n: step, tail, as printed in the design
    5: (10, 30), 6: (10, 30), 7: (10, 20), 14: (10, 20), 15: (5, 15), 39: (5, 15),
    40: (2, 10), 79: (2, 10), 80: (1, 5), 500: (1, 5),
}  # fmt: skip


@pytest.mark.parametrize(("respondents", "expected"), TABLE.items())
def test_step_and_tail_follow_the_table(respondents: int, expected: tuple[int, int]) -> None:
    size = grain(respondents)
    assert (size.step, size.tail) == expected


def test_the_strict_profile_widens_the_tails_of_eight_to_ten() -> None:
    assert [grain(n, minimum_group=8).tail for n in (8, 9, 10, 11, 15)] == [30, 30, 30, 20, 15]


@pytest.mark.parametrize(("respondents", "minimum_group"), [(4, 5), (4, 3), (0, 5), (7, 8)])
def test_a_group_that_is_too_small_has_no_value(respondents: int, minimum_group: int) -> None:
    with pytest.raises(ValueError, match="too few"):
        grain(respondents, minimum_group)


def test_ties_go_toward_the_middle() -> None:
    assert publish(14, 10) == 40  # 35 lies between 30 and 40
    assert publish(26, 10) == 60  # 65 lies between 60 and 70
    assert publish(20, 10) == 50


def test_the_tails_are_said_as_such() -> None:
    assert [shown(value, 8) for value in (20, 30, 50, 70, 80)] == ["≤ 20", "30", "50", "70", "≥ 80"]
    assert shown(30, 8, minimum_group=8) == "≤ 30"


@given(st.integers(5, 300), st.data())
def test_the_value_is_the_nearest_step_cut_at_the_tails(respondents: int, data: st.DataObject) -> None:
    total = data.draw(st.integers(0, 4 * respondents))
    size, value = grain(respondents), publish(total, respondents)
    # The same rule said otherwise: decimal rounding of the distance from 50, ties down.
    steps = Decimal(25 * total - 50 * respondents) / Decimal(respondents * size.step)
    nearest = 50 + size.step * int(steps.quantize(Decimal(1), ROUND_HALF_DOWN))
    assert value == min(max(nearest, size.tail), 100 - size.tail)
    assert publish(4 * respondents - total, respondents) == 100 - value


COALITION = {5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 2, 12: 2}
STRICT_COALITION = {8: 2, 9: 2, 10: 2, 11: 2, 12: 2}


def least_possible(respondents: int, pooled: int, minimum_group: int) -> int:
    """The fewest answers that stay possible for one person, over all answers that can be given.

    The reader knows the figure and what `pooled` colleagues answered; enumerated, sum by sum.
    """
    others = respondents - pooled
    fewest = 5
    for known in range(4 * pooled + 1):
        sums_by_value: dict[int, set[int]] = {}
        for rest in range(4 * others + 1):
            value = publish(known + rest, respondents, minimum_group)
            sums_by_value.setdefault(value, set()).add(rest)
        for sums in sums_by_value.values():
            possible = [x for x in range(5) if any(x <= rest <= x + 4 * (others - 1) for rest in sums)]
            fewest = min(fewest, len(possible))
    return fewest


@pytest.mark.parametrize(("respondents", "pooled"), COALITION.items())
def test_at_least_three_answers_stay_possible(respondents: int, pooled: int) -> None:
    assert least_possible(respondents, pooled, minimum_group=5) >= 3


def test_the_bound_of_three_is_the_real_one() -> None:
    assert min(least_possible(n, pooled, 5) for n, pooled in COALITION.items()) == 3


@pytest.mark.parametrize(("respondents", "pooled"), STRICT_COALITION.items())
def test_the_strict_profile_holds_against_two_who_pool(respondents: int, pooled: int) -> None:
    assert least_possible(respondents, pooled, minimum_group=8) >= (4 if respondents <= 10 else 3)


def test_one_colleague_more_would_break_it() -> None:
    """The enumeration is not blind: with more colleagues than promised, fewer answers remain."""
    assert least_possible(5, 2, minimum_group=5) < 3
