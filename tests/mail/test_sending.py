"""Sending: each letter once, in the right language, whatever the server does."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select, update

from demo.clicking import answer_links
from demo.mailbox import Mailbox
from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.mail import Message
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
