"""`python -m benchmarks.closing`: on SQLite, and on PostgreSQL where BENCH_POSTGRES_URL names a server."""

from __future__ import annotations

import argparse
import os
import sys
import time
from math import log
from tempfile import TemporaryDirectory

from benchmarks.closing.measuring import Closed, in_processes_of_their_own
from pulse.answers.box import opener, seal

SIZES = ((1_000, 60), (10_000, 300), (100_000, 3_000), (1_000_000, 30_000))
"""People and teams."""
STEEPEST = 1.1
"""Slope of the seconds on log axes, from the smallest size to the largest."""
PER_SECOND = 20_000
"""Answers opened, counted and published a second."""
OF_THE_LIMIT = PER_SECOND / 32_000
"""The same as a share of what one core can open: holds on a machine that is slow or busy, too."""


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    largest = parser.parse_args().largest
    limit = _seals_a_second()
    print(f"opening a seal: {1e6 / limit:.0f} µs, so at most {limit:,.0f} a second on one core")
    print("                people    answers  figures  seconds  published  computing  answers/s  of limit   MiB")
    missed = False
    with TemporaryDirectory() as folder:
        stores = {"sqlite": f"sqlite:///{folder}/ruil.db"}
        if address := os.environ.get("BENCH_POSTGRES_URL"):
            stores["postgresql"] = address
        for kind, address in stores.items():
            found = []
            for size in SIZES:
                if size[0] <= largest:
                    found.append(in_processes_of_their_own(kind, address, folder, *size))
                    _print(kind, found[-1], limit)
            missed |= _judge(kind, found, limit)
    return 1 if missed else 0


def _seals_a_second() -> float:
    """Of processor time, so that other work on the machine does not lower the limit."""
    from nacl.public import PrivateKey

    private = PrivateKey.generate()
    sealed = [seal(bytes(private.public_key), number % 5) for number in range(2000)]
    open_sealed = opener(bytes(private))
    started = time.process_time()
    for one in sealed:
        open_sealed(one)
    return len(sealed) / (time.process_time() - started)


def _print(kind: str, one: Closed, limit: float) -> None:
    rate = one.answers / one.seconds
    print(
        f"{kind:12}{one.people:10,}{one.answers:11,}{one.figures:9,}{one.seconds:9.1f}{one.publishing:11.1f}"
        f"{one.computing:11.1f}{rate:11,.0f}{rate / limit:10.2f}{one.peak:6}",
        flush=True,
    )


def _judge(kind: str, found: list[Closed], limit: float) -> bool:
    """Slope and rate; the rate where there is enough to do for it to mean something."""
    first, last = found[0], found[-1]
    slope = log(last.seconds / first.seconds) / log(last.people / first.people) if last is not first else 0.0
    best = max(one.answers / one.seconds / limit for one in found[1:] or found)
    print(f"{kind}: slope {slope:.2f} (goal: at most {STEEPEST}); {best:.2f} of the limit (goal: {OF_THE_LIMIT:.2f})")
    return slope > STEEPEST or best < OF_THE_LIMIT


if __name__ == "__main__":
    sys.exit(main())
