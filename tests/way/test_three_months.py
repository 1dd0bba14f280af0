"""Three months of one team: said in the first, read and asked about in the second, shown in the third."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from demo.clicking import Form, answer_links
from demo.mailbox import Mail, Mailbox
from pulse import clock, tick
from tests import factories

SENTENCE = "Elke vrijdag zeg ik hardop wat één van jullie deed: géén taart, wél <b>woorden</b>."
NOORD = ["anna", "bram", *(f"n{number}" for number in range(6))]


def press(client: FlaskClient, address: str, fields: dict[str, str], button: tuple[str, str] | None = None) -> str:
    """Open a link of a mail and press a button of its page, without script."""
    path = urlsplit(address).path
    form = Form()
    form.feed(client.get(path).text)
    found = next(form for form in form.forms if button is None or button in form["buttons"])  # type: ignore[operator]
    values = dict(found["fields"]) | dict([button] if button else []) | fields  # type: ignore[call-overload]
    return client.post(path, data=values).text


def text(mail: Mail) -> str:
    body = mail.parsed().get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def month(client: FlaskClient, sink: Mailbox, first: date, option: int, noticed: int | None) -> dict[str, Mail]:
    """Open a month, let Noord answer, close it; everybody's mail of that month."""
    before = len(sink.mails)
    tuesday = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    with clock.replaying(tuesday):
        if not before:
            factories.open_round(factories.organisation(), first)
        tick.run_until_idle()
        letters = {mail.recipient.split("@")[0]: mail for mail in sink.mails[before:] if answer_links(text(mail))}
        for name in NOORD:
            link = answer_links(text(letters[name]))[option]
            page = press(client, link, {})
            assert ("zei vorige maand" in page or "your manager said" in page) == (noticed is not None)
            if noticed is not None:
                assert "taart, wél &lt;b&gt;woorden" in page
                client.post(urlsplit(link).path, data=fields(page) | {"option-F": str(noticed)})
    with clock.replaying(tuesday + timedelta(days=8)):
        tick.run_until_idle()
    return letters


def fields(page: str) -> dict[str, str]:
    form = Form()
    form.feed(page)
    return dict(form.forms[0]["fields"])  # type: ignore[call-overload]


def reported(sink: Mailbox, who: str) -> tuple[Mail, str]:
    """Somebody's newest report: the mail, and the words of the own team's PDF."""
    mail = [mail for mail in sink.mails if mail.recipient.startswith(who) and list(mail.parsed().iter_attachments())][
        -1
    ]
    own = next(mail.parsed().iter_attachments())
    pages = PdfReader(BytesIO(own.get_content())).pages
    return mail, " ".join(" ".join(page.extract_text() for page in pages).split())


def test_what_is_given_back_is_heard_asked_about_and_shown(smtp_sink: Mailbox, app: Flask) -> None:
    client, sink = app.test_client(), smtp_sink
    letters = month(client, sink, date(2026, 9, 1), 0, None)
    assert SENTENCE not in " ".join(text(letters["anna"]).split())
    mail, words = reported(sink, "mara")
    assert "Er is nog niets beloofd" in words
    link = next(line for line in text(mail).splitlines() if "/m/" in line)
    with clock.replaying(datetime(2026, 9, 10, 9, tzinfo=UTC)):
        said = press(client, link, {"sentence": SENTENCE})
        assert "taart, wél &lt;b&gt;woorden&lt;/b&gt;" in said
        tick.run_until_idle()
    for day in (14, 15, 15, 16):
        with clock.replaying(datetime(2026, 9, day, 9, tzinfo=UTC)):
            tick.run_until_idle()

    letters = month(client, sink, date(2026, 10, 6), 1, 3)
    for name, opening in (("anna", "Mara Leads zegt tegen het team:"), ("bram", "Mara Leads says to the team:")):
        opened = " ".join(text(letters[name]).split())
        assert f"{opening} “{SENTENCE}”" in opened
        assert opened.index(SENTENCE) < opened.index("/a/")
        html = letters[name].parsed().get_body(("html",))
        assert html is not None and "wél &lt;b&gt;woorden&lt;/b&gt;" in html.get_content()
    assert SENTENCE not in " ".join(text(letters["chris"]).split())

    month(client, sink, date(2026, 11, 3), 2, None)
    _, words = reported(sink, "mara")
    assert SENTENCE in words
    # All eight noticed "a lot" of it: 75, published as 70.
    assert re.search(r"oktober 2026\b.{0,200}veel \(70\)", words)
    # All said "I give much more" in September: 0, shown as 20 or less; in November "about equal": 50.
    assert "Ervoor september 2026 ≤ 20 Sindsdien november 2026 50" in words.split(SENTENCE, 1)[1]
    asked = [mail.recipient for mail in sink.mails if "deze maand vragen we" in " ".join(text(mail).split())]
    assert asked == ["tine@example.org"]
