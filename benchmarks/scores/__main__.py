"""`python -m benchmarks.scores`: false words and power, one table, and a non-zero exit beyond the limits."""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from benchmarks.scores.intervals import wilson
from benchmarks.scores.measuring import (
    DEPTHS,
    SHIFTS,
    Rate,
    false_changes,
    false_when_all_answer,
    minus_by_depth,
    organisations,
    seen_shift,
)

SIZES = (6, 10, 20)
ALL_ANSWER = range(5, 41)
MOST_FALSE_CHANGES, MOST_FALSE_MINUS = 0.05, 0.01
MINUS_RESPONSE = 0.9


def _changes(chance: np.random.Generator, teams: int) -> bool:
    print("\nFalse up or down, steady teams (limit 5 % by size)")
    good = True
    for size in SIZES:
        settings = list(false_changes(chance, size, teams))
        for place, told in ((1, "month to month"), (2, "three months")):
            rates: list[tuple[str, Rate]] = [(row[0], row[place]) for row in settings]  # type: ignore[misc]
            every = Rate(sum(rate.hits for _, rate in rates), sum(rate.tries for _, rate in rates))
            name, worst = max(rates, key=lambda row: row[1].share)
            print(f"  n = {size:<3} {told:<16} {every!s:<32} worst: {worst} at {name}")
            good &= every.share <= MOST_FALSE_CHANGES
    return good & _all_answer(chance, 2 * teams)


def _all_answer(chance: np.random.Generator, teams: int) -> bool:
    found = false_when_all_answer(chance, ALL_ANSWER, teams)
    good = True
    for place, told in enumerate(("month to month", "three months")):
        rates = {size: pair[place] for size, pair in found.items()}
        every = Rate(sum(rate.hits for rate in rates.values()), sum(rate.tries for rate in rates.values()))
        worst = max(rates, key=lambda size: rates[size].share)
        above = [size for size, rate in rates.items() if wilson(rate.hits, rate.tries)[0] > MOST_FALSE_CHANGES]
        print(
            f"  everybody answers, {ALL_ANSWER[0]} to {ALL_ANSWER[-1]} people, {told:<16} {every}, "
            f"worst: {rates[worst].share:.1%} at n = {worst}; above the limit: {above or 'none'}"
        )
        good &= not above
    return good


def _power(chance: np.random.Generator, teams: int) -> None:
    print("\nA true rise is said to be one (90 % answer)")
    for size in SIZES:
        for shift in SHIFTS:
            month, quarter = seen_shift(chance, size, shift, teams)
            print(f"  n = {size:<3} {shift:>4} points   month {month!s:<30} three months {quarter}")


def _minus(chance: np.random.Generator, teams: int) -> bool:
    print('\n"Stood in the minus" after six months, by true balance (limit 1 % where it is 0 or more)')
    good = True
    for size in SIZES:
        found = minus_by_depth(chance, size, teams, MINUS_RESPONSE)
        for depth in DEPTHS:
            print(f"  n = {size:<3} balance {depth[0]:>5.0f} to {depth[1]:>4.0f}   {found[depth]}")
        good &= found[DEPTHS[0]].share <= MOST_FALSE_MINUS
    return good


def _values(chance: np.random.Generator, count: int) -> None:
    held = organisations(chance, count)
    print("\nValues beside the truth: a dozen teams of 6 to 20, drifting, 80 % answer")
    for name in ("team", "team, shrunken", "organisation"):
        print(f"  {name:<40} error SD {held.error(name):.1f}")
    print(f"  {'95 % intervals that hold the truth':<40} {Rate(held.covered, held.figures)}")


def main() -> int:
    """Run, print, and say whether a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--teams", type=int, default=1000, help="teams a setting")
    asked = parser.parse_args()
    started, chance = time.monotonic(), np.random.default_rng(asked.seed)
    print(f"seed {asked.seed}, {asked.teams} teams a setting")
    good = _changes(chance, asked.teams)
    _power(chance, asked.teams)
    good &= _minus(chance, 5 * asked.teams)
    _values(chance, max(1, asked.teams // 10))
    print(f"\n{time.monotonic() - started:.0f} seconds; {'within' if good else 'BEYOND'} the limits")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
