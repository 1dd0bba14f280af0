"""Many senders at once: the limits hold for all of them together, and one that slept delivers nothing late."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
from sqlalchemy import func, select

import config
from benchmarks.mail.sink import Fault, Sink
from pulse import clock, mail, tick
from pulse.database import Instance, held, reading, transaction
from pulse.mail import Message
from pulse.mail.delivery import sender
from pulse.rounds import Round
from pulse.schedule import schedule_pulse
from tests import factories
from tests.mail.conftest import Serve, row

ANNA = "anna@example.org"
SLEEPY = """
from pulse.mail.delivery.sending import Patience, drain
print(dict(drain(patience=Patience(conversation=0.5, after_dot=0.5))))
"""


def limit(environment: pytest.MonkeyPatch, words: str) -> None:
    environment.setenv("MAIL_LIMITS", words)
    config.settings.cache_clear()


def received(sink: Sink) -> Counter[str]:
    return Counter(taken.recipient for taken in sink.taken)


def test_limits_hold_for_all_workers_together(a_round: int, serve: Serve, environment: pytest.MonkeyPatch) -> None:
    sink = serve()
    limit(environment, "5/minute,11/hour")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: mail.drain(), range(8)))
    assert len(sink.taken) == 5
    sent = {5: 0}
    for minutes in (1.1, 2.2, 3.3, 59, 62, 64):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)):
            mail.drain()
        sent[len(sink.taken)] = sent.get(len(sink.taken), 0) + 1
    assert list(sent) == [5, 10, 11, 13]
    assert set(received(sink).values()) == {1}


def test_ten_ticks_at_once_open_one_round_and_send_each_letter_once(database: str, serve: Serve) -> None:
    """F5: two beats and eight ticks, when a round is due and when reminders are."""
    sink, planned = serve(), datetime(2026, 11, 3, 9, tzinfo=UTC)
    organisation_id = factories.organisation()
    with clock.replaying(planned - timedelta(days=9)), transaction() as session:
        schedule_pulse(
            session, organisation_id, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time_of_day(10), "Europe/Amsterdam"
        )

    def work(after: timedelta) -> Counter[str]:
        with clock.replaying(planned + after):
            return tick.run_until_idle()

    done = Counter[str]()
    for after in (timedelta(), timedelta(days=2, minutes=1)):
        with ThreadPoolExecutor(10) as pool:
            done.update(sum(pool.map(work, [after] * 10), Counter()))
    assert done["failed"] == 0
    with reading() as session:
        assert session.scalar(select(func.count(Round.id))) == 1
        assert session.scalar(select(func.count(Instance.name))) == 1
        assert not held(session)
        letters = Counter(session.scalars(select(Message.address).where(Message.kind.in_(("invitation", "reminder")))))
    assert received(sink) == letters
    assert letters["anna@example.org"] == 2


def test_a_server_that_asks_for_fewer_gets_half_and_more_again_with_time(
    a_round: int, serve: Serve, environment: pytest.MonkeyPatch
) -> None:
    serve(lambda stage, whom, number: Fault("450 4.7.1 slow down") if (stage, whom) == ("recipient", ANNA) else None)
    limit(environment, "40/minute")
    assert mail.drain() == {"accepted": 12, "deferred": 1}
    for minutes, most in ((1, 20), (5, 27), (11, 40)):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)), reading() as session:
            assert abs(sender.limits_now(session, clock.now())["minute"] - most) <= 2


def test_a_sender_that_was_stopped_past_its_lease_delivers_nothing(a_round: int, serve: Serve, database: str) -> None:
    sleeper: list[subprocess.Popen[str]] = []

    def stop(stage: str, whom: str, number: int) -> Fault | None:
        if (stage, whom, number) == ("data", ANNA, 1):
            os.kill(sleeper[0].pid, signal.SIGSTOP)
        return None

    sink = serve(stop)
    command = [sys.executable, "-c", SLEEPY]
    sleeper.append(subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True))
    while not sink.seen["data", ANNA]:
        time.sleep(0.05)
    time.sleep(3)
    for minutes in (5, 40):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)):
            with transaction() as session:
                mail.reclaim(session, clock.now(), arrived=lambda _session, _invitation: False)
            mail.drain()
    assert row(ANNA).state == "accepted"
    os.kill(sleeper[0].pid, signal.SIGCONT)
    said, _ = sleeper[0].communicate(timeout=60)
    assert "'lost'" in said
    assert set(received(sink).values()) == {1}
    assert len(received(sink)) == 13
    assert row(ANNA).state == "accepted"
