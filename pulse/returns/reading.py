"""What kind of mail came back, about which mail of ours, and why. (pure)"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from pulse.mail.replies import SOFT, Verdict, classify
from pulse.returns import delivery_status, machines, plain_bounces
from pulse.returns.parts import everything, header, own_words, parse

BOUNCE, DELAY, DELIVERED = "bounce", "delay", "delivered"
COMPLAINT, AUTOMATIC, REPLY = "complaint", "automatic", "reply"
"""Kinds. automatic: out of office, challenges, receipts and the like; reply: a person wrote it."""
UNSAID = Verdict(SOFT, "refused")
_ADDRESSING = (
    "X-Original-To",
    "Delivered-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-Delivered-To",
    "Apparently-To",
    "To",
    "Cc",
)
_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=@)", re.IGNORECASE)


@dataclass(frozen=True)
class Returned:
    """A mail that came back, read."""

    kind: str
    addressed: str
    """Whom it is addressed to, as its own headers say."""
    everything: str
    """All that may name a mail of ours: its headers, and what it quotes."""
    verdict: Verdict = UNSAID
    diagnostic: str = ""
    """The refusing server's own line; empty where only prose said why, for that may be personal."""
    recipients: tuple[str, ...] = ()
    """Whom our mail did not reach, as it says; the most telling first."""

    @property
    def identifiers(self) -> list[str]:
        """What may be the first half of a Message-ID of ours."""
        return list(dict.fromkeys(found.lower() for found in _IDENTIFIER.findall(self.everything)))


def read(content: bytes) -> Returned:
    """Read one mail. Whatever it is made of, something is returned; nothing of it is ever stored."""
    message = parse(content)
    quoted = everything(content, message)
    if message is None:
        return Returned(AUTOMATIC, "", quoted)
    addressed = " ".join(header(message, name) for name in _ADDRESSING)
    complained = machines.feedback(message)
    if complained is not None:
        return Returned(COMPLAINT if complained in machines.COMPLAINTS else AUTOMATIC, addressed, quoted)
    if machines.is_receipt(message):
        return Returned(AUTOMATIC, addressed, quoted)
    return (
        _reported(message, addressed, quoted)
        or _told(message, addressed, quoted)
        or Returned(AUTOMATIC if machines.answers_by_itself(message) else REPLY, addressed, quoted)
    )


def _reported(message: Message, addressed: str, quoted: str) -> Returned | None:
    report = delivery_status.reported(message)
    if report is None:
        return None
    if report.action != "failed":
        kind = DELAY if report.action == "delayed" else DELIVERED
        return Returned(kind, addressed, quoted, recipients=report.recipients)
    # A report may keep only the first line of a reply, and a reporter may put words of its own beside it.
    said = plain_bounces.transcribed(own_words(message)) or report.diagnostic
    verdict = classify(said, enhanced=report.status)
    if not verdict.passing and (verdict.reason in ("refused", "busy") or not said):
        # The report leaves it open; what it says to people may not.
        told = classify(plain_bounces.diagnosed(own_words(message)), enhanced=report.status)
        verdict = verdict if told.reason == "refused" else told
    return Returned(BOUNCE, addressed, quoted, verdict, said or report.status, report.recipients)


def _told(message: Message, addressed: str, quoted: str) -> Returned | None:
    told = plain_bounces.told(message)
    if told is None:
        return None
    if told.action == "delayed":
        return Returned(DELAY, addressed, quoted, recipients=told.recipients)
    verdict = classify(told.diagnostic)
    if verdict.reason == "refused":
        verdict = classify(own_words(message))
    said = told.diagnostic if re.match(r"#?[45]\d\d\b|#?[45]\.\d", told.diagnostic) else ""
    return Returned(BOUNCE, addressed, quoted, verdict, said, told.recipients)
