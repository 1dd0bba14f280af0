"""`python -m benchmarks.disclosure`: the whole attack, one table, and a non-zero exit on any breach."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

from benchmarks.disclosure.attack import Depth, Report, attack_world
from benchmarks.disclosure.mutants import MUTANTS, attack_mutant
from benchmarks.disclosure.table import control_breaches, guess_breaches, print_table, usefulness_breaches
from benchmarks.disclosure.windows import Windows
from benchmarks.disclosure.worlds import world

PROCESSES = 2
IN_ONE_GO = 5
SOLVED_OF_TEN = (4, 5)
"""Of every ten organisations these meet the solvers: an ordinary one and one of any mood."""


def attack_some(seed: int, numbers: list[int], months: int) -> Report:
    """The checks of science.md B6 on some organisations; runs in a process of its own."""
    report, windows = Report(), Windows()
    for number in numbers:
        solved = number % 10 in SOLVED_OF_TEN
        depth = Depth(twin_months=2, solver_months=1 if solved else 0)
        report.take(attack_world(world(seed, number, months), seed, windows, depth))
    return report


def mutant_report(name: str, seed: int) -> Report:
    """A mutant before a dozen small organisations."""
    return attack_mutant(name, [world(seed, number, months=4, largest=80) for number in range(12)], seed, reruns=400)


def everything(seed: int, organisations: int, months: int, deadline: float) -> tuple[Report, dict[str, list[str]]]:
    """All organisations, as far as time reaches, then the mutants."""
    report, caught = Report(), {}
    with ProcessPoolExecutor(PROCESSES) as pool:
        mutants = {name: pool.submit(mutant_report, name, seed) for name in MUTANTS}
        waiting: set[Future[Report]] = set()
        for numbers in _batches(organisations):
            if time.monotonic() > deadline:
                break
            waiting.add(pool.submit(attack_some, seed, numbers, months))
            while len(waiting) > PROCESSES:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    report.take(one.result())
        for one in waiting:
            report.take(one.result())
        for name, future in mutants.items():
            caught[name] = future.result().caught_by()
    return report, caught


def _batches(organisations: int) -> Iterator[list[int]]:
    for start in range(0, organisations, IN_ONE_GO):
        yield list(range(start, min(start + IN_ONE_GO, organisations)))


def main() -> int:
    """Run, print, and say whether anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--organisations", type=int, default=1000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--minutes", type=float, default=12)
    asked = parser.parse_args()
    started = time.monotonic()
    report, caught = everything(asked.seed, asked.organisations, asked.months, started + 60 * asked.minutes)
    for name, checks in caught.items():
        if not checks:
            report.breach("mutants", f"{name} was not caught")
    guess_breaches(report)
    control_breaches(report)
    usefulness_breaches(report)
    print_table(report, caught, asked, time.monotonic() - started)
    return 1 if report.breaches else 0


if __name__ == "__main__":
    sys.exit(main())
