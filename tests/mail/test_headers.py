"""What a letter's headers say to other mail programs (email.md 2)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from demo.mailbox import Mailbox
from pulse import answers, clock, mail
from pulse.database import transaction
from tests import factories

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_invitation_and_reminder(database: str, smtp_sink: Mailbox) -> None:
    made = factories.organisation()
    with clock.replaying(MONDAY):
        factories.open_round(made, date(2026, 3, 2))
        mail.drain()
    with clock.replaying(MONDAY + timedelta(days=2)):
        with transaction() as session:
            answers.queue_reminders(session, clock.now())
        mail.drain()
    first, second = (item.parsed() for item in smtp_sink.mails if item.recipient == "anna@example.org")
    for letter, kind in ((first, "invitation"), (second, "reminder")):
        assert re.fullmatch(r"<[0-9a-f-]{36}@ruil\.example>", letter["message-id"])
        assert letter["reply-to"] == "hr@example.org"
        assert letter["auto-submitted"] == "auto-generated"
        assert letter["x-auto-response-suppress"] == "OOF, AutoReply, RN, NRN"
        assert letter["precedence"] == "bulk"
        assert letter["content-language"] == "nl"
        assert letter["feedback-id"] == f"round-1:{kind}:organisation-{made}:ruil-pulse"
        assert letter["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(
            r"<http://127\.0\.0\.1:8000/p/[a-z2-7]{26}>, <mailto:stop\+[a-z2-7]{26}@ruil\.example>",
            letter["list-unsubscribe"],
        )
        assert letter["list-id"] == "<pulse-1.ruil.example>"
    assert first["references"] is None
    assert second["references"] == second["in-reply-to"] == first["message-id"]
    assert first["message-id"] != second["message-id"]
    assert first["date"].datetime == MONDAY


def test_precedence_can_be_left_out(database: str, smtp_sink: Mailbox, environment: object) -> None:
    environment.setenv("MAIL_PRECEDENCE", "none")  # type: ignore[attr-defined]
    factories.open_round(factories.organisation())
    mail.drain()
    assert {item.parsed()["precedence"] for item in smtp_sink.mails} == {None}
