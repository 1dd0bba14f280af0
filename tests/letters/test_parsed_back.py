"""Whatever people and teams are called, the stdlib's strict parser reads back what was written, and nothing more."""

from __future__ import annotations

import email
import re
from datetime import UTC, datetime
from email import policy
from email.header import decode_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pulse.mail.letters.composing import Draft, Unrenderable, one_line, to_bytes
from pulse.mail.letters.letterhead import Letterhead
from tests.letters.all_letters import LETTERS, letter

STRICT = policy.SMTP.clone(raise_on_defect=True)
NAMES = [
    "Zoë Ŵĵçķ-Đặng",
    'Anna "de Baas" de Vries',
    "Vries, Anna de",
    "Anna\r\nBcc: iedereen@example.org",
    "Anna\n\nDit is geen kop",
    "Anna\u2028Bcc: x@example.org\x85\x0b\x0c",
    "👩🏽‍⚕️ Noor 🌷",
    "محمد الأمين",
    "\u202eanna\u202c",
    "Ł" * 80,
    "x" * 80,
    "naam " * 30,
    "=?utf-8?q?Otto?=",
    "Anna <otto@example.org>",
    "O'Brien\\",
    "(Anna)",
    "",
]
ANY_NAME = st.one_of(
    st.sampled_from(NAMES), st.text(max_size=120), st.text('\r\n\t ",<>@:;\\=?_()é✓\u202e\u200d', max_size=80)
)


def mail(name: str, subject: str = "Hoe was jouw balans?", **changed: object) -> bytes:
    """A mail to and from somebody of that name, about that."""
    plain: dict[str, object] = {
        "identity": "1f7e",
        "sender": (name, "ruil@ruil.example"),
        "address": "anna@example.org",
        "recipient": name,
        "subject": subject,
        "date": datetime(2026, 12, 1, 9, tzinfo=UTC),
        "text": f"Hallo {one_line(name)},\n",
        "html": "<p>Hallo</p>",
        "headers": [("Message-ID", "<1f7e@ruil.example>")],
    }
    return to_bytes(Draft(**(plain | changed)))  # type: ignore[arg-type]


def read(content: bytes) -> EmailMessage:
    """As a strict reader reads it; any defect is an error."""
    head = content.split(b"\r\n\r\n", 1)[0]
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert head.isascii()
    message = email.message_from_bytes(content, policy=STRICT)
    for part in message.walk():
        assert not part.defects
        for value in part.values():
            assert not value.defects, value
    return message


HEADERS = {"content-type", "mime-version", "from", "to", "subject", "date", "message-id"}


@settings(max_examples=300, deadline=None)
@given(ANY_NAME, ANY_NAME)
@example("👩🏽‍⚕️" * 40, "🌷" * 120)
@example("Anna\r\nBcc: iedereen@example.org", "Rapport\r\n\r\nhallo")
def test_any_name_comes_back_whole_and_adds_nothing(name: str, team: str) -> None:
    message = read(mail(name, team, attachments=[(f"{team}.pdf", b"%PDF-1.7")]))
    assert {header.lower() for header in message} == HEADERS
    for header, address in (("from", "ruil@ruil.example"), ("to", "anna@example.org")):
        [mailbox] = message[header].addresses
        assert mailbox.addr_spec == address
        # Between two encoded words this parser keeps a space that RFC 2047 drops.
        assert mailbox.display_name.replace(" ", "") == one_line(name).replace(" ", "")
        if len(one_line(name).encode()) <= 42 or name.isascii():
            assert mailbox.display_name == one_line(name)
    assert message["subject"] == one_line(team)
    [file] = message.iter_attachments()
    whole = one_line(f"{team}.pdf")
    assert file.get_filename() == (whole if len(whole) <= 70 else whole[:66] + ".pdf")
    assert file.get_content() == b"%PDF-1.7"
    assert message.get_body(("plain",)).get_content().strip() == f"Hallo {one_line(name)},"  # type: ignore[union-attr]


@given(ANY_NAME)
def test_a_reader_that_keeps_to_rfc_2047_shows_the_name(name: str) -> None:
    raw = email.message_from_bytes(mail(name), policy=policy.compat32)["to"]
    shown = "".join(
        part if isinstance(part, str) else part.decode(charset or "ascii") for part, charset in decode_header(raw)
    )
    plain = shown.rsplit("<", 1)[0].strip() if one_line(name) else ""
    if raw.startswith('"'):
        plain = re.sub(r"\\(.)", r"\1", plain[1:-1])
    assert plain == one_line(name)


def test_joined_signs_stay_joined() -> None:
    [mailbox] = read(mail("👩🏽‍⚕️ Noor"))["to"].addresses
    assert mailbox.display_name == "👩🏽‍⚕️ Noor"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("name", "language"), LETTERS)
def test_every_letter_comes_back_as_it_was_written(name: str, language: str) -> None:
    for reader in NAMES:
        head = Letterhead(one_line(reader) or "De Linde", "#0072b2", "", "hr@example.org")
        written = letter(name, language, head, reader)
        message = read(mail(reader, written.subject, text=written.text, html=written.html))
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
        assert (text.replace("\r\n", "\n").strip(), html.replace("\r\n", "\n").strip()) == (
            written.text.strip(),
            written.html.strip(),
        )
        assert "Bcc:" not in [line.split(" ")[0] for line in written.text.splitlines()]


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.org\r\nBcc: otto@example.org",
        "anna@example.org\nX: y",
        "anna@example.org, otto@example.org",
        "anna otto@example.org",
        "anna>@example.org",
        "anna\x00@example.org",
        "zoë@example.org",
        "anna",
        "",
    ],
)
def test_an_address_that_is_none_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(Unrenderable, match="Correct it in the roster"):
        mail("Anna", address=address)


@pytest.mark.parametrize("value", ["hr@example.org\r\nBcc: x@example.org", "a\nb", "a\x00b", "é", "a\r b", "a\x7fb"])
def test_a_header_of_somebody_elses_making_is_refused(value: str) -> None:
    with pytest.raises(Unrenderable):
        mail("Anna", headers=[("Reply-To", value)])


def test_a_domain_with_diacritics_goes_out_as_the_dns_knows_it() -> None:
    message = read(mail("Anna", address="anna@bücher.example"))
    assert message["to"].addresses[0].addr_spec == "anna@xn--bcher-kva.example"


def test_no_line_begins_as_a_mailbox_of_one_file_parts_its_mails() -> None:
    content = mail("Anna", text=f"From {71 * 'x'}\n\nFrom here.\n", html="<p>a</p>\nFrom there.")
    assert b"\nFrom " not in content.split(b"\r\n\r\n", 1)[1]
    assert max(map(len, content.split(b"\r\n"))) <= 76
    assert read(content).get_body(("plain",)).get_content() == f"From {71 * 'x'}\r\n\r\nFrom here.\r\n"  # type: ignore[union-attr]


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert mail("Zoë") == mail("Zoë")
