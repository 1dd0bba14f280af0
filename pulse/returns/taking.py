"""Taking in one mail that came back: about which of ours, and what is done about it. It is never stored."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.database import transaction
from pulse.mail import Message
from pulse.returns.reading import AUTOMATIC, BOUNCE, COMPLAINT, DELAY, DELIVERED, REPLY, Returned, read
from pulse.roster import COMPLAINT as COMPLAINED
from pulse.roster import Organisation, Person, suppress, wish

OTHER = "other"
"""A mail that is about none of ours."""
STOP = "stop"
SAID = {
    BOUNCE: "Returned mail: {reason} The delivery state of the mail it is about is up to date.",
    DELAY: "A delay: the other side keeps trying, and so nothing is done.",
    DELIVERED: "A word that a mail was delivered.",
    COMPLAINT: "A wish for no more mail, passed on by the receiver's provider: it is granted.",
    AUTOMATIC: "An automatic answer: it means nothing.",
    REPLY: "A reply by a person: passed on to the organisation's contact, and kept nowhere.",
    STOP: "A wish for no more mail: it is granted, and the person can take it back.",
    OTHER: "This mail is about none of ours: nothing is done.",
}


def take_in(content: bytes, recipient: str = "") -> str:
    """Take in one mail; returns its kind, a key of SAID. Taking it in twice changes nothing.

    `recipient` is the envelope's, where the mail server says it. Raises mail.NotForwarded where a person's
    reply could not be passed on: then it must come again.
    """
    return _take_in(read(content), content, recipient)[0]


def take_in_and_say(content: bytes, recipient: str = "") -> str:
    """The same, with a sentence for the operator; no address stands in it."""
    kind, returned = _take_in(read(content), content, recipient)
    return SAID[kind].format(reason=returned.verdict.sentence)


def _take_in(returned: Returned, content: bytes, recipient: str) -> tuple[str, Returned]:
    addressed = f"{recipient} {returned.addressed}"
    with transaction() as session:
        if returned.kind in (REPLY, AUTOMATIC) and _stop(session, mail.people_stopping(addressed)):
            return STOP, returned
        message = _message(session, returned, f"{addressed} {returned.everything}")
        if message is None:
            return OTHER, returned
        contact = session.get_one(Organisation, message.organisation_id).contact
        _act(session, message, returned)
    if returned.kind == REPLY and not mail.was_forwarded(returned.everything):
        mail.forward(content, contact)
    return returned.kind, returned


def _act(session: Session, message: Message, returned: Returned) -> None:
    now = clock.now()
    if returned.kind == BOUNCE:
        mail.came_back(session, message, returned.verdict, returned.diagnostic, now)
        return
    # Whatever answers a mail says that it did leave.
    mail.did_leave(message)
    if returned.kind == COMPLAINT:
        person = session.scalar(
            select(Person).where(Person.organisation_id == message.organisation_id, Person.email == message.address)
        )
        if person is not None and person.stopped_at is None:
            wish(person, "stop", now)
            suppress(session, message.organisation_id, message.address, COMPLAINED, None, now)


def _stop(session: Session, people: Iterable[int]) -> bool:
    found = [person for person_id in people if (person := session.get(Person, person_id)) is not None]
    for person in found:
        wish(person, "stop", clock.now())
    return bool(found)


def _message(session: Session, returned: Returned, searched: str) -> Message | None:
    """The mail of ours that this one is about: named by the address it came to, by what it quotes, or by whom."""
    named = [*mail.messages_bounced(searched), *returned.identifiers]
    for identity in dict.fromkeys(named):
        if (message := session.get(Message, identity)) is not None:
            return message
    if returned.kind in (BOUNCE, DELAY, DELIVERED):
        return mail.newest_to(session, returned.recipients, clock.now())
    return None
