"""From words to bytes: one mail in two parts, the same bytes however often it is made."""

from __future__ import annotations

import binascii
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import charset, policy
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import Compat32
from email.utils import format_datetime

QUOTED = charset.Charset("utf-8")
LINE = 76
"""RFC 2047 and RFC 2045: no encoded word and no quoted line is longer."""
LONGEST_QUOTED = 200
"""What is plain stays plain up to this length: far below the 998 octets of a line (RFC 5322, 2.1.1)."""
_JOINERS = "\u200c\u200d"
"""Invisible, but without them Persian names and families of emoji fall apart."""


class Unrenderable(Exception):
    """A mail that cannot be made as it should; the text is a sentence."""


class BadAddress(Unrenderable):
    """No mail can be sent to this address as it is written; the text is a sentence."""


@dataclass(frozen=True)
class Draft:
    """All that a mail is made of. `headers` come after the ones every mail has."""

    identity: str
    """Random; makes the boundaries, so that making it again gives the same bytes."""
    sender: tuple[str, str]
    """Name and address."""
    address: str
    recipient: str
    subject: str
    date: datetime
    text: str
    html: str
    headers: Iterable[tuple[str, str]]
    attachments: Iterable[tuple[str, bytes]] = ()


def to_bytes(draft: Draft) -> bytes:
    """The mail as it goes over the wire, with CRLF line ends."""
    body = MIMEMultipart("alternative", boundary=f"=_{draft.identity}_parts")
    body.attach(_part(draft.text, "plain"))
    body.attach(_part(draft.html, "html"))
    message: MIMEMultipart = body
    attachments = list(draft.attachments)
    if attachments:
        message = MIMEMultipart("mixed", boundary=f"=_{draft.identity}_mixed")
        message.attach(body)
        for name, content in attachments:
            file = MIMEApplication(content, "pdf", policy=policy.compat32)
            file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", one_line(name)))
            message.attach(file)
    _set(message, "From", _mailbox("From", *draft.sender))
    _set(message, "To", _mailbox("To", draft.recipient, draft.address))
    _set(message, "Subject", _encoded("Subject", one_line(draft.subject)))
    _set(message, "Date", format_datetime(draft.date))
    for header, value in draft.headers:
        _set(message, header, value)
    return message.as_bytes(policy=WIRE)


def one_line(words: str) -> str:
    """One line that can be read: whatever breaks lines, turns the direction of writing or is no sign is a space."""
    return " ".join("".join(sign if _shows(sign) else " " for sign in words).split())


def _shows(sign: str) -> bool:
    return sign.isprintable() or sign in _JOINERS or unicodedata.category(sign) in {"Co", "Cn"}


def _part(words: str, kind: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", kind, policy=policy.compat32, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    # What email.quoprimime makes in Python, in C: a quarter of what a letter costs otherwise.
    part.set_payload(binascii.b2a_qp(words.encode(), istext=True).decode("ascii"))
    return part


class _AsWritten(Compat32):
    """Headers go out as they were set; only what needs folding or encoding goes the slow way."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if isinstance(value, str) and value.isascii() and len(name) + len(value) < LINE and "\n" not in value:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


WIRE = _AsWritten(linesep="\r\n", max_line_length=None)


def _mailbox(header: str, name: str, address: str) -> str:
    """`name <address>`, the name quoted or encoded as it needs, folded before the address where it is long."""
    address, name = on_the_wire(address), one_line(name)
    if not name:
        return address
    if name.isascii() and "=?" not in name and len(name) <= LONGEST_QUOTED:
        shown = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    else:
        shown = "\n ".join(_encoded_words(name, LINE - len(header) - 2))
    last = shown.rsplit("\n", 1)[-1]
    space = " " if len(header) + len(last) + len(address) + 5 <= LINE else "\n "
    return f"{shown}{space}<{address}>"


def _encoded_words(name: str, room: int) -> list[str]:
    """A name as RFC 2047's encoded words, parted where the name has a space if it can be.

    Readers that wrongly keep the space between two of them (such as Python's) then show no word torn apart.
    """
    found: list[str] = []
    chunk = ""
    for piece in re.findall(r" ?[^ ]+", name):
        parts = [piece] if _fits(piece, LINE - 1) else list(piece)
        for part in parts:
            if chunk and not _fits(chunk + part, LINE - 1 if found else room):
                found.append(QUOTED.header_encode(chunk))
                chunk = ""
            chunk += part
    return [*found, QUOTED.header_encode(chunk)]


def _fits(words: str, room: int) -> bool:
    return len(QUOTED.header_encode(words)) <= room


def _encoded(header: str, words: str) -> str:
    """As RFC 2047 encodes what is not ASCII, in lines of at most 76."""
    if words.isascii() and "=?" not in words and len(words) <= LONGEST_QUOTED:
        return words
    return Header(words, "utf-8", maxlinelen=LINE, header_name=header).encode()


def on_the_wire(address: str) -> str:
    """The address as every mail server takes it: its domain in the form of the DNS; raises BadAddress.

    Letters outside ASCII before the @ need SMTPUTF8, which few servers offer.
    """
    local, at, domain = address.rpartition("@")
    try:
        plain = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        plain = ""
    if not re.fullmatch(r"[!-;=?-~]+@[!-;=?-~]+", plain) or any(sign in plain for sign in ',;"()[]\\'):
        raise BadAddress(
            f"{one_line(address)!r} is no address that every mail server takes. Correct it in the roster: "
            "plain letters, digits and points before the @."
        )
    return plain


def _set(message: MIMEMultipart, name: str, value: str) -> None:
    """Add a header; a line break that is no folding of our own would be a header of somebody else's."""
    if any(ord(sign) < 32 and sign != "\n" for sign in value) or "\n" in value.replace("\n ", "") or "\x7f" in value:
        raise Unrenderable(f"The header {name} would hold a line break, so the mail was not sent.")
    if not value.isascii():
        raise Unrenderable(f"The header {name} would hold signs that mail servers do not take, so it was not sent.")
    message[name] = value
