"""Returned mail that keeps to no standard: qmail, older Exchange, gateways, and whoever writes their own. (pure)"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from pulse.returns.parts import header, own_words
from pulse.returns.words import WORDS

_CODE = re.compile(r"(?<![\w.])(?:[45]\d\d[ -]|#?[45]\.\d{1,3}\.\d{1,3}\b)")
_HEARD = re.compile(r"^[ \t]*<<<[ \t]*(.*)$", re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+!#$%&'*/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True)
class Told:
    """What such a mail tells. `action`: failed or delayed."""

    action: str
    diagnostic: str
    recipients: tuple[str, ...]


def from_a_mail_system(message: Message) -> bool:
    """Whether a machine that carries mail seems to have written this."""
    if message.get("X-Failed-Recipients") or message.get("X-Mailer-Daemon"):
        return True
    return bool(
        WORDS["mail_system"].search(header(message, "From")) or WORDS["mail_system"].search(header(message, "Sender"))
    )


def told(message: Message) -> Told | None:
    """The failure or delay that a mail without a report tells of; None where it is something else."""
    words, subject = own_words(message), header(message, "Subject")
    named = bool(WORDS["failure_subject"].search(subject))
    if not from_a_mail_system(message) and not (named and header(message, "Return-Path").strip() in ("", "<>")):
        return None
    diagnostic = diagnosed(words)
    all_words = f"{subject}\n{words}"
    delayed = WORDS["delay"].search(all_words) and not WORDS["final"].search(all_words)
    if not (delayed or named or WORDS["failure"].search(words) or _CODE.search(diagnostic)):
        return None
    failed = [*_ADDRESS.findall(header(message, "X-Failed-Recipients")), *_ADDRESS.findall(words)]
    return Told("delayed" if delayed else "failed", diagnostic, tuple(dict.fromkeys(failed)))


def transcribed(words: str) -> str:
    """What the other server said, line by line, where a transcript of the conversation is given."""
    return " ".join(_HEARD.findall(words))


def diagnosed(words: str) -> str:
    """The lines that say why: those with a code or beside an address, with what belongs to them; else all."""
    if heard := transcribed(words):
        return " ".join(heard.split())[:1000]
    paragraphs = re.split(r"\n\s*\n", words)
    coded = [each for each in paragraphs if _CODE.search(each)]
    about = [
        f"{each} {following}"
        for each, following in zip(paragraphs, [*paragraphs[1:], ""], strict=True)
        if _ADDRESS.search(each)
    ]
    found = _from_first_code(coded) or " ".join(about) or words
    return " ".join(found.split())[:1000]


def _from_first_code(paragraphs: list[str]) -> str:
    """A server's own words begin at its code; what stands before it is the reporter's courtesy."""
    return " ".join(paragraph[_CODE.search(paragraph).start() :] for paragraph in paragraphs)  # type: ignore[union-attr]  # each has one
