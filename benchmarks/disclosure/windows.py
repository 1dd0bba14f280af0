"""What one figure leaves open, enumerated: the product argument of science.md B4, for every answer there is.

Every answer enters exactly one figure (`structure` checks that), so what fits everything ever published is a product
over the figures, and one figure decides. Which totals a figure stands for is asked of the real rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import comb

from pulse.results import rounding

Window = tuple[int, int]
"""The least and the largest total of a block that is published as one value."""


def coalition_size(respondents: int, minimum_group: int) -> int:
    """C(n): how many people may pool their answers (science.md B3); two everywhere in the strict profile."""
    if respondents >= 21:
        return 3
    return 2 if respondents >= 11 or minimum_group >= 8 else 1


class Windows:
    """Remembers what the publishing code makes of every total; one for each version of that code."""

    def __init__(self) -> None:
        self._windows: dict[tuple[int, int], dict[int, Window]] = {}
        self._possible: dict[tuple[int, int, int, int, int], tuple[int, ...]] = {}

    def of(self, respondents: int, minimum_group: int, value: int) -> Window:
        """The totals published as `value`; a value that no total gives has none."""
        key = respondents, minimum_group
        if key not in self._windows:
            found: dict[int, Window] = {}
            for total in range(4 * respondents + 1):
                shown = rounding.publish(total, *key)
                low, high = found.get(shown, (total, total))
                if high < total - 1:
                    raise AssertionError("A published value stands for totals that do not lie together.")
                found[shown] = low, total
            self._windows[key] = found
        return self._windows[key].get(value, (1, 0))

    def possible(self, respondents: int, minimum_group: int, value: int, pooled: int, known: int) -> tuple[int, ...]:
        """The answers that another person may have given, for who knows `pooled` answers adding up to `known`."""
        key = respondents, minimum_group, value, pooled, known
        if key not in self._possible:
            low, high = (total - known for total in self.of(respondents, minimum_group, value))
            others = respondents - pooled
            self._possible[key] = tuple(
                option for option in range(5) if max(low, option) <= min(high, option + 4 * (others - 1))
            )
        return self._possible[key]


def pooled_sums(options: Sequence[int], largest: int) -> set[tuple[int, int]]:
    """How many people could pool, and to what their answers add up, for every coalition of at most `largest`."""
    there = Counter(options)
    found = {(0, 0)}
    for option, count in there.items():
        found |= {
            (people + more, known + more * option)
            for people, known in found
            for more in range(1, min(count, largest - people) + 1)
        }
    return found


def least_possible(windows: Windows, options: Sequence[int], value: int, minimum_group: int) -> int:
    """The fewest answers left open for anyone in a block, over every coalition of at most C(n) of its people."""
    size = len(options)
    largest = coalition_size(size, minimum_group)
    return min(
        len(windows.possible(size, minimum_group, value, people, known))
        for people, known in pooled_sums(options, largest)
        if people < size
    )


def cases(respondents: int, minimum_group: int) -> int:
    """How many pairs of one person and one coalition of others a block has."""
    largest = coalition_size(respondents, minimum_group)
    return respondents * sum(comb(respondents - 1, people) for people in range(largest + 1))


def sampled_coalitions(
    size: int, largest: int, alone: int, more: int, pick: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Nobody, `alone` single insiders, and `more` of each larger size; `pick` is a shuffled row of all places."""
    yield ()
    for place in pick[:alone]:
        yield (place,)
    for people in range(2, min(largest, size - 1) + 1):
        for start in range(min(more, size)):
            yield tuple(pick[(start + step) % size] for step in range(people))
