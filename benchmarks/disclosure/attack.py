"""Every check on one world, and what came of it (science.md B6)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.disclosure import derived, naive, structure, twins, usefulness
from benchmarks.disclosure.publishing import Frozen, close_month, export, open_month, respondents
from benchmarks.disclosure.readings import Reading, groups_of, read_export
from benchmarks.disclosure.solving import FitsNothing, attack, possible
from benchmarks.disclosure.structure import Counted
from benchmarks.disclosure.support import smallest_support
from benchmarks.disclosure.windows import Windows, cases, least_possible
from benchmarks.disclosure.worlds import KINDS, Month, World, world

PROMISED_VALUES = 3


@dataclass(frozen=True)
class Depth:
    """How far one world is gone into; the enumeration of every answer is always whole."""

    twin_months: int = 1
    reruns: int = 400
    solver_months: int = 0
    histories: int = 1
    support: bool = True
    useful: bool = True


@dataclass
class Report:
    """What was tried, what was seen, what was broken."""

    counts: Counter[str] = field(default_factory=Counter)
    least: dict[str, int] = field(default_factory=dict)
    breaches: Counter[str] = field(default_factory=Counter)
    """`check: what` → how often."""
    tallies: dict[str, usefulness.Tally] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})

    def breach(self, check: str, what: str, times: int = 1) -> None:
        """Something promised did not hold."""
        self.breaches[f"{check}: {what}"] += times

    def lowest(self, name: str, number: int) -> None:
        """Remember the least of something."""
        self.least[name] = min(self.least.get(name, number), number)

    def take(self, other: Report) -> None:
        """Add what another process found."""
        self.counts.update(other.counts)
        self.breaches.update(other.breaches)
        for name, number in other.least.items():
            self.lowest(name, number)
        for kind, tally in other.tallies.items():
            usefulness.add(self.tallies[kind], tally)

    def caught_by(self) -> list[str]:
        """The checks that broke something."""
        return sorted({name.split(":")[0] for name in self.breaches})


@dataclass(frozen=True)
class Round:
    """One month as published."""

    month: Month
    frozen: Frozen
    rows: list[Any]
    figures: list[Counted]


def attack_world(found: World, seed: int, windows: Windows, depth: Depth) -> Report:
    """Publish every month of a world and try to break it."""
    report, chance = Report(), Random(f"{seed}/{found.name}")
    rounds = [_published(found, month) for month in found.months]
    for asked in rounds:
        _every_answer(report, asked, windows)
        for what in structure.seen_through(asked.frozen, asked.month.answers, asked.rows, chance):
            report.breach("blindness", what)
        if depth.useful:
            tally = report.tallies[found.kind]
            usefulness.count_month(tally, asked.frozen, asked.month, asked.figures, asked.rows, found.shape)
            usefulness.count_naive(tally, asked.frozen, asked.month)
    for asked in chance.sample(rounds, min(depth.twin_months, len(rounds))):
        _twins(report, asked, windows, chance, depth.reruns)
    for asked in chance.sample(rounds, min(depth.solver_months, len(rounds))):
        _solve(report, asked, windows, found.kind)
    for _ in range(depth.histories):
        _history(report, rounds, windows, chance)
    if depth.support:
        _support(report, rounds, windows)
    report.counts["organisations"] += 1
    report.counts["rounds"] += len(rounds)
    return report


def of_the_design(seed: int, count: int = 400) -> usefulness.Tally:
    """What the design counted for itself: one month each of `count` ordinary organisations of about 130 people."""
    tally: usefulness.Tally = Counter()
    numbers = (number for number in itertools.count() if number % 20 in {4, 9, 14})  # ordinary, with k = 5
    for number in itertools.islice(numbers, count):
        found = world(seed, number, months=1, largest=140, smallest=120)
        asked = _published(found, found.months[0])
        usefulness.count_month(tally, asked.frozen, asked.month, asked.figures, asked.rows, found.shape)
    return tally


def _published(found: World, month: Month) -> Round:
    frozen = open_month(found, month)
    rows = close_month(frozen, month.answers)
    return Round(month, frozen, rows, structure.counted(frozen, month.answers, rows))


def _every_answer(report: Report, asked: Round, windows: Windows) -> None:
    for what in structure.faults(asked.frozen, asked.month.answers, asked.figures):
        report.breach("structure", what)
    for what in structure.managers_below(asked.frozen, asked.month):
        report.breach("managers", what)
    minimum_group = asked.frozen.minimum_group
    for figure in asked.figures:
        size = len(figure.options)
        least = least_possible(windows, figure.options, figure.row.value, minimum_group) if size else 0
        report.counts["answers"] += size
        report.counts["cases"] += cases(size, minimum_group)
        report.lowest("values, enumerated", least)
        if least < PROMISED_VALUES:
            report.breach("values", "fewer than three answers remain possible")


def _twins(report: Report, asked: Round, windows: Windows, chance: Random, most: int) -> None:
    found = twins.rerun(asked.frozen, asked.month.answers, asked.figures, windows, chance, most=most)
    report.counts["re-runs"] += found.reruns
    report.counts["cases re-run"] += found.cases
    report.lowest("values, re-run", found.least)
    if found.refused:
        report.breach("twins", "a twin world is published otherwise", found.refused)
    if found.least < PROMISED_VALUES:
        report.breach("twins", "fewer than three answers have a witness")


def _history(report: Report, rounds: Sequence[Round], windows: Windows, chance: Random) -> None:
    frozen = [asked.frozen for asked in rounds]
    answers = [asked.month.answers for asked in rounds]
    truth, twin = twins.history_stays(frozen, answers, [asked.figures for asked in rounds], windows, chance)
    report.counts["histories re-run"] += 1
    name = frozen[-1].organisation
    if export(truth, name) != export(twin, name) or derived.stories(frozen, truth) != derived.stories(frozen, twin):
        report.breach("history", "a twin history is told otherwise")


def _readings(asked: Round, question: str, windows: Windows) -> list[Reading]:
    there = respondents(asked.frozen, question, asked.month.answers)
    return read_export(export(asked.rows, asked.frozen.organisation), asked.frozen, question, there, windows)


def _solve(report: Report, asked: Round, windows: Windows, kind: str) -> None:
    """Both solvers on ours, by every question; HiGHS on the naive rules, on the balance."""
    for question, said in asked.month.answers.items():
        readings = _readings(asked, question, windows)
        try:
            found = attack(readings, said)
        except FitsNothing:
            report.breach("solver", "the export is not what the method says")
            continue
        report.counts["answers under the solver"] += len(found.beside)
        report.counts["fixed, ours"] += found.fixed()
        report.lowest("values, solver", min(found.beside.values(), default=5))
        if found.fixed() or min(found.beside.values(), default=5) < PROMISED_VALUES:
            report.breach("solver", "answers are known, or nearly")
        for names in groups_of(readings).people[:3] if question == "B" else ():
            report.counts["answers under CP-SAT"] += 1
            if possible(readings, names[0], {}) != found.alone[names[0]]:
                report.breach("solver", "the two solvers differ")
    said = asked.month.answers.get("B", {})
    report.counts[f"balances under the solver, {kind}"] += len(said)
    report.counts[f"solved, {kind}"] += 1
    for rule in naive.RULES:
        shown = list(naive.publish_naively(rule, asked.month, asked.frozen.organisation, said).values())
        found = attack(shown, said)
        report.counts[f"fixed, {rule.name}, {kind}"] += found.fixed()
        report.counts[f"broken, {rule.name}, {kind}"] += found.fixed() > 0
        report.counts[f"two left, {rule.name}, {kind}"] += found.down_to(2) - found.fixed()


def _support(report: Report, rounds: Iterable[Round], windows: Windows) -> None:
    for asked in rounds:
        for question in {row.question for row in asked.rows}:
            smallest = smallest_support(_readings(asked, question, windows))
            report.counts["group sets under the rank argument"] += 1
            report.lowest("people in a combination", smallest)
            if smallest < structure.FEWEST:
                report.breach("support", "a combination describes too few people")
