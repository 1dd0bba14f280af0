"""Intervals of shares, for the benchmark's own rates: Wilson's, and Newcombe's of a difference (science.md A5, V7)."""

from __future__ import annotations

from math import sqrt

Z = 1.959964


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a share: Wilson's score method (Newcombe 1998, method 3).

    >>> [round(limit, 4) for limit in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    share = hits / tries
    middle = share + Z**2 / (2 * tries)
    reach = Z * sqrt(share * (1 - share) / tries + Z**2 / (4 * tries**2))
    below = 1 + Z**2 / tries
    return max(0.0, (middle - reach) / below), min(1.0, (middle + reach) / below)


def difference(hits: int, tries: int, other_hits: int, other_tries: int) -> tuple[float, float]:
    """The 95 % interval of the first share less the second (Newcombe 1998, method 10).

    >>> [round(limit, 4) for limit in difference(56, 70, 48, 80)]
    [0.0524, 0.3339]
    """
    first, second = hits / tries, other_hits / other_tries
    (low, high), (other_low, other_high) = wilson(hits, tries), wilson(other_hits, other_tries)
    gap = first - second
    return (
        gap - sqrt((first - low) ** 2 + (other_high - second) ** 2),
        gap + sqrt((high - first) ** 2 + (second - other_low) ** 2),
    )
