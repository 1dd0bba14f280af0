"""Sending: each letter once, in the right language, whatever the server does."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from demo.clicking import answer_links
from demo.mailbox import Mailbox
from pulse import answers, clock, mail
from pulse.database import reading, transaction
from pulse.mail import Message, transport
from tests import factories


def states() -> Counter[str]:
    """How many mails are in which state."""
    with reading() as session:
        return Counter(session.scalars(select(Message.state)))


def test_everybody_gets_one_letter_in_their_language(database: str, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    assert mail.drain() == {"accepted": 13}
    assert mail.drain() == {}
    assert Counter(item.recipient for item in smtp_sink.mails).most_common(1)[0][1] == 1
    subjects = {item.recipient: str(item.parsed()["subject"]) for item in smtp_sink.mails}
    assert subjects["anna@example.org"].startswith("Hoe was jouw balans")
    assert subjects["bram@example.org"].startswith("How was your balance")


def test_text_and_html_part_carry_different_links(database: str, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    for item in smtp_sink.mails:
        message = item.parsed()
        text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        in_text, in_html = set(answer_links(text)), set(answer_links(html.replace('"', " ")))
        assert (len(in_text), len(in_html), in_text & in_html) == (5, 5, set())
        assert len(item.content) < 20_000
        assert "<img" not in html


def test_two_senders_at_once_double_nothing(database: str, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: mail.drain(), range(4)))
    assert len(smtp_sink.mails) == 13
    assert states() == {"accepted": 13}


class Moody(Mailbox):
    """A server that answers some recipients and letters in its own way."""

    def __init__(self, recipients: dict[str, str], drop_after_dot: str = "") -> None:
        super().__init__()
        self.recipients, self.drop = recipients, drop_after_dot

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Refuse who is to be refused."""
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take the letter, and for one recipient hang up before saying so."""
        said = await super().handle_DATA(server, session, envelope)
        if self.drop in envelope.rcpt_tos:
            self.drop = ""
            server.transport.close()
        return said


@pytest.fixture
def moody(environment: pytest.MonkeyPatch) -> Any:
    """Start a moody server; gives a function that does so."""
    from aiosmtpd.controller import Controller

    import config
    from tests.conftest import free_port

    started = []

    def start(mailbox: Moody) -> Moody:
        server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
        server.start()
        started.append(server)
        environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        config.settings.cache_clear()
        return mailbox

    yield start
    for server in started:
        server.stop()


def test_a_refused_person_is_listed_and_nobody_else_is_touched(database: str, moody: Any) -> None:
    sink = moody(Moody({"anna@example.org": "550 5.1.1 no such user", "bram@example.org": "451 4.7.1 try later"}))
    factories.open_round(factories.organisation())
    assert mail.drain() == {"accepted": 11, "rejected": 1, "deferred": 1}
    assert len(sink.mails) == 11
    sink.recipients.clear()
    with clock.replaying(clock.now() + timedelta(hours=1)):
        assert mail.drain() == {"accepted": 1}
    with reading() as session:
        said = session.scalar(select(Message.reply).where(Message.address == "anna@example.org"))
    assert said == "550 5.1.1 no such user"


def test_silence_after_the_dot_is_unknown_and_sent_once_more_with_the_same_bytes(database: str, moody: Any) -> None:
    sink = moody(Moody({}, drop_after_dot="anna@example.org"))
    factories.open_round(factories.organisation())
    assert mail.drain() == {"accepted": 12, "unknown": 1}
    for minutes, expected in ((5, {}), (31, {"accepted": 1}), (120, {})):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)):
            with transaction() as session:
                mail.reclaim(session, clock.now(), arrived=answers.arrived)
            assert mail.drain() == expected
    first, second = (item.content for item in sink.mails if item.recipient == "anna@example.org")
    assert first == second


def test_a_sender_that_slept_past_its_lease_is_stopped_before_data(
    database: str, smtp_sink: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.open_round(factories.organisation())
    honest = transport.Connection.send

    def sleepy(self: Any, sender: str, recipient: str, content: bytes, before_data: Any) -> Any:
        with transaction() as session:
            session.execute(update(Message).where(Message.address == recipient).values(attempt=Message.attempt + 1))
        return honest(self, sender, recipient, content, before_data)

    monkeypatch.setattr(transport.Connection, "send", sleepy)
    assert mail.drain()["lost"] == 13
    assert smtp_sink.mails == []


def test_a_server_that_is_away_costs_time_and_nothing_else(database: str, environment: pytest.MonkeyPatch) -> None:
    factories.open_round(factories.organisation())
    assert mail.drain() == {"deferred": 13}
    assert states() == {"deferred": 13}


def test_after_the_close_no_letter_leaves(database: str, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    with clock.replaying(clock.now() + timedelta(days=9)):
        assert mail.drain() == {}
    assert states()["cancelled"] == 13


def test_a_line_break_in_a_name_cannot_become_a_header(database: str, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    with transaction() as session:
        session.execute(update(Message).values(recipient='Zoë "Q", van\r\nBcc: otto@example.org'))
    mail.drain()
    for item in smtp_sink.mails:
        assert item.parsed()["bcc"] is None
        assert 'Zoë "Q", van Bcc: otto@example.org' in str(item.parsed()["to"].addresses[0].display_name)
