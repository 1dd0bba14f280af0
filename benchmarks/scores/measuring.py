"""False words and seen shifts, counted over many simulated teams (science.md A3, A4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.scores.intervals import wilson
from benchmarks.scores.teams import BETWEEN, figure, people, truth
from pulse.results.indices import (
    balance,
    between_variance,
    change,
    change_over_three,
    interval,
    node_value,
    shrunken,
    stood_in_the_minus,
)

CENTRES = (30.0, 40.0, 50.0, 60.0, 70.0)
RESPONSES = (0.7, 0.8, 1.0)
HALF_YEAR = 6
DEPTHS = ((0.0, 100.0), (-10.0, 0.0), (-20.0, -10.0), (-30.0, -20.0), (-100.0, -30.0))
"""Where a team's true balance lies: from the first up to, not including, the second."""
SHIFTS = (12.5, 19.0, 25.0)


@dataclass(frozen=True)
class Rate:
    """How often something was said, of how many times it could be."""

    hits: int
    tries: int

    def __str__(self) -> str:
        if not self.tries:
            return "none"
        low, high = wilson(self.hits, self.tries)
        return f"{self.share:.1%} ({low:.1%}-{high:.1%} of {self.tries:,})"

    @property
    def share(self) -> float:
        """The rate itself; 0 where it never could be."""
        return self.hits / self.tries if self.tries else 0.0


def false_changes(chance: np.random.Generator, size: int, teams: int) -> Iterator[tuple[str, Rate, Rate]]:
    """Steady teams, setting by setting: arrows from month to month, and from quarter to quarter."""
    for centre in CENTRES:
        for response in RESPONSES:
            month, quarter = Counter[str](), Counter[str]()
            for _ in range(teams):
                places = people(chance, size, centre)
                found = [figure(chance, places, response, number) for number in range(HALF_YEAR)]
                month[change(found[0], found[1])] += 1
                quarter[change_over_three(found)] += 1
            yield f"centre {centre:.0f}, {response:.0%} answer", _moved(month), _moved(quarter)


def _moved(said: Counter[str]) -> Rate:
    return Rate(said["up"] + said["down"], said.total() - said[""])


def false_when_all_answer(chance: np.random.Generator, sizes: range, teams: int) -> dict[int, tuple[Rate, Rate]]:
    """Steady teams of each size in which everybody answers: where chance is least, coarse steps bite most."""
    found = {}
    for size in sizes:
        month, quarter = Counter[str](), Counter[str]()
        for _ in range(teams):
            places = people(chance, size, 50)
            six = [figure(chance, places, 1, number) for number in range(HALF_YEAR)]
            month[change(six[0], six[1])] += 1
            quarter[change_over_three(six)] += 1
        found[size] = _moved(month), _moved(quarter)
    return found


def seen_shift(chance: np.random.Generator, size: int, shift: float, teams: int) -> tuple[Rate, Rate]:
    """A team whose truth rises by so many points: seen from month to month, and over three months.

    Where it has gone beyond the middle of the scale the truth rises less than the centre; so the centre is moved
    until the truth has moved enough.
    """
    month, quarter = Counter[str](), Counter[str]()
    for _ in range(teams):
        before = people(chance, size, 50 - shift / 2)
        after = before + _needed(before, shift)
        found = [figure(chance, before if number < 3 else after, 0.9, number) for number in range(HALF_YEAR)]
        month[change(found[2], found[3])] += 1
        quarter[change_over_three(found)] += 1
    return Rate(month["up"], month.total()), Rate(quarter["up"], quarter.total())


def _needed(before: np.ndarray, shift: float) -> float:
    low, high, start = 0.0, 4 * shift, truth(before)
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if truth(before + middle) - start < shift else (low, middle)
    return high


def minus_by_depth(
    chance: np.random.Generator, size: int, teams: int, response: float
) -> dict[tuple[float, float], Rate]:
    """Six steady months of teams at every depth: how often each "stood in the minus"."""
    said: dict[tuple[float, float], list[bool]] = {depth: [] for depth in DEPTHS}
    for _ in range(teams):
        places = people(chance, size, chance.uniform(25, 65))
        true = 2 * (truth(places) - 50)
        months = [figure(chance, places, response, number) for number in range(HALF_YEAR)]
        depth = next(found for found in DEPTHS if found[0] <= true < found[1])
        said[depth].append(stood_in_the_minus(months))
    return {depth: Rate(sum(found), len(found)) for depth, found in said.items()}


@dataclass
class Held:
    """Organisations of a dozen teams, each value held beside the truth."""

    covered: int = 0
    figures: int = 0
    squares: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def error(self, name: str) -> float:
        """The root of the mean square of an error, in points."""
        return float(np.sqrt(self.squares[name] / self.counts[name]))

    def add(self, name: str, error: float) -> None:
        """One more error."""
        self.squares[name] += error**2  # type: ignore[assignment]
        self.counts[name] += 1


def organisations(chance: np.random.Generator, count: int, months: int = 12) -> Held:
    """A dozen teams of 6 to 20 whose centres differ by the ICC and drift; the truth drifts with them."""
    held = Held()
    for _ in range(count):
        centre = chance.uniform(40, 60)
        teams = [
            people(chance, int(chance.integers(6, 21)), centre + BETWEEN * chance.standard_normal()) for _ in range(12)
        ]
        drifts = chance.uniform(-1, 1, len(teams))
        for month in range(months):
            _one_month(held, chance, [team + drift * month for team, drift in zip(teams, drifts, strict=True)], month)
    return held


def _one_month(held: Held, chance: np.random.Generator, teams: list[np.ndarray], month: int) -> None:
    truths = [truth(team) for team in teams]
    pairs = [(figure(chance, team, 0.8, month), true) for team, true in zip(teams, truths, strict=True)]
    found = [(shown, true) for shown, true in pairs if shown is not None]
    value = node_value([shown for shown, _ in found])
    if value is None:
        return
    asked = sum(shown.invited for shown, _ in found)
    held.add("organisation", value.value - sum(shown.invited * true for shown, true in found) / asked)
    variance = between_variance([shown for shown, _ in found])
    for shown, true in found:
        held.add("team", shown.value - true)
        held.add("team, shrunken", shrunken(shown, value.value, variance) - true)
        held.add("team, balance", balance(shown).value - 2 * (true - 50))
        if not shown.at_tail:
            low, high = interval(shown)
            held.covered += low <= true <= high
            held.figures += 1
