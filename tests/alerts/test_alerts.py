"""What administrators are told by mail: each thing once, in their language, and never a flood."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

import config
from demo.mailbox import Mailbox
from pulse import accounts, alerts, clock, holding, mail, tick
from pulse.clock import Reading
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.mail.delivery.sender import sender_name
from pulse.mail.tables import MailSender
from pulse.schedule import Pulse, advance, schedule_pulse, skip_date
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
            .where(Message.kind.in_(("round_coming", "round_opened", "problem", "standstill")))
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
        session.add(
            MailSender(name=sender_name(), share=1.0, failures=3, held_until=later, held_reason="It refuses us.")
        )
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


def monthly(organisation_id: int, when: datetime) -> None:
    """A pulse on the first Tuesday at ten, planned at that moment."""
    with clock.replaying(when), transaction() as session:
        schedule_pulse(session, organisation_id, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")


def work(wall: datetime, running: timedelta) -> None:
    """Everything that is due, when the wall clock and the clock that nobody sets say so."""
    with clock.replaying(wall, Reading(wall, 1_000 + running.total_seconds())):
        tick.run_until_idle()


def read(box: Mailbox, address: str) -> list[tuple[str, str]]:
    """Subject and text of what somebody got."""
    mails = [item.parsed() for item in box.mails if item.recipient == address]
    return [
        (each["subject"], " ".join(each.get_body(("plain",)).get_content().split()))  # type: ignore[union-attr]
        for each in mails
    ]


def test_that_ruil_stands_still_is_mailed_at_once_and_once_and_nothing_else_is(made: int, smtp_sink: Mailbox) -> None:
    monthly(made, MONDAY - timedelta(days=20))
    work(MONDAY - timedelta(days=1), timedelta())
    before = len(smtp_sink.mails)  # the round that comes
    jumped = MONDAY + timedelta(days=1)
    for minutes in (0, 1, 300):
        work(jumped + timedelta(minutes=minutes), timedelta(minutes=minutes))
    assert len(smtp_sink.mails) == before + 2
    [_, (dutch, _)], [_, (english, text)] = read(smtp_sink, "hr@example.org"), read(smtp_sink, "chief@example.org")
    assert (dutch, english) == (
        "Ruil staat stil tot je het verder laat gaan",
        "Ruil stands still until you let it go on",
    )
    assert "jumped forward by 48 hours and 0 minutes" in text
    assert "/admin/hold" in text
    holding.release("chief@example.org", jumped + timedelta(hours=6))
    work(jumped + timedelta(hours=6), timedelta(hours=6))
    assert len([subject for subject, _ in read(smtp_sink, "chief@example.org") if "stands still" in subject]) == 1
    assert read(smtp_sink, "anna@example.org")


def test_a_restored_database_is_mailed_with_what_it_means(made: int, smtp_sink: Mailbox) -> None:
    work(MONDAY, timedelta())
    mark = config.settings().broker_dir / "instance"
    mark.write_text(mark.read_text().replace('"turn": ', '"turn": 9'))
    for hours in (1, 2):
        work(MONDAY + timedelta(hours=hours), timedelta(hours=hours))
    [(_, text)] = read(smtp_sink, "hr@example.org")
    assert "teruggezet uit een back-up" in text
    assert "geen andere kopie" in text


def test_a_standstill_that_is_over_before_the_server_has_us_again_is_not_mailed(
    made: int, environment: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    environment.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    config.settings.cache_clear()
    work(MONDAY, timedelta())
    work(MONDAY + timedelta(hours=3), timedelta())
    assert queued() == both("standstill")
    holding.release("hr@example.org", MONDAY + timedelta(hours=4))
    sink: Mailbox = request.getfixturevalue("smtp_sink")
    work(MONDAY + timedelta(hours=5), timedelta(hours=2))
    assert sink.mails == []
    with reading() as session:
        assert set(session.execute(select(Message.state, Message.reason)).all()) == {("cancelled", "over")}


@pytest.mark.parametrize(
    ("why", "expected"), [("late", "more than five days"), ("nobody", "nobody to ask"), ("restored", "restored")]
)
def test_a_date_that_was_skipped_is_told_once_with_the_reason(
    made: int, smtp_sink: Mailbox, why: str, expected: str
) -> None:
    monthly(made, MONDAY - timedelta(days=20))
    if why == "late":
        work(MONDAY + timedelta(days=8), timedelta())
    else:
        with clock.replaying(MONDAY + timedelta(days=8)), transaction() as session:
            pulse = session.scalars(select(Pulse)).one()
            skip_date(session, pulse, date(2026, 3, 3), why)
            advance(session, pulse, date(2026, 3, 3))
    for hours in (1, 2, 50):
        work(MONDAY + timedelta(days=8, hours=hours), timedelta(hours=hours))
    [(subject, text)] = read(smtp_sink, "chief@example.org")
    assert subject == "There was no round on Tuesday 3 March"
    assert expected in text
    assert "by hand" in text


def test_what_must_be_known_goes_before_news_and_still_no_fourth_mail(made: int, smtp_sink: Mailbox) -> None:
    """Tine leads a team and administers: of her three, the report's place is kept, but for a standstill."""
    with transaction() as session:
        accounts.create_administrator(session, made, "tine@example.org", "en")
    monthly(made, MONDAY - timedelta(days=20))
    work(MONDAY - timedelta(hours=2), timedelta())
    opened = MONDAY + timedelta(days=1)
    work(opened, timedelta(days=1, hours=2))
    assert len(read(smtp_sink, "tine@example.org")) == 2  # it comes; what do you think?
    work(opened + timedelta(hours=4), timedelta(days=1, hours=2))
    assert [subject for subject, _ in read(smtp_sink, "tine@example.org")][2:] == [
        "Ruil stands still until you let it go on"
    ]
    holding.release("hr@example.org", opened + timedelta(hours=4))
    with transaction() as session:
        session.execute(update(Message).where(Message.kind == "invitation").values(state="bounced"))
    work(opened + timedelta(hours=5), timedelta(days=1, hours=3))
    assert len(read(smtp_sink, "tine@example.org")) == 3
