"""The addresses that mail comes back to: each names what it is about, and proves that Ruil made it."""

from __future__ import annotations

import hmac
import re
import uuid
from collections.abc import Iterator

from config import settings
from pulse.mail.tables import Message
from pulse.rounds import read_signed_token, signed_token

BOUNCES = re.compile(r"\bb\+([0-9a-f]{32})\.([0-9a-f]{16})@", re.IGNORECASE)
STOPS = re.compile(r"\bstop\+([a-z2-7]{26})@", re.IGNORECASE)


def message_id(identity: str) -> str:
    """The Message-ID of a mail: the same at every try."""
    return f"<{identity}@{settings().mail_domain}>"


def bounce_address(message: Message) -> str:
    """The envelope sender: names the mail, so that a bounce need not be read to know whose it is."""
    plain = message.id.replace("-", "")
    return f"b+{plain}.{_mac(plain)}@{settings().mail_domain}"


def unsubscribe_address(person_id: int) -> str:
    """Where a mail, whatever it says, means: ask this person no more. The mailto of List-Unsubscribe."""
    return f"stop+{signed_token(settings().secret_key, 'stop', person_id)}@{settings().mail_domain}"


def messages_bounced(text: str) -> Iterator[str]:
    """The mails whose bounce addresses stand in `text`; a forged address is passed over."""
    for plain, mac in BOUNCES.findall(text):
        if hmac.compare_digest(_mac(plain.lower()), mac.lower()):
            yield str(uuid.UUID(plain))


def people_stopping(text: str) -> Iterator[int]:
    """The people whose unsubscribe addresses stand in `text`; a forged address is passed over."""
    for token in STOPS.findall(text):
        if found := read_signed_token(settings().secret_key, "stop", token.lower()):
            yield found[0]


def _mac(plain: str) -> str:
    return hmac.digest(settings().secret_key.encode(), f"ruil bounce {plain}".encode(), "sha256").hex()[:16]
