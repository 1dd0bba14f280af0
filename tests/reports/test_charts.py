"""Ink stands where the values are, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pulse.reports.charts import Scale, Spot, dot_chart, trend_chart

values = st.integers(0, 100)
spots = st.builds(lambda value, error: Spot(value, max(0, value - error), min(100, value + error)), values, values)


@given(values, values)
def test_a_scale_keeps_the_order_and_stays_inside(one: int, other: int) -> None:
    scale = Scale(0, 100, 6, 233)

    assert 6 <= scale(one) <= 233
    assert (scale(one) <= scale(other)) == (one <= other)


def test_a_scale_cuts_what_lies_outside() -> None:
    assert Scale(0, 100, 0, 50)(140) == 50


@given(spots)
def test_the_dot_lies_on_its_interval(spot: Spot) -> None:
    chart = dot_chart(spot, width=239, height=26, shaded=True, reference=60)

    assert chart.start <= chart.left <= chart.dot <= chart.right <= chart.end
    assert chart.shade is not None and chart.shade[0] < chart.shade[1]


def test_without_shade_or_reference_neither_is_drawn() -> None:
    chart = dot_chart(Spot(50, 40, 60), width=100, height=20)

    assert (chart.shade, chart.reference) == (None, None)


@given(st.lists(st.none() | spots, min_size=1, max_size=12))
def test_the_line_never_runs_through_a_month_that_is_not_shown(months: list[Spot | None]) -> None:
    trend = trend_chart(months, [False] * len(months), width=448, height=118)
    missing = [number for number, month in enumerate(months) if month is None]

    assert len(trend.gaps) == len(missing)
    assert len(trend.points) == len(months) - len(missing)
    for line in trend.lines:
        columns = [round(float(place.split()[0].lstrip("ML")) / trend.column - 0.5) for place in line.split(" L")]
        assert columns == list(range(columns[0], columns[-1] + 1))
        assert not set(columns) & set(missing)


def test_give_backs_are_marked_in_their_month_and_up_is_more() -> None:
    trend = trend_chart([Spot(20, 10, 30), Spot(80, 70, 90)], [False, True], width=100, height=100)

    assert trend.marks == (75,)
    assert trend.points[0].y > trend.points[1].y
    assert trend.points[1].last and not trend.points[0].last
