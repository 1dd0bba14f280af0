"""The solver's attack: which answers fit everything published? (science.md B6.2)

HiGHS asks it of groups of people who are alike to the attacker: for nested groups the matrix is totally unimodular and
the bounds of the linear programme are exact. CP-SAT asks it of every single person, whatever the figures look like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor

import highspy
from ortools.sat.python import cp_model

from benchmarks.disclosure.highs import silent_model
from benchmarks.disclosure.readings import Groups, Reading, groups_of, linked

SLACK = 1e-6


class FitsNothing(Exception):
    """An export that no answers could have given, read by the method that is told."""


@dataclass
class Found:
    """What stays possible, by person: alone, and at the worst beside one insider."""

    alone: dict[str, tuple[int, ...]] = field(default_factory=dict)
    beside: dict[str, int] = field(default_factory=dict)
    """The fewest values, over every single insider who answered."""

    def fixed(self) -> int:
        """How many answers are known with certainty to some single colleague, or to anyone."""
        return sum(count == 1 for count in self.beside.values())

    def down_to(self, count: int) -> int:
        """How many have at most `count` values left."""
        return sum(found <= count for found in self.beside.values())


class Totals:
    """A linear programme over the groups' totals, asked again and again with other bounds."""

    def __init__(self, groups: Groups) -> None:
        self._model = silent_model()
        self._sizes = groups.sizes
        for size in self._sizes:
            self._model.addVar(0, 4 * size)
        for row, low, high in groups.rows:
            self._model.addRow(low, high, len(row), list(row), [1.0] * len(row))

    def know(self, group: int, known: int | None) -> None:
        """One insider of this group answered `known`; None takes it back."""
        low, high = (0, 4 * self._sizes[group]) if known is None else (known, known + 4 * (self._sizes[group] - 1))
        self._model.changeColBounds(group, low, high)

    def bounds(self, group: int) -> tuple[int, int]:
        """The least and the largest total that this group can have."""
        self._model.changeColCost(group, 1.0)
        found = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self._model.changeObjectiveSense(sense)
            self._model.run()
            if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                raise FitsNothing("What was published fits no answers at all.")
            found.append(self._model.getInfo().objective_function_value)
        self._model.changeColCost(group, 0.0)
        return ceil(found[0] - SLACK), floor(found[1] + SLACK)


def _left(size: int, low: int, high: int) -> tuple[int, ...]:
    return tuple(option for option in range(5) if max(low, option) <= min(high, option + 4 * (size - 1)))


def attack(readings: Sequence[Reading], said: Mapping[str, int]) -> Found:
    """Everybody's possible answers, for an outsider and for every single insider; an insider knows but their own."""
    groups, found = groups_of(readings), Found()
    if not readings:
        return found
    totals, ties = Totals(groups), linked(groups)
    for place, names in enumerate(groups.people):
        options = _left(len(names), *totals.bounds(place))
        for name in names:
            found.alone[name], found.beside[name] = options, len(options)
    for place, names in enumerate(groups.people):
        for known in sorted({said[name] for name in names}):
            totals.know(place, known)
            for other in ties[place]:
                _beside(found, groups, totals, other, place, known, said)
            totals.know(place, None)
    return found


def _beside(
    found: Found, groups: Groups, totals: Totals, other: int, insiders: int, known: int, said: Mapping[str, int]
) -> None:
    low, high = totals.bounds(other)
    same = other == insiders
    size = len(groups.people[other]) - same
    if not size:
        return
    count = len(_left(size, low - known * same, high - known * same))
    alike = [name for name in groups.people[insiders] if said[name] == known]
    for name in groups.people[other]:
        if alike != [name]:
            found.beside[name] = min(found.beside[name], count)


def possible(readings: Sequence[Reading], person: str, known: Mapping[str, int]) -> tuple[int, ...]:
    """The answers of one person that fit, by CP-SAT over every single answer; `known` are the insiders' own."""
    model = cp_model.CpModel()
    names = sorted({name for reading in readings for name in reading.members})
    answers = {name: model.new_int_var(0, 4, name) for name in names}
    for reading in readings:
        model.add_linear_constraint(sum(answers[name] for name in sorted(reading.members)), reading.low, reading.high)
    for name, option in known.items():
        model.add(answers[name] == option)
    return tuple(option for option in range(5) if _fits(model, answers[person], option))


def _fits(model: cp_model.CpModel, answer: cp_model.IntVar, option: int) -> bool:
    asked = model.clone()
    asked.add(asked.get_int_var_from_proto_index(answer.index) == option)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(asked)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise AssertionError("CP-SAT came to no answer.")
    return status != cp_model.INFEASIBLE


class _Every(cp_model.CpSolverSolutionCallback):
    def __init__(self, variables: Sequence[cp_model.IntVar]) -> None:
        super().__init__()
        self._variables = variables
        self.found: list[tuple[int, ...]] = []

    def on_solution_callback(self) -> None:
        """Called by CP-SAT for each solution."""
        self.found.append(tuple(self.value(variable) for variable in self._variables))


def perturbed_counts(means: Sequence[str], counts: Sequence[int], off: int) -> Iterator[tuple[int, ...]]:
    """Parts and their whole from exact means and counts that are each off by at most `off` (science.md A5, V5).

    The last mean is that of the others together. Yields true counts, then the sums of the parts.
    """
    model = cp_model.CpModel()
    people = [model.new_int_var(count - off, count + off, f"n{place}") for place, count in enumerate(counts)]
    sums = [model.new_int_var(0, 10_000, f"s{place}") for place in range(len(counts))]
    for mean, size, total in zip(means, people, sums, strict=True):
        # A mean printed to four decimals lies within half of the fifth: in ten-thousandths, twice.
        printed = int(Decimal(mean) * 20_000)
        model.add(20_000 * total <= (printed + 1) * size)
        model.add(20_000 * total >= (printed - 1) * size)
    model.add(sum(people[:-1]) == people[-1])
    model.add(sum(sums[:-1]) == sums[-1])
    every = _Every([*people, *sums[:-1]])
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.solve(model, every)
    yield from sorted(every.found)
