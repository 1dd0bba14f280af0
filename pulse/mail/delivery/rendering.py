"""From claimed rows to the bytes that go out: read together in one short look, made without the database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import select

from pulse.database import reading
from pulse.mail.attachments import FileMissing
from pulse.mail.delivery.dkim import KeyUnusable, signed
from pulse.mail.delivery.transport import Reply, not_sent
from pulse.mail.letters.composing import BadAddress, Unrenderable
from pulse.mail.letters.kinds import Gathered, gathered, written
from pulse.mail.replies import OURS, Verdict
from pulse.mail.tables import Message
from pulse.rounds import Invitation, Round

log = logging.getLogger(__name__)

CHANGED = (
    "This mail would read differently than when it was first sent, so it was not sent again. "
    "Ask the administrator to invite this person anew next month."
)


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail that can go out."""

    message: Message
    content: bytes
    sha256: str


def render(messages: Sequence[Message]) -> list[Rendered | tuple[Message, Reply]]:
    """Each mail ready to go, or what became of one that cannot be made; one bad mail holds up no other."""
    about = {message.about_id for message in messages if message.round_id is not None}
    with reading() as session:
        # Read together and kept, so that each letter below finds its rows at hand.
        _kept = (
            session.scalars(select(Round).where(Round.id.in_({message.round_id for message in messages}))).all(),
            session.scalars(select(Invitation).where(Invitation.id.in_(about))).all(),
        )
        known = [(message, _attempted(message, partial(gathered, session, message))) for message in messages]
    made = [
        (message, _attempted(message, partial(written, message, facts)) if isinstance(facts, Gathered) else facts)
        for message, facts in known
    ]
    return [_checked(message, result) if isinstance(result, bytes) else (message, result) for message, result in made]


def _checked(message: Message, content: bytes) -> Rendered | tuple[Message, Reply]:
    digest = sha256(content).hexdigest()
    if message.rendered_sha256 not in (None, digest):
        return message, Reply("rejected", CHANGED, Verdict(OURS, "unrenderable"))
    try:
        return Rendered(message, signed(content), digest)
    except KeyUnusable as error:
        log.error("%s", error)
        return message, not_sent("unrenderable", str(error), again=True)


def _attempted(message: Message, make: Callable[[], Result]) -> Result | Reply:
    """What `make` gives, or what becomes of a mail that cannot be made."""
    try:
        return make()
    except BadAddress as error:
        return not_sent("bad_address", str(error))
    except (Unrenderable, FileMissing) as error:
        return Reply("rejected", str(error), Verdict(OURS, "unrenderable"))
    except Exception as error:
        log.error("Mail %s could not be made (%r); it is tried again later.", message.id, error)
        log.debug("Where it failed:", exc_info=True)
        return not_sent("unrenderable", again=True)
