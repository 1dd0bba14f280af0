"""Where the ink goes: scales and paths of the report's charts, in points. (pure)

Templates draw what stands here and compute nothing. Values are on 0 to 100 as published. Words stand beside a
drawing, never in it: type inside SVG is most of what a chart costs to set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EVEN = (37.5, 62.5)
"""Where "about equal" is the nearest of the five answers."""
MARGIN = 6.0
"""Room at both ends of an axis for half a dot."""
LABEL = 96.0
"""The width of a label that stands over a dot."""


@dataclass(frozen=True)
class Scale:
    """A straight line from values to points on paper."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, cut to the scale, to a hundredth of a point."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


@dataclass(frozen=True)
class DotChart:
    """One value on its whole scale: a dot on the interval in which it very likely lies."""

    width: float
    height: float
    axis: float
    """The height of the axis."""
    start: float
    end: float
    ticks: tuple[float, ...]
    dot: float
    left: float
    right: float
    tail: str
    """`low` or `high`: the value is cut there, so the dot is open; else empty."""
    shade: tuple[float, float] | None
    """From and to of the middle in which giving and getting are about equal."""
    reference: float | None
    """Where the organisation stands."""
    label: float
    """Where a label of LABEL points begins that stands over the dot, and inside the chart."""


@dataclass(frozen=True)
class Point:
    """A published month on the trend: the value, and the ends of its interval."""

    x: float
    y: float
    top: float
    bottom: float
    tail: str
    last: bool


@dataclass(frozen=True)
class Gap:
    """A month without a figure: an empty box as wide as a column."""

    x: float
    width: float
    number: int
    """Which month it is, from 0."""


@dataclass(frozen=True)
class Trend:
    """Twelve months: lines and bands of months that follow each other, boxes where none is shown."""

    width: float
    height: float
    top: float
    bottom: float
    middle: float
    shade: tuple[float, float]
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[float, ...]
    """The columns of months in which the team was told a give-back."""
    column: float


@dataclass(frozen=True)
class Spot:
    """What a chart needs of one value."""

    value: float
    low: float
    high: float
    tail: str = ""


def dot_chart(
    spot: Spot, *, width: float, height: float, shaded: bool = False, reference: float | None = None
) -> DotChart:
    """The dot, its interval and the five answers as ticks on a scale of 0 to 100."""
    scale = Scale(0, 100, MARGIN, width - MARGIN)
    dot = scale(spot.value)
    return DotChart(
        width=width,
        height=height,
        axis=round(height / 2, 2),
        start=scale(0),
        end=scale(100),
        ticks=tuple(scale(value) for value in (0, 25, 50, 75, 100)),
        dot=dot,
        left=scale(spot.low),
        right=scale(spot.high),
        tail=spot.tail,
        shade=(scale(EVEN[0]), scale(EVEN[1])) if shaded else None,
        reference=None if reference is None else scale(reference),
        label=round(min(max(dot - LABEL / 2, 0), max(width - LABEL, 0)), 2),
    )


def trend_chart(months: Sequence[Spot | None], told: Sequence[bool], *, width: float, height: float) -> Trend:
    """Months from left to right, None where nothing is shown; the line breaks there."""
    column = width / len(months)
    scale = Scale(0, 100, height - 14, 6)
    points: list[Point | None] = [
        None
        if month is None
        else Point(
            x=round((number + 0.5) * column, 2),
            y=scale(month.value),
            top=scale(month.high),
            bottom=scale(month.low),
            tail=month.tail,
            last=number == len(months) - 1,
        )
        for number, month in enumerate(months)
    ]
    runs = _runs(points)
    return Trend(
        width=width,
        height=height,
        top=scale(100),
        bottom=scale(0),
        middle=scale(50),
        shade=(scale(EVEN[1]), scale(EVEN[0])),
        points=tuple(point for point in points if point is not None),
        lines=tuple(_line([(point.x, point.y) for point in run]) for run in runs),
        bands=tuple(_band(run) for run in runs),
        gaps=tuple(
            Gap(round(number * column + 0.4, 2), round(column - 0.8, 2), number)
            for number, month in enumerate(months)
            if month is None
        ),
        marks=tuple(round((number + 0.5) * column, 2) for number, mark in enumerate(told) if mark),
        column=round(column, 2),
    )


def _runs(points: Sequence[Point | None]) -> list[list[Point]]:
    """Stretches of two months or more without a gap."""
    runs: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if len(run) > 1]


def _line(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in places)


def _band(run: Sequence[Point]) -> str:
    upper = [(point.x, point.top) for point in run]
    lower = [(point.x, point.bottom) for point in reversed(run)]
    return _line(upper + lower) + " Z"
