"""The administrator's page of whom mail does not reach: the reason in words, a button, and never who was silent."""

from __future__ import annotations

import re

from flask import Flask

from demo.mailbox import Mailbox
from pulse import accounts, mail
from pulse.database import transaction
from tests import factories
from tests.pages.administering import Browser
from tests.returns.coming_back import complaint, report, sent_to, take
from tests.returns.test_taking import asked_next, suppressed

PAGE = "/admin/people/unreachable"


def administrator(app: Flask, email: str, organisation: int, language: str = "en") -> Browser:
    """Somebody who administers an organisation, signed in."""
    with transaction() as session:
        accounts.create_administrator(session, organisation, email, language)
    return Browser(app).sign_in(email)


def test_an_administrator_sees_why_and_lets_mail_go_again(app: Flask, smtp_sink: Mailbox) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    hanna = administrator(app, "hanna@example.org", 1)
    assert "Mail reaches everybody" in hanna.text(PAGE)
    take(app, report(sent_to("anna@example.org"), "550 5.1.1 <anna@example.org>: user unknown"))
    take(app, complaint(sent_to("bram@example.org")))
    assert "Mail does not reach Anna Answers" in hanna.text("/admin/")
    seen = hanna.text(PAGE)
    assert "There is no such mailbox." in seen
    assert "550 5.1.1 …: user unknown" in seen
    assert "Bram" not in seen, "a complaint may be about a reminder, and those go to who is silent"
    assert "There is no such mailbox." in hanna.text("/admin/people/3")

    dutch = administrator(app, "henk@example.org", 1, "nl")
    assert "Deze mailbox bestaat niet." in dutch.text(PAGE)

    elsewhere = factories.organisation(name="Elsewhere")
    otto = administrator(app, "otto@example.org", elsewhere)
    found = re.search(r'action="(/admin/people/unreachable/\d+/lift)"', hanna.get(PAGE).text)
    assert found
    assert otto.post(found[1], shown_at="/admin/people/import").status_code == 404
    assert hanna.client.post(found[1]).status_code == 400, "without the form's token"
    assert suppressed().keys() == {"anna@example.org", "bram@example.org"}

    smtp_sink.mails.clear()
    assert hanna.post(found[1], shown_at=PAGE).status_code == 303
    assert "beginning with this round's invitation" in hanna.text(PAGE)
    assert "anna@example.org" in asked_next()
    mail.drain()
    assert [each.recipient for each in smtp_sink.mails] == ["anna@example.org"]
