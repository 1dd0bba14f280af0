"""The published value of one block: exact, rounded toward the middle, cut at the tails. (pure)

science.md B3. Steps and tails depend on how many answered, never on what they answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

MIDDLE = 50
FEWEST = 5
"""k is never below five, whatever a setting says."""


@dataclass(frozen=True)
class Grain:
    """How coarse a block of some size is published, in points of 0 to 100."""

    step: int
    tail: int


def grain(respondents: int, minimum_group: int = FEWEST) -> Grain:
    """Step and tail for n respondents; the strict profile (k = 8) has a wider tail up to ten.

    Raises ValueError below the minimum group: such a block has no value at all.
    """
    if respondents < max(FEWEST, minimum_group):
        raise ValueError(f"{respondents} respondents are too few to publish anything about.")
    if respondents >= 80:
        return Grain(1, 5)
    if respondents >= 40:
        return Grain(2, 10)
    if respondents >= 15:
        return Grain(5, 15)
    wide = respondents < 7 or (minimum_group >= 8 and respondents <= 10)
    return Grain(10, 30 if wide else 20)


def publish(total: int, respondents: int, minimum_group: int = FEWEST) -> int:
    """The value 0 to 100 of `respondents` answers 0 to 4 that add up to `total`.

    >>> publish(20, 10), publish(13, 10), publish(0, 10), publish(0, 5)
    (50, 40, 20, 30)
    """
    size = grain(respondents, minimum_group)
    distance = Fraction(25 * total, respondents) - MIDDLE
    # Ties go toward the middle: ceil(x - 1/2), on the size of the distance.
    steps = ceil(abs(distance) / size.step - Fraction(1, 2))
    rounded = MIDDLE + (steps if distance > 0 else -steps) * size.step
    return min(max(rounded, size.tail), 100 - size.tail)


def shown(value: int, respondents: int, minimum_group: int = FEWEST) -> str:
    """The value as text; at a tail it says that it is one."""
    tail = grain(respondents, minimum_group).tail
    if value <= tail:
        return f"≤ {tail}"
    if value >= 100 - tail:
        return f"≥ {100 - tail}"
    return str(value)
