"""The mailbox of returned mail, in a real IMAP server (Dovecot): read, taken in, removed; a crash costs nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from imapclient import IMAPClient

import config
from demo.mailbox import Mailbox
from pulse import mail, returns, tick
from tests import factories
from tests.conftest import free_port
from tests.returns.coming_back import answer, report, sent_to
from tests.returns.imap import imap  # noqa: F401  # a fixture

GONE = "550 5.1.1 <anna@example.org>: user unknown"


def lying(client: IMAPClient, folder: str = "INBOX") -> int:
    """How many mails lie in a folder."""
    return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])


def test_what_comes_back_is_taken_in_and_removed(
    imap: IMAPClient,  # noqa: F811  # the fixture
    app: Flask,
    smtp_sink: Mailbox,
    environment: pytest.MonkeyPatch,
) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    smtp_sink.mails.clear()
    for content in (
        report(sent_to("anna@example.org"), GONE),
        answer(sent_to("bram@example.org"), "Dank je wel."),
        answer(sent_to("mara@example.org"), Auto_Submitted="auto-replied"),
        b"From: someone@example.com\nSubject: hello\n\nOf no concern to us.\n",
    ):
        imap.append("INBOX", content)
    assert tick.collect_returns() == {
        "returned bounce": 1, "returned reply": 1, "returned automatic": 1, "returned other": 1,
    }  # fmt: skip
    assert sent_to("anna@example.org").state == "bounced"
    assert [each.recipient for each in smtp_sink.mails] == ["hr@example.org"]
    assert lying(imap) == 1, "what is about none of ours stays"
    assert tick.collect_returns() == {}, "and is not read again"

    imap.append("INBOX", answer(sent_to("bram@example.org"), "Nog iets."))
    environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    config.settings.cache_clear()
    assert tick.collect_returns() == {"returned later": 1}
    assert lying(imap) == 2, "a reply that cannot be passed on now stays"


def test_a_crash_between_taking_in_and_removing_costs_nothing(
    imap: IMAPClient,  # noqa: F811  # the fixture
    app: Flask,
    smtp_sink: Mailbox,
    environment: pytest.MonkeyPatch,
) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    imap.append("INBOX", report(sent_to("anna@example.org"), GONE))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with environment.context() as broken:
        broken.setattr("pulse.returns.mailbox._remove", crash)
        with pytest.raises(KeyboardInterrupt):
            returns.collect()
    assert sent_to("anna@example.org").state == "bounced"
    environment.setenv("BOUNCE_IMAP_URL", f"{config.settings().bounce_imap_url}?keep=Handled")
    config.settings.cache_clear()
    assert returns.collect() == {"bounce": 1}
    assert (lying(imap), lying(imap, "Handled")) == (0, 1)


def test_a_mailbox_that_cannot_be_read_is_a_sentence_without_the_password(
    app: Flask, environment: pytest.MonkeyPatch
) -> None:
    refused = app.test_cli_runner().invoke(args=["mail", "collect"])
    assert refused.exit_code == 1
    assert "Set BOUNCE_IMAP_URL" in refused.output
    environment.setenv("BOUNCE_IMAP_URL", f"imap://bounces:secret@127.0.0.1:{free_port()}")
    config.settings.cache_clear()
    refused = app.test_cli_runner().invoke(args=["mail", "collect"])
    assert refused.exit_code == 1
    assert "cannot be read" in refused.output
    assert "secret" not in refused.output
    assert tick.collect_returns() == {}
