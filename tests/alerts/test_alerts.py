"""What administrators are told by mail: each thing once, in their language, and never a flood."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

import config
from demo.mailbox import Mailbox
from pulse import accounts, alerts, clock, mail
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.mail.tables import MailSender
from pulse.schedule import schedule_pulse
from tests import factories

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A day before the first Tuesday of March."""


@pytest.fixture
def made(database: str) -> int:
    """An organisation with two administrators, who read different languages."""
    made = factories.organisation()
    with transaction() as session:
        accounts.create_administrator(session, made, "hr@example.org", "nl")
        accounts.create_administrator(session, made, "chief@example.org", "en")
    return made


def told(now: datetime) -> list[tuple[str, str, str]]:
    """Tell what there is to tell at that moment; everything told so far: letter, address, language."""
    with clock.replaying(now):
        with reading() as session:
            notices = alerts.noticed(session, clock.now())
        with transaction() as session:
            alerts.tell(session, notices, clock.now())
    return queued()


def queued() -> list[tuple[str, str, str]]:
    """The alerts in the outbox."""
    with reading() as session:
        rows = session.scalars(
            select(Message)
            .where(Message.kind.in_(("round_coming", "round_opened", "problem")))
            .order_by(Message.created_at, Message.number)
        )
        return [(message.facts.get("problem", message.kind), message.address, message.language) for message in rows]


def both(kind: str) -> list[tuple[str, str, str]]:
    """One letter to each administrator."""
    return [(kind, "hr@example.org", "nl"), (kind, "chief@example.org", "en")]


def test_a_round_that_comes_is_told_once_three_days_before(made: int, smtp_sink: Mailbox) -> None:
    with clock.replaying(MONDAY - timedelta(days=20)), transaction() as session:
        schedule_pulse(session, made, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
    assert told(MONDAY - timedelta(days=4)) == []
    for hours in (0, 1, 20):
        assert told(MONDAY - timedelta(days=1) + timedelta(hours=hours)) == both("round_coming")
    with clock.replaying(MONDAY):
        mail.drain()
    dutch, english = (item.parsed() for item in smtp_sink.mails)
    assert dutch["subject"] == "Op dinsdag 3 maart gaat je volgende ronde open"
    assert english["subject"] == "On Tuesday 3 March your next round opens"
    text = dutch.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Om 10:00 krijgen 13 mensen één vraag." in text


def test_whoever_has_just_planned_it_is_not_told(made: int) -> None:
    with clock.replaying(MONDAY - timedelta(hours=5)), transaction() as session:
        schedule_pulse(session, made, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
    assert told(MONDAY) == []


def test_a_round_that_opened_is_told_once_and_the_next_day_is_no_news(made: int) -> None:
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
    assert told(MONDAY + timedelta(minutes=1)) == both("round_opened")
    assert told(MONDAY + timedelta(hours=3)) == both("round_opened")
    with transaction() as session:
        session.execute(update(alerts.Alert).values(standing=None))
    assert told(MONDAY + timedelta(days=2)) == both("round_opened")


def test_many_refused_invitations_are_told_and_a_few_are_not(made: int) -> None:
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
    later = MONDAY + timedelta(days=2)
    for lost, expected in ((4, []), (5, both("bounces")), (8, both("bounces"))):
        with transaction() as session:
            some = session.scalars(select(Message).where(Message.kind == "invitation").limit(lost))
            for message in some:
                message.state = "bounced"
        assert told(later) == expected


def test_missing_keys_are_told_again_only_after_they_were_back_for_a_day(made: int) -> None:
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
    [key] = Path(config.settings().key_dir).glob("*.box")
    content, later = key.read_bytes(), MONDAY + timedelta(days=2)
    key.unlink()
    assert told(later) == both("keys")
    key.write_bytes(content)
    assert told(later + timedelta(hours=1)) == both("keys")
    key.unlink()
    assert told(later + timedelta(hours=2)) == both("keys")
    assert told(later + timedelta(hours=26)) == both("keys") + both("keys")


def test_mail_that_waited_is_told_once_the_server_has_us_again(made: int, smtp_sink: Mailbox) -> None:
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
    later = MONDAY + timedelta(days=1, hours=2)
    with transaction() as session:
        session.add(MailSender(name="@x:25", share=1.0, failures=3, held_until=later, held_reason="It refuses us."))
    assert told(later) == both("waiting")
    assert told(later + timedelta(hours=5)) == both("waiting")
    with clock.replaying(later + timedelta(hours=6)):
        mail.drain()
    [text] = [item.parsed() for item in smtp_sink.mails if item.recipient == "chief@example.org"]
    assert text["subject"] == "Mail had to wait for the mail server"


def test_two_ticks_at_once_tell_nothing_twice(made: int) -> None:
    factories.open_round(made)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: told(clock.now()), range(4)))
    assert queued() == both("round_opened")


def test_another_organisations_administrators_hear_nothing(made: int) -> None:
    other = factories.organisation(factories.ROSTER.replace("@", "@riet."), "Het Riet")
    with transaction() as session:
        accounts.create_administrator(session, other, "otto@example.org", "nl")
    factories.open_round(made)
    with transaction() as session:
        alerts.tell(session, alerts.noticed(session, clock.now()), clock.now())
    assert queued() == both("round_opened")
