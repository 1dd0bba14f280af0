"""The usual rules, rebuilt from what vendors say of them: controls that the attack must break (science.md B1, B6.2).

Every level publishes the mean of everybody below it, on 1 to 5. From five people on a mean is shown; then sisters are
hidden so that the hidden ones cannot be subtracted, or so it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.disclosure.readings import Reading
from benchmarks.disclosure.worlds import Month
from pulse.rounds.counting import Tree, tree_of

SHOWN_FROM = 5


@dataclass(frozen=True)
class Rule:
    """One way of hiding, and how finely means are printed."""

    name: str
    hidden_together: int
    """Sisters are hidden, smallest first, until this many answers are hidden."""
    parent_counts: bool
    """Whether answers of the parent's own people are among the hidden."""
    step: Decimal


USUAL = Rule("from 5, hide next smallest until 2; two decimals", 2, False, Decimal("0.01"))
STRICT = Rule("hidden and parent's own together from 5; two decimals", 5, True, Decimal("0.01"))
ONE_DECIMAL = Rule("from 5, hide next smallest until 2; one decimal", 2, False, Decimal("0.1"))
WHOLE_POINTS = Rule("from 5, hide next smallest until 2; whole points 0-100", 2, False, Decimal("0.04"))
RULES = (USUAL, WHOLE_POINTS, ONE_DECIMAL, STRICT)


def publish_naively(rule: Rule, month: Month, organisation: str, said: Mapping[str, int]) -> dict[str, Reading]:
    """Node → what its mean says, for every node that the rule shows."""
    tree = tree_of(month.teams, organisation)
    own: dict[str, list[str]] = {path: [] for path in tree.parents}
    for person in month.people:
        if person.name in said:
            own[person.team].append(person.name)
    below: dict[str, list[str]] = {path: [] for path in tree.parents}
    for path, names in own.items():
        for above in tree.line(path):
            below[above] += names
    shown = {path for path, names in below.items() if len(names) >= SHOWN_FROM}
    for parent in sorted(shown, key=lambda path: (path.count("/"), path)):
        _hide(rule, tree, parent, own, below, shown)
    return {path: _reading(rule, below[path], said) for path in sorted(shown)}


def _hide(
    rule: Rule, tree: Tree, parent: str, own: dict[str, list[str]], below: dict[str, list[str]], shown: set[str]
) -> None:
    children = [path for path, above in tree.parents.items() if above == parent and below[path]]
    while parent in shown:
        hidden = sum(len(below[path]) for path in children if path not in shown)
        hidden += len(own[parent]) if rule.parent_counts else 0
        seen = [path for path in children if path in shown]
        if not hidden or hidden >= rule.hidden_together or not seen:
            return
        shown.remove(min(seen, key=lambda path: (len(below[path]), path)))


def _reading(rule: Rule, names: list[str], said: Mapping[str, int]) -> Reading:
    size = len(names)
    mean = _rounded(rule, sum(said[name] for name in names), size)
    totals = [total for total in range(4 * size + 1) if _rounded(rule, total, size) == mean]
    return Reading(frozenset(names), totals[0], totals[-1])


def _rounded(rule: Rule, total: int, size: int) -> int:
    return int((Decimal(total) / size / rule.step).quantize(Decimal(1), ROUND_HALF_UP))
