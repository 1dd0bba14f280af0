"""Companies behind mail gateways, their people, and the links of letters that were really sent."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, time

from aiosmtpd.controller import Controller
from sqlalchemy import select

import config
from demo.mailbox import Mailbox
from pulse import clock, mail
from pulse.answers import judged_of
from pulse.answers.box import opener
from pulse.database import reading, transaction
from pulse.database.migrations import upgrade
from pulse.mail import Message
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Invitation, Round, box_key
from pulse.schedule import schedule_pulse

LINK = re.compile(r"/a/([a-z2-7]{26})")


@dataclass
class Person:
    """Somebody who was asked: the links of their letter, in both parts, and when it came."""

    email: str
    domain: str
    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    delivered: float = 0.0


@dataclass
class Scene:
    """Everybody, and the one round they are asked in."""

    round_id: int
    people: dict[str, list[Person]]
    """By mail domain."""

    def counted(self) -> dict[str, int]:
        """What Ruil counts, were the round to close now: address → option."""
        with reading() as session:
            key = box_key(session.get_one(Round, self.round_id).uid)
            assert key is not None
            addresses = dict(
                session.execute(
                    select(Invitation.id, Invitation.email).where(Invitation.round_id == self.round_id)
                ).all()
            )
            return {
                addresses[invitation_id]: opener(key)(sealed)
                for invitation_id, _, question, sealed in judged_of(session, self.round_id)
                if question == "B"
            }


def set_up(sizes: dict[str, int], chance: random.Random) -> Scene:
    """Import a roster with so many people in each mail domain, open a round, and send every letter."""
    upgrade()
    lines = ["email,name,team,role,language"]
    for domain, people in sizes.items():
        for number in range(people):
            language = chance.choice(["nl", "en"])
            lines.append(f"p{number}@{domain},Person {number},Zoo / {domain},member,{language}")
    with transaction() as session:
        organisation = create_organisation(session, "Zoo", "hr@zoo.example")
        import_roster(session, organisation.id, "\n".join(lines).encode())
        pulse = schedule_pulse(session, organisation.id, "Zoo", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        round_id = mail.launch(session, pulse, clock.now().date(), send_now=True).id
    with _mail_server() as mailbox:
        while +mail.drain():
            pass
    return Scene(round_id, _read(mailbox, round_id))


@contextmanager
def _mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=int(config.settings().smtp_url.rsplit(":", 1)[1]))
    server.start()
    yield mailbox
    server.stop()


def _read(mailbox: Mailbox, round_id: int) -> dict[str, list[Person]]:
    with reading() as session:
        came = dict(
            session.execute(
                select(Message.address, Message.finished_at).where(
                    Message.round_id == round_id, Message.state == "accepted"
                )
            ).all()
        )
    found: dict[str, list[Person]] = {}
    for letter in mailbox.mails:
        address = letter.recipient
        at = came[address]
        assert at is not None
        person = Person(address, address.rsplit("@", 1)[1], delivered=at.replace(tzinfo=UTC).timestamp())
        parsed = letter.parsed()
        for kind in ("html", "text"):
            part = parsed.get_body(("plain",) if kind == "text" else ("html",))
            assert part is not None
            getattr(person, kind).extend(dict.fromkeys(LINK.findall(part.get_content())))
        found.setdefault(person.domain, []).append(person)
    return found
