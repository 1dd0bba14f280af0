"""What a team gives, what comes back and from where, and whether it recovers. (pure; science.md A3)

Rotating items are asked every four months: their newest figure speaks until the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from statistics import fmean, pstdev

from pulse.questions import SOURCES
from pulse.results.indices import Estimate, PublishedFigure, balance, node_value, running_balance

OLDEST = 4
"""Rounds that a figure of a source may be old."""
ENOUGH_SOURCES = 4
ENOUGH_BLOCKS = 3
FAIR = Estimate(60, 0)
"""What to hold a team beside while its organisation has fewer than three blocks."""


def newest(months: Sequence[PublishedFigure | None], oldest: int | None = OLDEST) -> PublishedFigure | None:
    """The newest figure of one item, months oldest first, at most `oldest` rounds old (None: any age)."""
    recent = months if oldest is None else months[-oldest - 1 :]
    return next((figure for figure in reversed(recent) if figure is not None), None)


def receiving(sources: Mapping[str, Estimate]) -> Estimate | None:
    """The mean of what comes back from the five sources; needs four of them."""
    found = [sources[source] for source in SOURCES if source in sources]
    if len(found) < ENOUGH_SOURCES:
        return None
    error = sqrt(sum(item.error**2 for item in found)) / len(found)
    return Estimate(fmean(item.value for item in found), error)


def gap(giving: Estimate | None, received: Estimate | None) -> float | None:
    """Giving minus receiving: explains a balance, never judges it."""
    return None if giving is None or received is None else giving.value - received.value


def reference(blocks: Sequence[PublishedFigure]) -> Estimate:
    """The organisation's value of an item, weighted by people asked; 60 while it has too few blocks."""
    value = node_value(blocks) if len(blocks) >= ENOUGH_BLOCKS else None
    return value or FAIR


def balance_spread(blocks: Iterable[PublishedFigure]) -> float | None:
    """How far a department's blocks lie apart: the standard deviation of their balances."""
    values = [balance(figure).value for figure in blocks]
    return pstdev(values) if len(values) > 1 else None


def recovery(months: Sequence[PublishedFigure | None], promised: int) -> Estimate | None:
    """The change of R_3 since the promise that followed the month at `promised`; B's months, oldest first.

    Only months after the promise count as after it; None until two of them are published.
    """
    before = running_balance(months[max(0, promised - 2) : promised + 1], 3)
    after = running_balance(months[promised + 1 :][-3:], 3)
    if before is None or after is None:
        return None
    return Estimate(after.value - before.value, sqrt(before.error**2 + after.error**2))
