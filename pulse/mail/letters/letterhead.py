"""The organisation's look on a letter, frozen when it is queued: a new colour must not change a second try's bytes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from email.utils import parseaddr

from sqlalchemy.orm import Session

from config import settings
from pulse.mail.tables import Message
from pulse.roster import Organisation


@dataclass(frozen=True)
class Letterhead:
    """Whose letter it is, and whom an answer to it reaches."""

    name: str
    colour: str
    sender: str
    contact: str


def letterhead(session: Session, organisation_id: int) -> dict[str, str]:
    """The organisation's look of now, as it is frozen in `Message.facts`."""
    organisation = session.get_one(Organisation, organisation_id)
    return asdict(Letterhead(organisation.name, organisation.colour, organisation.sender, organisation.contact))


def letterhead_of(session: Session, message: Message) -> Letterhead:
    """The look a mail was queued with; for one that an older Ruil queued, that of now."""
    return Letterhead(**(message.facts.get("look") or letterhead(session, message.organisation_id)))


def sender_of(head: Letterhead) -> tuple[str, str]:
    """Name and address that people see as the sender: MAIL_FROM, under the organisation's own name if it has one."""
    name, address = parseaddr(settings().mail_from)
    return head.sender or name, address
