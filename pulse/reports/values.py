"""Published figures in the shape that reports show them. (pure)"""

from __future__ import annotations

from pulse.reports.story import Value
from pulse.results import PublishedFigure, balance, interval, side


def value_of(figure: PublishedFigure | None) -> Value | None:
    """The value with where it very likely lies; at a tail it lies there or beyond."""
    if figure is None:
        return None
    low, high = interval(figure)
    tail = figure.at_tail
    return Value(figure.value, 0.0 if tail == "low" else low, 100.0 if tail == "high" else high, tail)


def side_of(figure: PublishedFigure | None) -> str:
    """`minus`, `plus` or `about`; empty without a figure."""
    return "" if figure is None else side(balance(figure))


def months_up_to(last: str, count: int) -> list[str]:
    """The `count` periods up to and with `last`, oldest first."""
    year, month = (int(part) for part in last.split("-"))
    numbers = range(year * 12 + month - count, year * 12 + month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
