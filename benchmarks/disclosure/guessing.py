"""Guessing: how well a joiner's answer can be named from two months' figures (science.md B6.5).

The reader knows exactly how people change their answers, who was there, and that one person joined in between. All
chances are summed exactly over every pair of totals; nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.disclosure.worlds import USUAL
from pulse.results import rounding

BLIND = max(USUAL) / sum(USUAL)
MOST_RIGHT, MOST_SURE = 0.55, 0.05
"""The limits: how often a guess may be right, and how often the reader may be more than 90 % sure."""
MOST_RIGHT_OF_FIVE = 0.58
"""The one exception, told in docs/confidentiality.md: five who become six, none of whom ever changes an answer.

The table of steps is fixed by the design; a coarser one for five people would cost half of what their figure says.
The strict profile, which has no figure of five, stays below the limit at every size.
"""
SURE = 0.9
REPEATED = (0.6, 0.7, 0.8, 1.0)
SIZES = range(5, 31)


@dataclass(frozen=True)
class Guess:
    """How a reader fares for one size of team and one habit of repeating."""

    people: int
    repeated: float
    right: float
    sure: float
    """The chance that the reader is more than 90 % sure."""


def exactly(total: int, _respondents: int) -> int:
    """The control: the total itself is published."""
    return total


def ours(minimum_group: int) -> Callable[[int, int], int]:
    """What Ruil publishes."""
    return lambda total, people: rounding.publish(total, people, minimum_group)


def guesses(publish: Callable[[int, int], int], minimum_group: int = 5) -> Iterator[Guess]:
    """Every size of team and every habit."""
    for repeated in REPEATED:
        pairs = np.ones((1, 1))
        for people in range(1, max(SIZES) + 1):
            pairs = _with_one_more(pairs, repeated)
            if people in SIZES and people >= minimum_group:
                yield _guess(publish, pairs, people, repeated)


def most_right(guess: Guess) -> float:
    """How often a guess may be right for this size and habit."""
    return MOST_RIGHT_OF_FIVE if guess.people == 5 and guess.repeated == 1 else MOST_RIGHT


def _with_one_more(pairs: np.ndarray, repeated: float) -> np.ndarray:
    """The chances of both months' totals when one more person is there in both."""
    found = np.zeros((pairs.shape[0] + 4, pairs.shape[1] + 4))
    share = np.array(USUAL) / sum(USUAL)
    for first in range(5):
        for second in range(5):
            chance = share[first] * (repeated * (first == second) + (1 - repeated) * share[second])
            found[first : first + pairs.shape[0], second : second + pairs.shape[1]] += chance * pairs
    return found


def _guess(publish: Callable[[int, int], int], pairs: np.ndarray, people: int, repeated: float) -> Guess:
    size = 4 * people + 1
    before = [publish(total, people) for total in range(size)]
    after = [publish(total, people + 1) for total in range(size + 4)]
    column = {value: place for place, value in enumerate(sorted(set(after)))}
    first = np.add.reduceat(pairs, _starts(before), axis=0)
    joint = np.zeros((5, len(first), len(column)))
    for option in range(5):
        values = after[option : option + size]
        starts = _starts(values)
        chance = USUAL[option] / sum(USUAL)
        joint[option][:, [column[values[start]] for start in starts]] = chance * np.add.reduceat(first, starts, axis=1)
    best, seen = joint.max(axis=0), joint.sum(axis=0)
    return Guess(people, repeated, float(best.sum()), float(seen[best > SURE * seen].sum()))


def _starts(values: list[int]) -> list[int]:
    """Where each published value begins: the totals behind one lie together."""
    return [place for place, value in enumerate(values) if not place or value != values[place - 1]]
