"""Reminders: to who is silent and still wants mail, at most two, never past the close."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select, update

from pulse import answers, clock
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.roster import Person
from tests import factories


def test_only_the_silent_are_reminded_and_at_most_twice(database: str) -> None:
    factories.open_round(factories.organisation())
    anna = factories.link("anna@example.org", 2)
    with transaction() as session:
        answers.record(session.connection(), answers.Said(anna, 4, "visit", clock.now(), question="B", option=2))
        session.scalars(select(Person).where(Person.email == "bram@example.org")).one().stopped_at = clock.now()
        session.execute(update(Message).values(state="accepted"))
        session.execute(update(Message).where(Message.address == "n1@example.org").values(state="rejected"))
    start = clock.now()
    for hours in range(0, 10 * 24, 6):
        with clock.replaying(start + timedelta(hours=hours)), transaction() as session:
            answers.queue_reminders(session, clock.now())
    with reading() as session:
        sent = Counter(session.scalars(select(Message.address).where(Message.kind == "reminder")))
    assert "anna@example.org" not in sent
    assert "bram@example.org" not in sent
    # Mara and Tine lead a team: their third mail of the month is about that.
    assert "mara@example.org" not in sent
    assert "n1@example.org" not in sent
    assert len(sent) == 8
    assert max(sent.values()) == 2
