"""What a mail's headers tell other mail programs: whose it is, that a machine sent it, how to stop it (email.md 2)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse.mail.addresses import message_id, unsubscribe_address
from pulse.mail.letters.letterhead import Letterhead
from pulse.mail.tables import Message

Headers = list[tuple[str, str]]


def own_headers(message: Message, head: Letterhead) -> Headers:
    """Of every mail. Not `All`: that would also keep from us that a mail could not be delivered."""
    return [
        ("Message-ID", message_id(message.id)),
        ("Reply-To", head.contact),
        ("Content-Language", message.language),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
    ]


def list_headers(pulse_id: int, stop: str, person_id: int) -> Headers:
    """Of a mail that people may stop: by one click (RFC 8058) or by a mail (RFC 2369)."""
    precedence = settings().mail_precedence
    return [
        *([("Precedence", precedence)] if precedence != "none" else []),
        ("List-Id", f"<pulse-{pulse_id}.{settings().mail_domain}>"),
        ("List-Unsubscribe", f"<{stop}>,\n <mailto:{unsubscribe_address(person_id)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


def round_headers(message: Message) -> Headers:
    """For Gmail's postmaster pages: the round and the kind of letter, never the person."""
    return [
        ("Feedback-ID", f"round-{message.round_id}:{message.kind}:organisation-{message.organisation_id}:ruil-pulse")
    ]


def thread_headers(session: Session, message: Message, kind: str) -> Headers:
    """Puts a mail under an earlier one about the same, so that it is read as one conversation."""
    earlier = session.scalar(
        select(Message.id)
        .where(Message.kind == kind, Message.about_id == message.about_id, Message.id != message.id)
        .order_by(Message.number)
        .limit(1)
    )
    if earlier is None:
        return []
    return [("In-Reply-To", message_id(earlier)), ("References", message_id(earlier))]
