"""The disk is full while mail is sent (F10): no mail leaves that is not written down, and it goes on by itself."""

from __future__ import annotations

import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

import config
from benchmarks.mail.sink import Fault, Sink
from pulse import clock, mail, tick
from pulse.database import forget_engine, reading
from pulse.database.migrations import upgrade
from pulse.mail import Message
from pulse.mail.delivery import journal
from tests import factories
from tests.mail.conftest import Serve, row

ANNA = "anna@example.org"


class Disk:
    """A small file system of its own, with the database on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / "filler"

    def fill(self) -> None:
        """Not a byte is left."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def free(self) -> None:
        """There is room again."""
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def disk(environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    environment.setenv("DATABASE_URL", f"sqlite:///{folder / 'ruil.db'}")
    config.settings.cache_clear()
    forget_engine()
    upgrade()
    yield Disk(folder)
    forget_engine()
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def states() -> Counter[str]:
    with reading() as session:
        return Counter(session.scalars(select(Message.state)))


def received(sink: Sink) -> Counter[str]:
    return Counter(taken.recipient for taken in sink.taken)


def test_what_left_before_the_disk_was_full_is_known_and_nothing_leaves_after(
    disk: Disk, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full between a mail's first byte and the word that it was taken: that one is of unknown fate, and no other."""
    monkeypatch.setattr(journal, "PAUSES", (0.01, 0.01))

    def plan(stage: str, whom: str, number: int) -> Fault | None:
        if (stage, whom, number) == ("data", ANNA, 1):
            disk.fill()
        return None

    sink = serve(plan)
    factories.open_round(factories.organisation())
    with pytest.raises(DBAPIError, match="full"):
        mail.drain()
    before = received(sink)
    assert before[ANNA] == 1
    for minutes in (1, 5, 10):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)), suppress(DBAPIError):
            tick.run_until_idle()
    assert received(sink) == before
    assert states()["accepted"] == len(before) - 1
    assert row(ANNA).state == "transmitting"
    disk.free()
    for minutes in (16, 17, 50, 60):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)):
            tick.run_until_idle()
    assert states() == {"accepted": 13}
    assert received(sink) == dict.fromkeys(received(sink), 1) | {ANNA: 2}
    first, second = (taken.content for taken in sink.taken if taken.recipient == ANNA)
    assert first == second
    with sqlite3.connect(disk.folder / "ruil.db") as known:
        assert known.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_room_that_comes_back_while_it_insists_leaves_nothing_unknown(
    disk: Disk, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = serve(lambda stage, whom, number: disk.fill() if (stage, whom, number) == ("data", ANNA, 1) else None)
    factories.open_round(factories.organisation())
    monkeypatch.setattr(journal.time, "sleep", lambda _seconds: disk.free())
    while mail.drain():
        pass
    with clock.replaying(clock.now() + timedelta(minutes=10)):
        tick.run_until_idle()
    assert states() == {"accepted": 13}
    assert set(received(sink).values()) == {1}
