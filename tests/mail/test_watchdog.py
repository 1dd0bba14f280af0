"""A worker that does nothing ends itself."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from pulse import clock, tick

WATCHED = """
from datetime import timedelta
from tasks.watchdog import watch
watch({"tick", "mail"}, every=0.1, after=timedelta(seconds=1.5))
"""


def test_a_worker_without_work_ends_and_one_with_work_goes_on(database: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WATCHED], cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 6
    while time.monotonic() < until:
        tick.beat("mail")
        assert process.poll() is None
        time.sleep(0.2)
    assert process.wait(30) == -signal.SIGTERM


def test_only_its_own_queues_count(database: str) -> None:
    tick.beat("report")
    since = clock.now() - timedelta(minutes=3)
    assert tick.silent({"tick", "mail"}, since)
    assert not tick.silent({"tick", "report"}, since)
    assert tick.silent({"report"}, clock.now() + timedelta(minutes=4))
