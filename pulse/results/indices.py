"""What published values mean: errors, intervals, balance, change, shrinkage. (pure; science.md A3, A4)

Everything here is computed from published figures alone. Values are on 0 to 100 unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from pulse.results.rounding import grain

SIGMA = 28.0
"""Points within a team on one item; a constant, for a team's own spread would be a second figure."""
RHO = 0.5
"""Month-to-month reliability of one item."""
TWO_SIDED, ONE_SIDED = 1.96, 1.645
LEAST_RESPONSE = 0.5
ICC = 0.10
"""Where there are too few blocks to estimate it (one health-care study: 0.09 to 0.30)."""


@dataclass(frozen=True)
class PublishedFigure:
    """One row of the ledger as a plain value."""

    organisation_id: int
    round_id: int
    period: str
    question: str
    block: str
    label: str
    teams: tuple[str, ...]
    value: int
    shown: str
    respondents: int
    invited: int
    minimum_group: int = 5

    @property
    def at_tail(self) -> str:
        """`low`, `high`, or empty between the tails."""
        tail = grain(self.respondents, self.minimum_group).tail
        return "low" if self.value <= tail else "high" if self.value >= 100 - tail else ""

    @property
    def step(self) -> int:
        """How far apart the values lie that it could have."""
        return grain(self.respondents, self.minimum_group).step

    @property
    def error(self) -> float:
        """The standard error of the value, in points."""
        return standard_error(self.respondents, self.invited, self.step)

    @property
    def half_answered(self) -> bool:
        """Whether at least half of those asked answered; below that, no arrows."""
        return self.respondents >= LEAST_RESPONSE * self.invited


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error."""

    value: float
    error: float

    def low(self, z: float = TWO_SIDED) -> float:
        """The lower limit."""
        return self.value - z * self.error

    def high(self, z: float = TWO_SIDED) -> float:
        """The upper limit."""
        return self.value + z * self.error


def standard_error(respondents: int, invited: int, step: float) -> float:
    """SE² = σ²(1/n − ρ/N) + u²/12: sampling from a finite team that itself varies, and rounding."""
    return sqrt(SIGMA**2 * (1 / respondents - RHO / invited) + step**2 / 12)


def interval(figure: PublishedFigure) -> tuple[float, float]:
    """Very likely between: y ± 1.96 SE, cut to 0 to 100."""
    return (
        max(0.0, figure.value - TWO_SIDED * figure.error),
        min(100.0, figure.value + TWO_SIDED * figure.error),
    )


def balance(figure: PublishedFigure) -> Estimate:
    """B = 2(y_B − 50), from −100 (all give) to +100 (all get); its error is twice that of y."""
    return Estimate(2 * (figure.value - 50), 2 * figure.error)


def side(estimate: Estimate) -> str:
    """`minus` where even the upper limit is below zero, `plus` likewise above, else `about` in balance."""
    if estimate.high(ONE_SIDED) < 0:
        return "minus"
    return "plus" if estimate.low(ONE_SIDED) > 0 else "about"


def running_balance(months: Sequence[PublishedFigure | None], count: int | None = None) -> Estimate | None:
    """R_m: the mean balance of the last m rounds, oldest first, None where withheld; needs at least half.

    m is `count`, 3 or 6, or as many as are given.
    """
    count = len(months) if count is None else count
    present = [balance(figure) for figure in months[-count:] if figure is not None]
    if not present or 2 * len(present) < count:
        return None
    return _mean(present)


def stood_in_the_minus(months: Sequence[PublishedFigure | None]) -> bool:
    """Whether six months' mean balance lies below zero by more than chance."""
    if len(months) < 6:
        return False
    running = running_balance(months[-6:])
    return running is not None and running.high(ONE_SIDED) < 0


def months_below_zero(months: Sequence[PublishedFigure | None]) -> tuple[int, int]:
    """In how many of the published months the balance stood below zero, and how many there were."""
    present = [balance(figure).value for figure in months if figure is not None]
    return sum(value < 0 for value in present), len(present)


def change(before: PublishedFigure | None, after: PublishedFigure | None) -> str:
    """`up`, `down` or `level`; empty where it cannot be said honestly.

    It can be said of the same block, at least half answering both times, not at the same tail twice.
    """
    if before is None or after is None or before.block != after.block or before.teams != after.teams:
        return ""
    if not (before.half_answered and after.half_answered):
        return ""
    if after.at_tail and before.at_tail == after.at_tail:
        return ""
    grid = min(before.step, after.step)
    return _direction(Estimate(before.value, before.error), Estimate(after.value, after.error), grid)


def change_over_three(months: Sequence[PublishedFigure | None]) -> str:
    """`up`, `down`, `level` or empty: three months' mean against the three before, two published in each.

    The same test as between two months: one block of the same teams, half answering, not all at one tail.
    """
    if len(months) < 6:
        return ""
    halves = [[figure for figure in part if figure is not None] for part in (months[-6:-3], months[-3:])]
    if any(len(half) < 2 for half in halves):
        return ""
    figures = [figure for half in halves for figure in half]
    if len({(figure.block, figure.teams) for figure in figures}) > 1:
        return ""
    if not all(figure.half_answered for figure in figures):
        return ""
    if {figure.at_tail for figure in figures} in ({"low"}, {"high"}):
        return ""
    before, after = (_mean([Estimate(figure.value, figure.error) for figure in half]) for half in halves)
    return _direction(before, after, min(figure.step for figure in figures) / max(map(len, halves)))


def node_value(figures: Sequence[PublishedFigure]) -> Estimate | None:
    """A higher level's value from its blocks, weighted by who was asked, so nothing about response leaks."""
    asked = sum(figure.invited for figure in figures)
    if not asked:
        return None
    value = round(sum(figure.invited * figure.value for figure in figures) / asked)
    error = sqrt(sum((figure.invited / asked * figure.error) ** 2 for figure in figures))
    return Estimate(value, error)


def between_variance(figures: Sequence[PublishedFigure]) -> float:
    """τ²: how much teams truly differ (DerSimonian–Laird from eight blocks on; fewer: from the ICC)."""
    if len(figures) < 8:
        return SIGMA**2 * ICC / (1 - ICC)
    weights = [1 / figure.error**2 for figure in figures]
    total = sum(weights)
    mean = sum(w * f.value for w, f in zip(weights, figures, strict=True)) / total
    spread = sum(w * (f.value - mean) ** 2 for w, f in zip(weights, figures, strict=True))
    return max(0.0, (spread - (len(figures) - 1)) / (total - sum(w**2 for w in weights) / total))


def shrunken(figure: PublishedFigure, mean: float, variance: float) -> float:
    """θ = μ + B(y − μ), B = τ²/(τ² + SE²): to order teams on the organisation page, never as a score."""
    return mean + variance / (variance + figure.error**2) * (figure.value - mean)


def non_response_bounds(figure: PublishedFigure) -> tuple[float, float]:
    """Where the value could lie if everybody who kept silent had answered lowest, or highest."""
    told = figure.respondents * figure.value
    silent = figure.invited - figure.respondents
    return told / figure.invited, (told + 100 * silent) / figure.invited


def _mean(estimates: Sequence[Estimate]) -> Estimate:
    count = len(estimates)
    return Estimate(
        sum(estimate.value for estimate in estimates) / count,
        sqrt(sum(estimate.error**2 for estimate in estimates)) / count,
    )


def _direction(before: Estimate, after: Estimate, grid: float) -> str:
    """`up` or `down` where the two differ by more than chance and the grid of published values explain.

    |y2 − y1| − g/2 ≥ 1.96 √(SE1² + SE2² − g²/12): two published values differ by whole steps of g, so the
    step that is reached stands for all that lies half a step around it (Yates' correction, with Sheppard's
    of the variance). Without it a least change just below a step is reached by chance in up to 13 % of
    steady teams instead of 5: science.md A4 as amended by docs/decisions/0005.
    """
    moved = after.value - before.value
    variance = before.error**2 + after.error**2 - grid**2 / 12
    if abs(moved) - grid / 2 < TWO_SIDED * sqrt(variance):
        return "level"
    return "up" if moved > 0 else "down"
