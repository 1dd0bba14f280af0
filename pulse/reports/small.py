"""Small multiples: a year of one group in the width of a thumb, and its value of now beside it. (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulse.reports.charts import EVEN, Scale
from pulse.reports.story import Month, Value

YEAR, NOW, HEIGHT = 118.0, 96.0, 25.0
"""Widths and the common height, in points."""
MONTHS = 12


@dataclass(frozen=True)
class Year:
    """Twelve months: lines and bands where months follow each other, a hollow mark where none is shown."""

    shade: tuple[float, float]
    middle: float
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    alone: tuple[tuple[float, float], ...]
    """Published months between two gaps."""
    last: tuple[float, float] | None
    gaps: tuple[float, ...]
    told: tuple[float, ...]


@dataclass(frozen=True)
class Now:
    """The value of now on its interval."""

    shade: tuple[float, float]
    middle: float
    dot: float
    left: float
    right: float
    tail: str


def year(months: Sequence[Month]) -> Year:
    """A group's year; a history shorter than twelve months stands at the right."""
    column = YEAR / MONTHS
    across = [round((MONTHS - len(months) + number + 0.5) * column, 2) for number in range(len(months))]
    up = Scale(0, 100, HEIGHT - 5, 1)
    runs: list[list[tuple[float, Value]]] = [[]]
    for x, month in zip(across, months, strict=True):
        if month.value is None:
            runs.append([])
        else:
            runs[-1].append((x, month.value))
    last = months[-1].value if months else None
    return Year(
        shade=(up(EVEN[1]), up(EVEN[0])),
        middle=up(50),
        bands=tuple(_band(run, up) for run in runs if len(run) > 1),
        lines=tuple(_path([(x, up(value.value)) for x, value in run]) for run in runs if len(run) > 1),
        alone=tuple((run[0][0], up(run[0][1].value)) for run in runs if len(run) == 1),
        last=(across[-1], up(last.value)) if last else None,
        gaps=tuple(x for x, month in zip(across, months, strict=True) if month.value is None),
        told=tuple(x for x, month in zip(across, months, strict=True) if month.told),
    )


def now(value: Value) -> Now:
    """A group's value of this month."""
    across = Scale(0, 100, 5, NOW - 5)
    return Now(
        shade=(across(EVEN[0]), across(EVEN[1])),
        middle=across(50),
        dot=across(value.value),
        left=across(value.low),
        right=across(value.high),
        tail=value.tail,
    )


def _band(run: Sequence[tuple[float, Value]], up: Scale) -> str:
    upper = [(x, up(value.high)) for x, value in run]
    return _path(upper + [(x, up(value.low)) for x, value in reversed(run)]) + " Z"


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in places)
