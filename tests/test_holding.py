"""A clock that jumps and a database that is an older copy stop everything until somebody has looked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from config import settings
from demo.mailbox import Mailbox
from pulse import clock, holding, schedule, tick
from pulse.clock import Reading
from pulse.database import Hold, Instance, held, reading, transaction
from pulse.mail import Message
from pulse.rounds import Round
from pulse.schedule import PulseDate
from tests import factories

NOON = datetime(2026, 12, 1, 8, tzinfo=UTC)


def at(wall: timedelta, running: timedelta) -> list[str]:
    """One tick, this long after noon by the wall clock and by the clock that nobody sets; why Ruil is held."""
    machine = Reading(NOON + wall, 1_000 + running.total_seconds())
    with clock.replaying(machine.wall, machine):
        tick.run()
    with reading() as session:
        return [hold.kind for hold in session.scalars(select(Hold).where(Hold.released_at.is_(None)))]


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("wall", "running", "expected"),
    [
        (hours(1), hours(1), []),
        (hours(1.9), hours(0), []),
        (hours(3), hours(0), ["clock_forward"]),
        (timedelta(days=40), hours(0), ["clock_forward"]),
        (timedelta(minutes=-4), hours(0), []),
        (hours(-3), hours(0), ["clock_back"]),
        (timedelta(days=3), timedelta(days=3), []),  # downtime is no jump
    ],
)
def test_a_jump_is_what_one_clock_did_and_the_other_did_not(
    database: str, wall: timedelta, running: timedelta, expected: list[str]
) -> None:
    assert at(hours(0), hours(0)) == []
    assert at(wall, running) == expected


def test_after_a_restart_only_going_back_can_be_told(database: str) -> None:
    at(hours(0), hours(0))
    holding.forget_clocks()
    assert at(timedelta(days=30), hours(0)) == []
    holding.forget_clocks()
    assert at(hours(0), hours(5)) == ["clock_back"]


def test_nothing_is_opened_or_sent_until_released(database: str, smtp_sink: Mailbox, app: Flask) -> None:
    organisation_id = factories.organisation()
    with clock.replaying(NOON - timedelta(days=9)), transaction() as session:
        schedule.schedule_pulse(
            session, organisation_id, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam"
        )
    at(hours(0), hours(0))
    assert at(hours(2.5), hours(0)) == ["clock_forward"]
    with clock.replaying(NOON + hours(2.5)):
        tick.run_until_idle()
    assert not smtp_sink.mails
    with reading() as session:
        assert not session.scalars(select(Round)).all()
        assert any("jumped forward by 2 hours and 30 minutes" in said for said in tick.health(session, NOON))
    done = app.test_cli_runner().invoke(args=["hold", "release", "--yes"])
    assert "goes on" in done.output
    with clock.replaying(NOON + hours(2.6)):
        tick.run_until_idle()
    assert len(smtp_sink.mails) == 13


def test_a_clock_that_was_set_back_goes_on_by_itself_once_it_has_caught_up(database: str) -> None:
    at(hours(0), hours(0))
    assert at(hours(-1), hours(0)) == ["clock_back"]
    assert at(hours(-0.5), hours(0.5)) == ["clock_back"]
    assert at(hours(0.1), hours(1.1)) == []


def test_yesterdays_backup_sends_nothing_before_somebody_confirms(database: str, smtp_sink: Mailbox) -> None:
    """F23: the database goes back a day, in which this month's round was sent and another became due."""
    organisation_id = factories.organisation()
    with clock.replaying(NOON - timedelta(days=9)), transaction() as session:
        schedule.schedule_pulse(
            session, organisation_id, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam"
        )
    for moment in (NOON - timedelta(days=1), NOON - hours(2)):
        with clock.replaying(moment):
            tick.run()
    with transaction() as session:
        backup = session.scalars(select(Instance.turn)).one() - 1
        session.scalars(select(Instance)).one().turn = backup  # as the dump of the evening before has it
    for moment in (NOON + hours(1.5), NOON + hours(30)):
        with clock.replaying(moment):
            tick.run_until_idle()
    assert not smtp_sink.mails
    with reading() as session:
        assert held(session)
    holding.release("hr@example.org", NOON + hours(31))
    with clock.replaying(NOON + hours(31)):
        tick.run_until_idle()
    with reading() as session:
        assert not held(session)
        # It may have been sent before the restore, so it is not sent again by itself.
        assert session.scalars(select(PulseDate.skipped)).all() == ["restored"]
    assert not smtp_sink.mails


def test_a_mail_that_may_have_been_sent_before_a_restore_is_not_sent_again(database: str, smtp_sink: Mailbox) -> None:
    with clock.replaying(NOON):
        factories.open_round(factories.organisation(), date(2026, 12, 1))
        tick.run()
    mark = settings().broker_dir / "instance"
    known = json.loads(mark.read_text())
    mark.write_text(json.dumps({**known, "turn": known["turn"] + 100}))
    for later in (hours(1), hours(2)):
        with clock.replaying(NOON + later):
            tick.run_until_idle()
        holding.release("hr@example.org", NOON + later)
    assert not smtp_sink.mails
    with reading() as session:
        assert set(session.execute(select(Message.state, Message.reason)).all()) == {("unknown", "restored")}


def test_another_database_in_its_place_holds_and_a_lost_mark_does_not(database: str) -> None:
    with clock.replaying(NOON):
        tick.run()
        (settings().broker_dir / "instance").write_text(json.dumps({"name": "somebody else", "turn": 5}))
        tick.run()
        with reading() as session:
            assert held(session)
        holding.release("hr@example.org", NOON)
        (settings().broker_dir / "instance").unlink()
        tick.run()
    with reading() as session:
        assert not held(session)


def test_the_real_clocks_agree(database: str) -> None:
    assert clock.reading() is not None
    tick.run()
    tick.run()
    with reading() as session:
        assert not held(session)
