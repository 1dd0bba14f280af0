"""Twin worlds: other answers that the real code publishes identically, to the last byte (science.md B6.1).

For every answer, coalition and other value a witness is built by filling; it counts only after the re-run.
One re-run carries one witness in every block of the month at once, for blocks share no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.disclosure.publishing import Frozen, close_month, export
from benchmarks.disclosure.structure import Counted
from benchmarks.disclosure.windows import Windows, coalition_size, sampled_coalitions
from benchmarks.disclosure.worlds import Answers

Case = tuple[int, int, tuple[int, ...]]
"""Figure, person in it, coalition in it; people by their place."""


@dataclass(frozen=True)
class Plan:
    """Other answers in one block, and for whom they are a witness."""

    coalition: tuple[int, ...]
    option: int
    witnesses: tuple[int, ...]
    options: tuple[int, ...]


@dataclass
class Twins:
    """What the re-runs of one month have shown."""

    cases: int = 0
    reruns: int = 0
    refused: int = 0
    least: int = 5
    values: dict[Case, set[int]] = field(default_factory=dict)


def fill(chance: Random, people: int, total: int) -> list[int]:
    """`people` answers 0 to 4 that add up to `total`, in any order."""
    each, more = divmod(total, people) if people else (0, 0)
    options = [each + 1] * more + [each] * (people - more)
    for place in range(0, people - 1, 2):
        shift = min(options[place], 4 - options[place + 1], chance.randint(0, 2))
        options[place] -= shift
        options[place + 1] += shift
    chance.shuffle(options)
    return options


def plans(
    chance: Random, windows: Windows, figure: Counted, minimum_group: int, alone: int, more: int
) -> Iterator[Plan]:
    """Witnesses for everybody in one block, every other value, and the coalitions that are tried."""
    size = len(figure.options)
    window = windows.of(size, minimum_group, figure.row.value)
    places = list(range(size))
    chance.shuffle(places)
    largest = coalition_size(size, minimum_group)
    for coalition in sampled_coalitions(size, largest, alone, more, places):
        known = sum(figure.options[place] for place in coalition)
        for option in windows.possible(size, minimum_group, figure.row.value, len(coalition), known):
            left = [place for place in range(size) if place not in coalition and figure.options[place] != option]
            while left:
                together = _together(len(left), option, size - len(coalition), window[0] - known, window[1] - known)
                witnesses, left = left[:together], left[together:]
                yield _plan(chance, figure.options, coalition, option, witnesses, window)


def _together(wanted: int, option: int, people: int, low: int, high: int) -> int:
    """How many people may give this answer at once while the rest can still keep the total where it is."""
    return next(
        count
        for count in range(wanted, 0, -1)
        if max(low, count * option) <= min(high, count * option + 4 * (people - count))
    )


def _plan(
    chance: Random,
    options: Sequence[int],
    coalition: tuple[int, ...],
    option: int,
    witnesses: list[int],
    window: tuple[int, int],
) -> Plan:
    fixed = {place: options[place] for place in coalition} | dict.fromkeys(witnesses, option)
    free = [place for place in range(len(options)) if place not in fixed]
    base = sum(fixed.values())
    total = chance.randint(max(window[0] - base, 0), min(window[1] - base, 4 * len(free)))
    found = fixed | dict(zip(free, fill(chance, len(free), total), strict=True))
    return Plan(coalition, option, tuple(witnesses), tuple(found[place] for place in range(len(options))))


def rerun(
    frozen: Frozen,
    answers: Answers,
    figures: Sequence[Counted],
    windows: Windows,
    chance: Random,
    *,
    alone: int = 24,
    more: int = 2,
    most: int = 400,
) -> Twins:
    """Publish the twins of one month and count what stays possible for every person and coalition tried."""
    found = Twins()
    expected = export(close_month(frozen, answers), frozen.organisation)
    waiting = [list(plans(chance, windows, figure, frozen.minimum_group, alone, more)) for figure in figures]
    _expect(found, figures, waiting)
    for number in range(max(map(len, waiting), default=0)):
        if number >= most:
            break
        found.reruns += 1
        said = {question: dict(options) for question, options in answers.items()}
        used = [(place, row[number]) for place, row in enumerate(waiting) if number < len(row)]
        for place, plan in used:
            said[figures[place].row.question].update(zip(figures[place].members, plan.options, strict=True))
        if export(close_month(frozen, said), frozen.organisation) != expected:
            found.refused += 1
            continue
        for place, plan in used:
            _count(found, place, plan)
    # Where the re-runs were cut off, only coalitions that were gone through whole are judged.
    judged = _judged(waiting, most)
    found.values = {case: values for case, values in found.values.items() if (case[0], case[2]) in judged}
    found.cases = len(found.values)
    found.least = min((len(values) for values in found.values.values()), default=5)
    return found


def _expect(found: Twins, figures: Sequence[Counted], waiting: Sequence[Sequence[Plan]]) -> None:
    """Everybody's own answer is possible: they gave it."""
    for place, row in enumerate(waiting):
        options = figures[place].options
        for coalition in {plan.coalition for plan in row} | {()}:
            for person in range(len(options)):
                if person not in coalition:
                    found.values[place, person, coalition] = {options[person]}


def _count(found: Twins, place: int, plan: Plan) -> None:
    for person in plan.witnesses:
        found.values[place, person, plan.coalition].add(plan.option)


def _judged(waiting: Sequence[Sequence[Plan]], most: int) -> set[tuple[int, tuple[int, ...]]]:
    cut = {(place, plan.coalition) for place, row in enumerate(waiting) for plan in row[most:]}
    every: set[tuple[int, tuple[int, ...]]] = {(place, ()) for place in range(len(waiting))}
    every |= {(place, plan.coalition) for place, row in enumerate(waiting) for plan in row}
    return every - cut


def history_stays(
    frozen: Sequence[Frozen],
    answers: Sequence[Answers],
    figures: Sequence[Sequence[Counted]],
    windows: Windows,
    chance: Random,
) -> tuple[list[Any], list[Any]]:
    """The rows of a whole history and those of a twin in which every block of every month answered otherwise."""
    truth: list[Any] = []
    twin: list[Any] = []
    for month, said, found in zip(frozen, answers, figures, strict=True):
        other = {question: dict(options) for question, options in said.items()}
        for figure in found:
            low, high = windows.of(len(figure.options), month.minimum_group, figure.row.value)
            total = chance.randint(low, max(low, high))
            other[figure.row.question].update(
                zip(figure.members, fill(chance, len(figure.options), total), strict=True)
            )
        truth += close_month(month, said)
        twin += close_month(month, other)
    return truth, twin
