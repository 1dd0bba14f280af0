"""The parts of a mail that came back: its headers, what it says, and all that it quotes. (pure)"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from pulse.returns.words import WORDS

MOST_BYTES = 4_000_000
"""Of a larger mail only the beginning is read: what matters stands there."""
MOST_WORDS = 20_000
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
ORIGINAL_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/partial",
)
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"<(?:style|script)\b", re.IGNORECASE)
_HIDDEN_END = re.compile(r"</(?:style|script)\s*>", re.IGNORECASE)


def parse(content: bytes) -> Message | None:
    """The mail, or None where it cannot be read at all."""
    try:
        return message_from_bytes(content[:MOST_BYTES], policy=policy.compat32)
    except (ValueError, LookupError, RecursionError, AssertionError, TypeError, AttributeError):
        return None


def header(message: Message, name: str) -> str:
    """A header in plain words, all its lines if it stands there more than once; empty where it is absent."""
    return " ".join(_decoded(value) for value in message.get_all(name, []))


def own_parts(message: Message) -> Iterator[Message]:
    """The parts of the mail itself, not those of a mail that it quotes."""
    if message.get_content_type() in ORIGINAL_TYPES:
        return
    payload = message.get_payload()
    if isinstance(payload, list) and message.get_content_type() not in STATUS_TYPES:
        for part in payload:
            if isinstance(part, Message):
                yield from own_parts(part)
    else:
        yield message


def text_of(part: Message) -> str:
    """The words of a part, whatever it is wrapped in."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(fields_of(each) for each in payload)
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else str(payload).encode("utf-8", "replace")
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "latin-1"):
        try:
            words = content.decode(charset)
            break
        except (LookupError, UnicodeDecodeError):
            continue
    return _shown(words) if part.get_content_type() == "text/html" else words


def _shown(page: str) -> str:
    """What a page shows. Each step takes time in proportion to its length, whoever wrote the page."""
    shown = [_HIDDEN.split(piece, maxsplit=1)[0] for piece in _HIDDEN_END.split(page)]
    return html.unescape(_TAG.sub(" ", " ".join(shown)))


def fields_of(part: Message | str) -> str:
    """A part's header lines and words as they came; writing a spoilt part anew would be refused."""
    if not isinstance(part, Message):
        return str(part)
    fields = "\n".join(f"{name}: {value}" for name, value in part.items())
    payload = part.get_payload()
    return f"{fields}\n\n{payload}" if isinstance(payload, str) and payload else fields


def own_words(message: Message) -> str:
    """What the mail itself says, up to where it quotes another one."""
    texts = [part for part in own_parts(message) if part.get_content_maintype() in ("text", "multipart")]
    plain = [part for part in texts if part.get_content_type() != "text/html"] or texts
    words = "\n".join(text_of(part) for part in plain)[:MOST_WORDS].replace("\r\n", "\n")
    below = next((found for found in WORDS["original_below"].finditer(words) if words[: found.start()].strip()), None)
    return words[: below.start()] if below else words


def everything(content: bytes, message: Message | None) -> str:
    """All that can be searched for an address of ours, decoded as well as raw."""
    found = [content[:MOST_BYTES].decode("latin-1")]
    for part in message.walk() if message is not None else ():
        if str(part.get("Content-Transfer-Encoding", "")).lower().strip() in ("base64", "quoted-printable"):
            raw = part.get_payload(decode=True)
            found.append(raw.decode("latin-1") if isinstance(raw, bytes) else "")
    return "\n".join(found)


def _decoded(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)
