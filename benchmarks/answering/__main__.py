"""`python -m benchmarks.answering`: on SQLite, and on PostgreSQL where BENCH_POSTGRES_URL names a server."""

from __future__ import annotations

import os
import sys
from tempfile import TemporaryDirectory

import config
from benchmarks.answering.inserting import best_rate
from benchmarks.answering.people import Asked, ask
from benchmarks.answering.serving import Rate, load, served
from pulse.database import forget_engine

PEOPLE = 12_000
GOALS = {"GET": 0.60, "sqlite": 0.50, "postgresql": 0.35}
WORKERS = ["--workers", "2", "--blocking-threads", "8", "--no-ws"]
"""As in the Procfile."""
SLOWEST = 100.0
"""p99 of a POST at 32 clients, in milliseconds."""


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    print(f"{'what':44}{'a second':>10}{'p99 ms':>9}{'failed':>8}{'ratio':>8}{'goal':>8}")
    with TemporaryDirectory() as folder:
        missed = _on("sqlite", f"sqlite:///{folder}/ruil.db", folder)
        if address := os.environ.get("BENCH_POSTGRES_URL"):
            missed += _on("postgresql", address, folder)
    return 1 if missed else 0


def _on(kind: str, address: str, folder: str) -> int:
    os.environ.update(
        DATABASE_URL=address, KEY_DIR=f"{folder}/keys-{kind}", DEVELOPMENT="true", BASE_URL="http://127.0.0.1:8000"
    )
    forget_engine()
    config.settings.cache_clear()
    asked = ask(PEOPLE)
    missed = 0
    if kind == "sqlite":
        with served("benchmarks.answering.hello:app", WORKERS) as hello:
            peer = load(hello, [Asked("/", "")])
        _print("hello-world Flask", peer)
        with served("pulse:create_app", ["--factory", *WORKERS]) as ruil:
            load(ruil, asked, seconds=2)
            shown = load(ruil, asked)
        missed += _print("GET of an answer page", shown, shown.per_second / peer.per_second, GOALS["GET"])
    limit, connections = best_rate()
    print(f"{f'bare INSERT loop, {kind}, {connections} connections':44}{limit:10.0f}")
    with served("pulse:create_app", ["--factory", *WORKERS]) as ruil:
        kept = load(ruil, asked, method="POST", seconds=5)
    forget_engine()
    return (
        missed + _print(f"POST of an answer, {kind}", kept, kept.per_second / limit, GOALS[kind]) + (kept.p99 > SLOWEST)
    )


def _print(what: str, rate: Rate, ratio: float | None = None, goal: float | None = None) -> bool:
    compared = f"{ratio:8.2f}{goal:8.2f}" if ratio is not None and goal is not None else ""
    print(f"{what:44}{rate.per_second:10.0f}{rate.p99:9.1f}{rate.failed:8d}{compared}")
    return ratio is not None and goal is not None and ratio < goal


if __name__ == "__main__":
    sys.exit(main())
