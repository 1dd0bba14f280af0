"""What may be said of a small group's figures, checked against printed numbers where there are any."""

from __future__ import annotations

from dataclasses import replace
from math import erfc, exp, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.results import (
    PublishedFigure,
    balance,
    between_variance,
    change,
    change_over_three,
    interval,
    months_below_zero,
    node_value,
    non_response_bounds,
    running_balance,
    shrunken,
    side,
    standard_error,
    stood_in_the_minus,
)
from pulse.results import indices as indices_module
from pulse.results.rounding import grain, shown

STEADY = PublishedFigure(
    organisation_id=1,
    round_id=1,
    period="2026-11",
    question="B",
    block="Zorg / Noord",
    label="Zorg / Noord",
    teams=("Zorg / Noord",),
    value=50,
    shown="50",
    respondents=8,
    invited=8,
)


def figure(value: int, respondents: int = 8, invited: int | None = None, **other: object) -> PublishedFigure:
    return replace(
        STEADY,
        value=value,
        shown=shown(value, respondents),
        respondents=respondents,
        invited=respondents if invited is None else invited,
        **other,  # type: ignore[arg-type]
    )


def months(*values: int | None) -> list[PublishedFigure | None]:
    return [None if value is None else figure(value) for value in values]


# V2: Krejcie & Morgan 1970, sample sizes for a proportion within 5 points at 95 %.
KREJCIE_MORGAN = {
    10: 10, 15: 14, 20: 19, 25: 24, 30: 28, 35: 32, 40: 36, 45: 40, 50: 44, 55: 48, 60: 52, 65: 56, 70: 59,
    75: 63, 80: 66, 85: 70, 90: 73, 95: 76, 100: 80, 110: 86, 220: 140, 230: 144, 240: 148, 250: 152,
    500: 217, 1200: 291, 1300: 297, 1400: 302, 1500: 306,
}  # fmt: skip


@pytest.mark.parametrize(("population", "sample"), KREJCIE_MORGAN.items())
def test_a_finite_population_errs_as_krejcie_and_morgan_printed(
    monkeypatch: pytest.MonkeyPatch, population: int, sample: int
) -> None:
    """With rho = 1 ours is the classic formula: their sample is where it reaches 5 points, to the nearest."""
    monkeypatch.setattr(indices_module, "RHO", 1.0)
    monkeypatch.setattr(indices_module, "SIGMA", sqrt(0.25 * population / (population - 1)))
    wanted = 0.05 / sqrt(3.841)
    # Half a person less does not reach it, half a person more does: the table rounds to whole people.
    assert standard_error(sample - 0.5, population, 0) >= wanted  # type: ignore[arg-type]
    if sample < population:
        assert standard_error(sample + 0.5, population, 0) <= wanted  # type: ignore[arg-type]


# V1: Efron & Morris 1977: 18 batters' first 45 at bats, and what shrinkage makes of them.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
SHRUNKEN = [
    0.294, 0.289, 0.285, 0.280, 0.275, 0.275, 0.270, 0.266, 0.261, 0.261,
    0.256, 0.256, 0.256, 0.256, 0.256, 0.252, 0.247, 0.242,
]  # fmt: skip


class _Batter(PublishedFigure):
    """A batting average in the place of a published value; its error is the binomial one."""

    @property
    def error(self) -> float:
        return _BINOMIAL


_AVERAGES = [hits / 45 for hits in HITS]
_MEAN = sum(_AVERAGES) / len(_AVERAGES)
_BINOMIAL = sqrt(_MEAN * (1 - _MEAN) / 45)


def _batters() -> list[PublishedFigure]:
    facts = {name: getattr(STEADY, name) for name in STEADY.__dataclass_fields__}
    return [_Batter(**{**facts, "value": average}) for average in _AVERAGES]


def test_shrinkage_gives_the_batters_of_efron_and_morris() -> None:
    assert round(_MEAN, 3) == 0.265
    spread = sum((average - _MEAN) ** 2 for average in _AVERAGES)
    kept = 1 - 15 * _BINOMIAL**2 / spread
    assert round(kept, 3) == 0.212
    between = _BINOMIAL**2 * kept / (1 - kept)
    found = [round(shrunken(batter, _MEAN, between), 3) for batter in _batters()]
    assert found == SHRUNKEN


def test_our_variance_between_teams_is_the_moment_estimator_of_those_batters() -> None:
    """With equal errors DerSimonian and Laird is S/(b-1) - SE^2: 17 where Efron and Morris have 15."""
    spread = sum((average - _MEAN) ** 2 for average in _AVERAGES)
    assert between_variance(_batters()) == pytest.approx(spread / 17 - _BINOMIAL**2)


# V3: BMC Health Services Research 11:251, table 3: variance within and between, ICC(1), ICC(2).
@pytest.mark.parametrize(
    ("within", "between", "icc1", "icc2"),
    [
        (1.4412, 10.9893, 0.2013, 0.8688),
        (0.9902, 11.9737, 0.2968, 0.9173),
        (0.6401, 2.3405, 0.0918, 0.7265),
    ],
)
def test_variance_between_teams_follows_from_the_printed_icc(
    monkeypatch: pytest.MonkeyPatch, within: float, between: float, icc1: float, icc2: float
) -> None:
    # ICC(1) of the printed variances, for groups of 26.28 people; ours, from that ICC, is the same between them.
    printed = (between - within) / 26.28
    assert round(printed / (printed + within), 4) == icc1
    monkeypatch.setattr(indices_module, "SIGMA", sqrt(within))
    monkeypatch.setattr(indices_module, "ICC", icc1)
    tau2 = between_variance([STEADY])
    assert tau2 == pytest.approx(printed, rel=2e-3)
    # ICC(2) is how far a team of 26.28 people is trusted: the shrinkage of one point by the formula.
    monkeypatch.setattr(PublishedFigure, "error", property(lambda _: sqrt(within / 26.28)))
    assert round(shrunken(figure(51), 50, tau2) - 50, 4) == icc2


def test_the_constants_are_those_of_the_design() -> None:
    assert (indices_module.SIGMA, indices_module.RHO, indices_module.ICC) == (28, 0.5, 0.10)
    assert between_variance([STEADY] * 7) == pytest.approx(784 / 9)


def test_equal_blocks_have_no_variance_between_them() -> None:
    assert between_variance([STEADY] * 8) == 0


# The design's own measured steps: n answered, N invited, 1.96*sqrt(2)*SE, the first step that is one; three months.
@pytest.mark.parametrize(
    ("answered", "invited", "month", "step", "quarter"),
    [(8, 8, 21.0, 30, 12.1), (10, 12, 20.4, 30, 11.8), (15, 20, 16.3, 20, 9.4), (30, 40, 11.9, 15, 6.9)],
)
def test_the_least_change_that_can_be_said(
    answered: int, invited: int, month: float, step: int, quarter: float
) -> None:
    least = 1.96 * sqrt(2) * figure(50, answered, invited).error
    assert round(least, 1) == month
    assert round(least / sqrt(3), 1) == quarter
    steps = range(0, 31, grain(answered).step)
    said = [change(figure(50, answered, invited), figure(50 + moved, answered, invited)) for moved in steps]
    assert steps[said.index("up")] == step


def test_a_step_that_stands_just_above_the_least_change_is_not_enough() -> None:
    """Nine who all answer: 20 points are 1.96 standard errors, but whoever moved 11 can be published so."""
    nine = figure(40, 9)
    assert 20 >= 1.96 * sqrt(2) * nine.error > 19.9
    assert change(nine, figure(60, 9)) == "level"
    assert change(nine, figure(70, 9)) == "up"
    assert change_over_three([figure(50, 13)] * 3 + [figure(60, 13)] * 3) == "level"


def _chance(steps: int, step: int, deviation: float) -> float:
    """How often a steady team's two figures lie so many steps apart: summed exactly over where the grid may lie.

    Two values at least m steps apart: 2 E[min(1, max(0, D/u − m + 1))], D normal with the sampling error of both.
    """

    def beyond(bound: float) -> float:
        z = bound / deviation
        density, upper = exp(-(z**2) / 2) / sqrt(2 * pi), erfc(z / sqrt(2)) / 2
        return deviation * density - bound * upper

    return 2 * (beyond((steps - 1) * step) - beyond(steps * step)) / step


@pytest.mark.parametrize("invited", [*range(5, 41), 50, 60, 79, 80])
def test_the_least_step_is_that_of_the_exact_chance(invited: int) -> None:
    """Whoever answers of however many: a change is told exactly where chance gives it in 5 % of months at most."""
    for answered in range(max(5, (invited + 1) // 2), invited + 1):
        step = grain(answered).step
        deviation = sqrt(2) * standard_error(answered, invited, 0)
        exact = next(steps for steps in range(1, 9) if _chance(steps, step, deviation) <= 0.05)
        # Values around the middle, far from the tails.
        middle = figure(50, answered, invited)
        told = next(steps for steps in range(1, 9) if change(middle, replace(middle, value=50 + steps * step)) == "up")
        assert told == exact


def test_an_interval_ends_where_the_scale_ends() -> None:
    low, high = interval(figure(50))
    assert high - 50 == pytest.approx(50 - low) == pytest.approx(1.96 * STEADY.error)
    assert interval(figure(20, 7, 100))[0] == 0
    assert interval(figure(80, 7, 100))[1] == 100


def test_a_team_of_eight_needs_thirty_points() -> None:
    assert change(figure(40), figure(60)) == "level"
    assert change(figure(40), figure(70)) == "up"
    assert change(figure(70), figure(40)) == "down"


@pytest.mark.parametrize(
    "after",
    [
        None,
        figure(80, 8, 17),
        figure(80, block="Zorg"),
        figure(80, teams=("Zorg", "Zorg / Noord")),
    ],
    ids=["withheld", "under half answered", "another block", "other teams in it"],
)
def test_no_arrow_where_it_would_not_be_honest(after: PublishedFigure | None) -> None:
    assert change(figure(20), after) == ""
    assert change(after, figure(20)) == ""


def test_twice_at_the_same_tail_says_nothing_although_the_tails_differ() -> None:
    six, forty = figure(30, 6), figure(10, 40)
    assert (six.at_tail, forty.at_tail) == ("low", "low")
    assert change(six, forty) == ""
    assert change_over_three([six, six, six, forty, forty, forty]) == ""
    assert change_over_three([figure(70, 6)] * 3 + [figure(90, 40)] * 3) == ""


def test_three_months_see_what_one_month_cannot() -> None:
    assert change_over_three(months(40, 40, 40, 60, 50, 60)) == "up"
    assert change_over_three(months(60, 50, 60, 40, None, 40)) == "down"
    assert change_over_three(months(50, 50, 40, 50, 50, 50)) == "level"


@pytest.mark.parametrize(
    "six",
    [
        months(30, 30, 30, 70, 70),
        months(30, None, None, 70, 70, 70),
        [figure(30, 8, 17), *months(30, 30, 70, 70, 70)],
        [figure(30, teams=("Zorg",)), *months(30, 30, 70, 70, 70)],
    ],
    ids=["five months", "one figure before", "under half answered", "other teams in it"],
)
def test_three_months_need_the_same_care(six: list[PublishedFigure | None]) -> None:
    assert change_over_three(six) == ""


def test_the_balance_is_twice_the_distance_from_the_middle() -> None:
    found = balance(figure(30))
    assert (found.value, found.error) == (-40, 2 * figure(30).error)


def test_minus_and_plus_only_beyond_chance() -> None:
    sides = {value: side(balance(figure(value))) for value in (20, 30, 40, 50, 60, 70, 80)}
    assert sides == {20: "minus", 30: "minus", 40: "about", 50: "about", 60: "about", 70: "plus", 80: "plus"}


def test_a_running_balance_needs_half_of_its_months() -> None:
    assert running_balance(months(30, None, 40, None, 50, None), 6) is not None
    assert running_balance(months(30, None, None, None, 50, None), 6) is None
    assert running_balance(months(30, None, 50), 3) is not None
    assert running_balance(months(30, None, None), 3) is None
    assert running_balance(months(30, 40), 6) is None
    assert running_balance([]) is None


def test_a_running_balance_is_the_mean_of_what_is_there() -> None:
    found = running_balance(months(80, 30, None, 40, 50), 4)
    assert found is not None
    assert found.value == pytest.approx((-40 - 20 + 0) / 3)
    assert found.error == pytest.approx(2 * STEADY.error / sqrt(3))


def test_six_months_in_the_minus() -> None:
    assert stood_in_the_minus(months(40, 40, 30, 40, 40, 40))
    assert stood_in_the_minus(months(80, 80, 40, 40, 30, 40, 40, 40))
    assert not stood_in_the_minus(months(40, 50, 50, 40, 50, 50))
    assert not stood_in_the_minus(months(20, 20, None, None, None, None))
    assert not stood_in_the_minus(months(20, 20, 20, 20, 20))  # six months have not passed yet
    assert months_below_zero(months(40, 50, None, 30, 60, 40)) == (3, 5)


def test_a_department_is_its_blocks_weighted_by_people_asked() -> None:
    found = node_value([figure(40, 10, 30), figure(70, 10, 10)])
    assert found is not None
    assert found.value == 48  # (30*40 + 10*70) / 40 = 47.5
    wide, narrow = figure(40, 10, 30).error, figure(70, 10, 10).error
    assert found.error == pytest.approx(sqrt((0.75 * wide) ** 2 + (0.25 * narrow) ** 2))
    assert node_value([]) is None


def test_silence_could_move_the_value_this_far() -> None:
    assert non_response_bounds(figure(40, 6, 8)) == (30, 55)


@given(st.integers(5, 200), st.integers(0, 100))
def test_more_answers_never_say_less(answered: int, silent: int) -> None:
    invited = answered + silent
    step = grain(answered).step
    assert standard_error(answered, invited, step) > 0
    if silent:
        assert standard_error(answered + 1, invited, step) < standard_error(answered, invited, step)
