"""`python -m benchmarks.reports [--reports 2000]`: a round's reports on two workers, beside two slower ways."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from benchmarks.reports.organisation import ask_for, organisation
from benchmarks.reports.peers import chromium_each, chromium_warm, fresh_process
from pulse.database import forget_engine, reading
from pulse.database.migrations import upgrade
from pulse.reports.gathering import page_for

WORKERS = 2
EACH, RATE, ALL, BYTES, MEMORY, SLOWER = 120.0, 15.0, 140.0, 60_000, 200, 7.0
"""Goals of the design: ms a report on one core, reports a second, seconds for 2,000, bytes, MiB, times slower."""
WORK = """
import json, os, re, resource, time
from pathlib import Path
from pulse import reports
from pulse.reports.render import press
begun = time.perf_counter()
done = reports.drain_reports(limit=10**6, budget_seconds=1200)
seconds = time.perf_counter() - begun
def most(pid):
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
child = press()._child
spent = sum(map(int, Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
# Children that drew their share and were replaced count too.
before = resource.getrusage(resource.RUSAGE_CHILDREN)
spent = spent / os.sysconf("SC_CLK_TCK") + sum(resource.getrusage(resource.RUSAGE_SELF)[:2]) + sum(before[:2])
drawing = max(most(child.pid), before.ru_maxrss / 1024)
told = {"seconds": seconds, "done": dict(done), "worker": most("self"), "child": drawing, "spent": spent}
print(json.dumps(told))
press().close()
"""


def main() -> int:
    """Measure and print; 1 where a goal is missed."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    reader.add_argument("--reports", type=int, default=2000)
    reader.add_argument("--sample", type=int, default=30, help="Of the slower ways; the rest is extrapolated.")
    chosen = reader.parse_args()
    with TemporaryDirectory() as folder:
        _settings(folder)
        upgrade()
        round_id = organisation(chosen.reports)
        ask_for(round_id, chosen.reports)
        with reading() as session:
            teams = [f"Zorg / Afdeling {number // 10} / Team {number}" for number in range(chosen.sample)]
            pages = [page_for(session, round_id, team, "nl") for team in teams]
        workers, seconds = _drained()
        sizes = [file.stat().st_size for file in Path(folder, "reports").glob("*.pdf")]
    slower = {
        "WeasyPrint, a fresh process each": fresh_process(pages),
        "Chromium --print-to-pdf, a process each": chromium_each(pages),
        "Chromium, two kept open": chromium_warm(pages * 3),
    }
    return _told(chosen.reports, workers, seconds, sizes, slower)


def _settings(folder: str) -> None:
    os.environ.update(
        DATABASE_URL=f"sqlite:///{folder}/ruil.db",
        KEY_DIR=f"{folder}/keys",
        REPORT_DIR=f"{folder}/reports",
        DEVELOPMENT="true",
        BASE_URL="http://127.0.0.1:8000",
    )
    forget_engine()
    config.settings.cache_clear()


def _drained() -> tuple[list[dict[str, float]], float]:
    """Two workers at once, each as Celery's is: one process, and its child that draws."""
    begun = time.perf_counter()
    running = [subprocess.Popen([sys.executable, "-c", WORK], stdout=subprocess.PIPE) for _ in range(WORKERS)]
    told = [json.loads(process.communicate()[0]) for process in running]
    return told, time.perf_counter() - begun


def _told(
    reports: int, workers: list[dict[str, float]], seconds: float, sizes: list[int], slower: dict[str, float]
) -> int:
    rate = reports / seconds
    memory = max(worker["child"] for worker in workers)
    checks = [
        ("ms a report on one core", 1000 * WORKERS / rate, EACH),
        ("ms of processor time a report", 1000 * sum(worker["spent"] for worker in workers) / reports, EACH),
        ("reports a second on two cores, at least", rate, -RATE),
        ("seconds for 2,000", 2000 / rate, ALL),
        ("bytes of the largest report", max(sizes), BYTES),
        ("MiB of the drawing process at most", memory, MEMORY),
        ("MiB of the worker beside it at most", max(worker["worker"] for worker in workers), MEMORY),
    ]
    print(f"{reports} reports, {WORKERS} workers, load of the machine before: {os.getloadavg()[2]:.1f}")
    missed = 0
    for name, value, goal in checks:
        kept = value >= -goal if goal < 0 else value <= goal
        missed += not kept
        print(f"  {name:44}{value:12.1f}   goal {abs(goal):g}   {'kept' if kept else 'MISSED'}")
    made = sum(worker["done"].get("built", 0) for worker in workers)  # type: ignore[attr-defined]  # counts by end
    print(f"  {'made':44}{made:12d}")
    for name, theirs in slower.items():
        print(f"  {name:44}{2000 / theirs:12.1f}   s for 2,000 (extrapolated), {rate / theirs:.1f} times as long")
    missed += rate / slower["WeasyPrint, a fresh process each"] < SLOWER
    missed += made != reports
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
