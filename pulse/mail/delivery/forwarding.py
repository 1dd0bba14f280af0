"""Passing a mail on as it is: what people write to us goes to their organisation, and is kept nowhere."""

from __future__ import annotations

import re
import uuid
from email.utils import format_datetime, parseaddr

from config import settings
from pulse import clock
from pulse.mail.delivery.connecting import SenderHeld
from pulse.mail.delivery.transport import Connection


class NotForwarded(Exception):
    """A mail that could not be passed on now; the text is a sentence."""


def forward(content: bytes, to: str) -> None:
    """Hand a mail on unchanged, below Resent fields (RFC 5322 3.6.6); raises NotForwarded.

    The envelope has no sender, so whatever comes of it comes back to nobody. The mail's own sender and
    signature stand, so that an answer to it reaches the person who wrote it.
    """
    fields = {
        "Resent-From": parseaddr(settings().mail_from)[1],
        "Resent-To": to,
        "Resent-Date": format_datetime(clock.now()),
        "Resent-Message-ID": f"<{uuid.uuid4()}@{settings().mail_domain}>",
    }
    resent = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content.removeprefix(b"\xef\xbb\xbf"))
    # An mbox line before the header is no part of the mail.
    lines = re.sub(rb"\AFrom [^\r\n]*\r\n", b"", lines)
    try:
        with Connection() as connection:
            connection.open()
            reply = connection.send("", to, resent.encode() + lines, lambda: True)
    except SenderHeld as error:
        raise NotForwarded(str(error)) from error
    if reply is None or reply.outcome not in ("accepted", "unknown"):
        raise NotForwarded(
            f"The mail server did not take a reply for {to}: {reply.text if reply else 'no word'}. "
            "Let it come back later, or read it in the mailbox it is in."
        )


def was_forwarded(everything: str) -> bool:
    """Whether we passed this mail on before: then it goes round in a circle."""
    return bool(
        re.search(rf"^Resent-Message-ID: <[0-9a-f-]{{36}}@{re.escape(settings().mail_domain)}>", everything, re.M)
    )
