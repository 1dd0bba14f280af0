"""From words to bytes: one mail in two parts, the same bytes however often it is made."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.charset import Charset
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

UTF_8 = Charset("utf-8")
LINE = 76
"""RFC 2047 and RFC 2045: no encoded word and no quoted line is longer."""
LONGEST_QUOTED = 200
"""What is plain stays plain up to this length: far below the 998 octets of a line (RFC 5322, 2.1.1)."""
LONGEST_FILE = 70
"""Signs of a file's name; encoded, each may take twelve of a line's 998."""
BREAKS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|\n(?! )")
"""In a header: a control sign, or a line break that is no folding of our own."""
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
    """The mail as it goes over the wire, with CRLF line ends.

    Put together by hand: the standard library's generator takes five times as long for the same mail.
    """
    kind, body = _multipart(
        "alternative", f"=_{draft.identity}_parts", (_text(draft.text, "plain"), _text(draft.html, "html"))
    )
    if files := [_file(name, content) for name, content in draft.attachments]:
        kind, body = _multipart("mixed", f"=_{draft.identity}_mixed", (_lines([kind]) + b"\r\n" + body, *files))
    headers = [
        ("From", _mailbox("From", *draft.sender)),
        ("To", _mailbox("To", draft.recipient, draft.address)),
        ("Subject", _encoded("Subject", one_line(draft.subject))),
        ("Date", format_datetime(draft.date)),
        *draft.headers,
        ("MIME-Version", "1.0"),
    ]
    return _lines([*(_checked(name, value) for name, value in headers), kind]) + b"\r\n" + body


def _multipart(kind: str, boundary: str, parts: Iterable[bytes]) -> tuple[str, bytes]:
    """The header that announces the parts, and the parts."""
    fence = f"--{boundary}".encode()
    body = b"".join(fence + b"\r\n" + part + b"\r\n" for part in parts) + fence + b"--\r\n"
    return f'Content-Type: multipart/{kind};\n boundary="{boundary}"', body


def _text(words: str, kind: str) -> bytes:
    quoted = binascii.b2a_qp(words.replace("\r\n", "\n").encode(), istext=True)
    # Mailboxes in one file put a > before a line that begins with "From " (RFC 4155), which would show, and break DKIM.
    quoted = re.sub(rb"^From ", b"=46=\nrom ", quoted, flags=re.MULTILINE)
    head = [f'Content-Type: text/{kind}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable"]
    return _lines(head) + b"\r\n" + quoted.replace(b"\n", b"\r\n")


def _file(name: str, content: bytes) -> bytes:
    name = one_line(name)
    if len(name) > LONGEST_FILE:
        name = name[: LONGEST_FILE - 4] + name[-4:]
    disposition = _checked("Content-Disposition", f"attachment;\n filename*=utf-8''{quote(name, safe='')}")
    head = ["Content-Type: application/pdf", "Content-Transfer-Encoding: base64", disposition]
    return _lines(head) + b"\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _lines(headers: Iterable[str]) -> bytes:
    return "".join(f"{header}\n" for header in headers).replace("\n", "\r\n").encode("ascii")


def one_line(words: str) -> str:
    """One line that can be read: whatever breaks lines, turns the direction of writing or is no sign is a space."""
    if not words.isprintable():
        words = "".join(sign if _shows(sign) else " " for sign in words)
    return " ".join(words.split())


def _shows(sign: str) -> bool:
    return sign.isprintable() or sign in _JOINERS or unicodedata.category(sign) in {"Co", "Cn"}


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
                found.append(UTF_8.header_encode(chunk))
                chunk = ""
            chunk += part
    return [*found, UTF_8.header_encode(chunk)]


def _fits(words: str, room: int) -> bool:
    return len(UTF_8.header_encode(words)) <= room


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


def _checked(name: str, value: str) -> str:
    """A header; a line break that is no folding of our own would be a header of somebody else's."""
    if BREAKS.search(value):
        raise Unrenderable(f"The header {name} would hold a line break, so the mail was not sent.")
    if not value.isascii():
        raise Unrenderable(f"The header {name} would hold signs that mail servers do not take, so it was not sent.")
    return f"{name}: {value}"
