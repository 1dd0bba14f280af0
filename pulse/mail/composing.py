"""From words to bytes: one mail in two parts, the same bytes however often it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import charset, policy
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

QUOTED = charset.Charset("utf-8")
QUOTED.body_encoding = charset.QP


class Unrenderable(Exception):
    """A mail that cannot be made as it should; the text is a sentence."""


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
            file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", _line(name)))
            message.attach(file)
    _set(message, "From", formataddr((_line(draft.sender[0]), draft.sender[1])))
    _set(message, "To", formataddr((_line(draft.recipient), draft.address)))
    _set(message, "Subject", str(Header(_line(draft.subject), "utf-8" if not draft.subject.isascii() else None)))
    _set(message, "Date", format_datetime(draft.date))
    for header, value in draft.headers:
        _set(message, header, value)
    return message.as_bytes(policy=policy.compat32.clone(linesep="\r\n", max_line_length=None))


def _part(words: str, kind: str) -> MIMEText:
    part = MIMEText(words, kind)
    del part["Content-Transfer-Encoding"]
    part.set_payload(words, QUOTED)
    part.replace_header("Content-Type", f'text/{kind}; charset="utf-8"')
    return part


def _set(message: MIMEMultipart, name: str, value: str) -> None:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in value) or "\n" in value.replace("\n ", ""):
        raise Unrenderable(f"The header {name} would hold a line break, so the mail was not sent.")
    message[name] = value


def _line(words: str) -> str:
    """One printable line: a name with line breaks or controls cannot reach a header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
