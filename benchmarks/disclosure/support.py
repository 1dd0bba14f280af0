"""No combination of published groups describes one to four people (science.md B6.3).

Groups that share nobody have full rank, and whatever they are combined to is made of whole groups. Where groups do
overlap, HiGHS looks for the combination with the fewest people in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy

from benchmarks.disclosure.highs import silent_model
from benchmarks.disclosure.readings import Groups, Reading, groups_of

FEWEST = 5
LARGEST_WEIGHT = 50.0


def smallest_support(readings: Sequence[Reading]) -> int:
    """The fewest people whom any rational combination of these groups describes; 0 where there is no group."""
    groups = groups_of(readings)
    if not readings:
        return 0
    whole = [sum(groups.sizes[place] for place in row) for row, _, _ in groups.rows]
    if sum(whole) == sum(groups.sizes):
        return min(whole)
    smallest = min(whole)
    for place, size in enumerate(groups.sizes):
        if size < smallest:
            smallest = min(smallest, _fewest_with(groups, place))
    return smallest


def _fewest_with(groups: Groups, wanted: int) -> int:
    """Mixed-integer: weights for the readings such that `wanted` keeps weight 1 and the fewest people keep any."""
    model = silent_model()
    readings, count = len(groups.rows), len(groups.people)
    for _ in range(readings):
        model.addVar(-LARGEST_WEIGHT, LARGEST_WEIGHT)
    for place, size in enumerate(groups.sizes):
        model.addVar(0, 1)
        model.changeColIntegrality(readings + place, highspy.HighsVarType.kInteger)
        model.changeColCost(readings + place, float(size))
    for place in range(count):
        weights = [reading for reading, (row, _, _) in enumerate(groups.rows) if place in row]
        columns, ones = [*weights, readings + place], [1.0] * len(weights)
        if place == wanted:
            model.addRow(1, 1, len(weights), weights, ones)
        # |weight left at a group| <= L * (whether it is left at all)
        model.addRow(-highspy.kHighsInf, 0, len(columns), columns, [*ones, -LARGEST_WEIGHT])
        model.addRow(0, highspy.kHighsInf, len(columns), columns, [*ones, LARGEST_WEIGHT])
    model.run()
    return round(model.getInfo().objective_function_value)
