"""The one table of a run: what was tried, what was seen, what it costs, and what broke."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from benchmarks.disclosure import guessing, usefulness
from benchmarks.disclosure.attack import Report, of_the_design
from benchmarks.disclosure.naive import RULES
from benchmarks.disclosure.worlds import KINDS

WIDTH = 66
ENOUGH_CONTROLS = 8
"""Organisations under the solver from which each of the usual rules must be broken somewhere."""
TRIED = {
    "organisations": "organisations",
    "rounds": "rounds",
    "answers": "answers",
    "cases": "pairs of a person and a coalition up to C(n), all enumerated",
    "re-runs": "months published again as a twin",
    "cases re-run": "pairs whose every value had a witness in a re-run",
    "histories re-run": "whole histories published again, with all stories",
    "answers under the solver": "answers under HiGHS, alone and beside every insider",
    "answers under CP-SAT": "answers under CP-SAT, to compare",
    "group sets under the rank argument": "sets of published groups under the rank argument",
}


def guess_breaches(report: Report) -> None:
    """The limits of B6.5, for every size and habit."""
    for minimum_group in (5, 8):
        for guess in guessing.guesses(guessing.ours(minimum_group), minimum_group):
            if guess.right > guessing.most_right(guess) or guess.sure > guessing.MOST_SURE:
                report.breach("guessing", "a joiner's answer is named too often")


def control_breaches(report: Report) -> None:
    """An attack that does not break the usual rules is too weak to say anything of ours."""
    solved = sum(report.counts[f"solved, {kind}"] for kind in KINDS)
    for rule in RULES:
        fixed = sum(report.counts[f"fixed, {rule.name}, {kind}"] for kind in KINDS)
        if solved >= ENOUGH_CONTROLS and not fixed:
            report.breach("control", f"{rule.name} was not broken")


def usefulness_breaches(report: Report) -> None:
    """Safety that costs teams their figures is not the promise either."""
    if usefulness.too_few_kept(report.tallies["ordinary"]):
        report.breach("usefulness", f"fewer than {usefulness.LEAST_KEPT:.0%} of teams keep a figure of their own")


def print_table(report: Report, caught: Mapping[str, Sequence[str]], asked: Namespace, seconds: float) -> None:
    """Everything, line by line."""
    print(f"seed {asked.seed}, {asked.months} months, {seconds / 60:.1f} minutes")
    if report.counts["organisations"] < asked.organisations:
        print(f"time was up: {report.counts['organisations']} of {asked.organisations} organisations")
    for title, lines in (
        ("Tried", ((told, f"{report.counts[name]:,}") for name, told in TRIED.items())),
        ("Seen", _seen(report)),
        ("Answers known for certain to some colleague", _fixed(report)),
        ("Guessing a joiner's answer (blind 0.40): right, over 90 % sure", _guesses()),
        ("Mutants, and what caught them", ((name, ", ".join(checks) or "NOTHING") for name, checks in caught.items())),
        *((f"Usefulness, {kind} organisations", usefulness.lines(report.tallies[kind])) for kind in KINDS),
        ("Usefulness, 400 ordinary organisations of about 130 people", usefulness.kept(of_the_design(asked.seed))),
        ("Breaches", ((name, str(count)) for name, count in sorted(report.breaches.items()))),
    ):
        print(f"\n{title}")
        empty = True
        for name, said in lines:
            print(f"  {name:<{WIDTH}} {said}")
            empty = False
        if empty:
            print("  none")


def _seen(report: Report) -> Iterator[tuple[str, str]]:
    for name in ("values, enumerated", "values, re-run", "values, solver", "people in a combination"):
        promised = 5 if name.startswith("people") else 3
        yield f"least {name} (promised: {promised})", str(report.least.get(name, "not tried"))


def _fixed(report: Report) -> Iterator[tuple[str, str]]:
    counts = report.counts
    yield "Ruil, every question", f"{counts['fixed, ours']} of {counts['answers under the solver']:,}"
    for kind in KINDS:
        for rule in RULES:
            name = f"{rule.name}, {kind}"
            yield (
                f"{kind}: {rule.name}",
                f"{counts[f'fixed, {name}']} of {counts[f'balances under the solver, {kind}']:,}, "
                f"in {counts[f'broken, {name}']} of {counts[f'solved, {kind}']} organisations; "
                f"{counts[f'two left, {name}']} more down to two",
            )


def _guesses() -> Iterator[tuple[str, str]]:
    for name, publish, minimum_group in (
        ("exact means", guessing.exactly, 5),
        ("Ruil", guessing.ours(5), 5),
        ("Ruil, strict", guessing.ours(8), 8),
    ):
        found = list(guessing.guesses(publish, minimum_group))
        for told, some in (
            ("60-80 % repeat", [guess for guess in found if guess.repeated < 1]),
            ("all others repeat exactly", [guess for guess in found if guess.repeated == 1]),
        ):
            right, sure = [guess.right for guess in some], [guess.sure for guess in some]
            worst = max(some, key=lambda guess: guess.right)
            yield (
                f"{name}, {told}",
                f"{min(right):.2f}-{max(right):.2f} (mean {fmean(right):.2f}, worst from {worst.people} people), "
                f"{min(sure):.0%}-{max(sure):.0%}{_above(right)}",
            )


def _above(right: Sequence[float]) -> str:
    count = sum(found > guessing.MOST_RIGHT for found in right)
    return f"; above {guessing.MOST_RIGHT} at {count} of {len(right)}" if count else ""
