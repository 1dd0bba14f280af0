"""Every registered task may run twice: the second time changes nothing, in the database or in anybody's mailbox."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from imapclient import IMAPClient
from sqlalchemy import text

from demo.mailbox import Mailbox
from pulse import answers, clock
from pulse.answers import PRESSED, Said
from pulse.database import engine, transaction
from pulse.rounds.keys import make_keys, stored_keys
from pulse.schedule import schedule_pulse
from tests import factories
from tests.returns.coming_back import report, sent_to
from tests.returns.imap import imap  # noqa: F401  # a fixture

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


RUNNING = {"heartbeat", "instance"}
"""What a tick writes about itself: that it ran, and when."""


def everything() -> dict[str, list[str]]:
    """Every row of every table, and the names of the keys."""
    with engine().connect() as connection:
        names = connection.dialect.get_table_names(connection)
        tables = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    return {name: sorted(map(str, rows)) for name, rows in tables.items()} | {"KEY_DIR": sorted(stored_keys())}


def scheduled() -> None:
    """An organisation whose pulse is due tomorrow, the first Tuesday of November."""
    with clock.replaying(NOW):
        organisation = factories.organisation()
        with transaction() as session:
            schedule_pulse(session, organisation, "Maandelijks", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")


def some_answer_and_an_opening_breaks_off() -> None:
    """Five answer; and a round that was never written has left its keys."""
    for email in ("anna", "n1", "n2", "n3", "n4"):
        link = factories.link(f"{email}@example.org", 1)
        with transaction() as session:
            answers.record(session.connection(), Said(link, PRESSED, link, clock.now(), question="B", option=1))
    make_keys("orphan")
    for path in stored_keys().values():
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))


MOMENTS: tuple[tuple[timedelta, Callable[[], None] | None], ...] = (
    (timedelta(days=1), None),  # the round opens, its letters go out
    (timedelta(days=1, hours=3), some_answer_and_an_opening_breaks_off),
    (timedelta(days=4), None),  # those who are silent are reminded
    (timedelta(days=8, hours=1), None),  # the round closes, reports are asked for, made and sent
    (timedelta(days=15), None),  # who gave nothing back is asked
)


def test_every_task_run_twice_leaves_what_one_run_leaves(
    database: str,
    smtp_sink: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    imap: IMAPClient,  # noqa: F811  # the fixture
) -> None:
    from tasks import app, names

    app.loader.import_default_modules()
    registered = sorted(name for name in app.tasks if not name.startswith("celery."))
    assert registered == sorted(names.QUEUE_OF)
    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)  # each task is run by hand below
    scheduled()
    worked: set[str] = set()
    for since, act in MOMENTS:
        with clock.replaying(NOW + since):
            if act is not None:
                act()
                imap.append("INBOX", report(sent_to("bram@example.org"), "550 5.1.1 no such user"))
            for name in (names.TICK, names.DRAIN_REPORTS, names.DRAIN_MAIL, names.UPKEEP, names.COLLECT_RETURNS):
                if _twice(app.tasks[name], name, smtp_sink):
                    worked.add(name)
    assert worked == set(registered), "a task that had nothing to do was not tried"
    assert smtp_sink.mails


def _twice(task: Any, name: str, mailbox: Mailbox) -> bool:
    """Whether the first run changed anything; the second must not."""
    before = everything()
    task.apply(throw=True)
    once, letters = everything(), len(mailbox.mails)
    task.apply(throw=True)
    twice = everything()
    changed = [table for table in once if table not in RUNNING and once[table] != twice[table]]
    assert not changed, f"{name} run again changed {', '.join(changed)}"
    assert len(mailbox.mails) == letters, f"{name} run again sent mail"
    return any(before[table] != once[table] for table in once if table not in RUNNING)
