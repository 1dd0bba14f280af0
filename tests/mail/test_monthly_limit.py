"""Never more than three mails a month to one address, whoever sends them and however many workers there are."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from benchmarks.mail.sink import Fault
from demo.mailbox import Mailbox
from pulse import answers, clock, mail, results
from pulse.database import reading, transaction
from pulse.mail import Message, queue
from pulse.mail.delivery.monthly_limit import WITHHELD
from pulse.mail.letters.kinds import Gathered, _Letter
from pulse.mail.letters.letterhead import Letterhead
from pulse.roster import Organisation
from tests import factories
from tests.mail.conftest import Serve

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def put(organisation_id: int, kind: str, address: str, count: int, now: datetime = MONDAY) -> None:
    """Queue `count` different mails of a kind to one address; only their words would differ."""
    with transaction() as session:
        for number in range(count):
            added = queue(
                session,
                kind=kind,
                about_id=1_000_000 + number + now.month * 100,
                organisation_id=organisation_id,
                address=address,
                recipient="Otto",
                language="nl",
                due_at=now,
                facts={"test": "yes"},
            )
            assert added


def outcome(address: str) -> Counter[str]:
    """States of all mails to an address."""
    with reading() as session:
        return Counter(session.scalars(select(Message.state).where(Message.address == address)))


SHORT = Gathered(_Letter({}, {}, [], []), Letterhead("", "", "", ""))


@pytest.fixture(autouse=True)
def short_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of a few bytes for mails that are about nothing."""
    from pulse.mail.delivery import rendering

    gathered, written = rendering.gathered, rendering.written
    monkeypatch.setattr(
        rendering,
        "gathered",
        lambda session, message: SHORT if message.facts.get("test") else gathered(session, message),
    )
    monkeypatch.setattr(
        rendering,
        "written",
        lambda message, known: b"Subject: x\r\n\r\nx" if known is SHORT else written(message, known),
    )


def test_a_fourth_mail_is_withheld_with_its_reason(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with clock.replaying(MONDAY):
        put(made, "report", "otto@example.org", 25)
        put(made, "report", "other@example.org", 3, MONDAY + timedelta(days=31))
        assert mail.drain() == {"accepted": 3}
    assert outcome("otto@example.org") == {"accepted": 3, "cancelled": 22}
    with reading() as session:
        assert set(session.scalars(select(Message.reply).where(Message.state == "cancelled"))) == {WITHHELD}


def test_the_month_is_that_of_the_organisations_zone(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with transaction() as session:
        session.get_one(Organisation, made).timezone = "Pacific/Auckland"
    for hour, expected in ((10, 3), (12, 3)):  # 31 March 10:00 UTC is still March in Auckland, 12:00 is April
        now = datetime(2026, 3, 31, hour, tzinfo=UTC)
        with clock.replaying(now):
            put(made, f"kind-{hour}", "otto@example.org", 4, now)
            assert mail.drain() == {"accepted": expected}


def test_what_people_ask_for_themselves_is_never_withheld(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with clock.replaying(MONDAY):
        put(made, "sign_in", "otto@example.org", 5)
        put(made, "report", "otto@example.org", 3)
        assert mail.drain() == {"accepted": 8}


def test_workers_that_race_send_no_fourth(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with clock.replaying(MONDAY):
        put(made, "report", "otto@example.org", 60)
    # Real time: the replayed clock is one thread's own.
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: mail.drain(), range(4)))
    assert outcome("otto@example.org") == {"accepted": 3, "cancelled": 57}
    assert len(smtp_sink.mails) == 3


def test_a_deferred_mail_counts_for_it_is_on_its_way(database: str, serve: Serve) -> None:
    serve(lambda stage, _whom, _number: Fault("450 4.2.0 later") if stage == "recipient" else None)
    made = factories.organisation()
    with clock.replaying(MONDAY):
        put(made, "report", "otto@example.org", 4)
        assert mail.drain() == {"deferred": 3}


def test_a_month_of_everything_is_three_mails_and_the_report_is_among_them(database: str, smtp_sink: Mailbox) -> None:
    """Mara leads a team and answers nothing: reminders make way for the report, and the question after it."""
    made = factories.organisation()
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
        mail.drain()
    for day in range(2, 12):
        with clock.replaying(MONDAY + timedelta(days=day)):
            with transaction() as session:
                answers.queue_reminders(session, clock.now())
            mail.drain()
    had = Counter(item.recipient for item in smtp_sink.mails)
    assert had["anna@example.org"] == 3
    assert had["mara@example.org"] == 1
    with reading() as session:
        round_id = session.scalars(select(Message.round_id)).first()
    assert round_id is not None
    with clock.replaying(MONDAY + timedelta(days=12)):
        results.close(round_id)
        put(made, "report", "mara@example.org", 3, clock.now())
        put(made, "give_back", "anna@example.org", 1, clock.now())
        mail.drain()
    had = Counter(item.recipient for item in smtp_sink.mails)
    assert had["mara@example.org"] == 3
    # Her reminders are forgotten, for they tell that she was silent; they count all the same.
    assert had["anna@example.org"] == 3


def test_an_administrator_on_the_roster_keeps_room_for_what_everybody_gets(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with clock.replaying(MONDAY):
        put(made, "round_coming", "anna@example.org", 2)
        put(made, "round_coming", "hr@example.org", 4, MONDAY + timedelta(days=31))
        with transaction() as session:
            for message in session.scalars(select(Message)):
                message.due_at = MONDAY
        assert mail.drain() == {"accepted": 4}
    assert outcome("anna@example.org") == {"accepted": 1, "cancelled": 1}
    assert outcome("hr@example.org") == {"accepted": 3, "cancelled": 1}
