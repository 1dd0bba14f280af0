"""A manager who gave nothing back is asked once, and nobody gets more than three mails a month."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pulse import answers, clock, giveback, mail, reports
from pulse.database import reading, transaction
from pulse.giveback import GiveBackRequest
from pulse.mail import Message
from pulse.mail.letters.composing import Unrenderable
from pulse.roster import Person
from pulse.rounds import Round, RoundLead
from tests import factories

MARA, TINE = "mara@example.org", "tine@example.org"
LATER = timedelta(days=14)


def reported() -> int:
    """A round whose managers have their report since a week."""
    round_id = factories.open_round(factories.organisation())
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        asked.reports_queued_at = clock.now()
        for lead in session.scalars(select(RoundLead).where(RoundLead.round_id == round_id)):
            request = giveback.request_give_back(session, asked, lead, lead.team_path, lead.team_path)
            mail.queue(
                session,
                kind="report",
                about_id=request.id,
                organisation_id=1,
                address=lead.email,
                recipient=lead.name,
                language="nl",
                due_at=clock.now(),
                round_id=round_id,
            )
        session.execute(
            update(Message).where(Message.kind == "report").values(state="accepted", finished_at=clock.now())
        )
    return round_id


def ask_for(days: float) -> int:
    """Every six hours for so many days; how many were asked."""
    asked, start = 0, clock.now()
    for hours in range(0, int(days * 24), 6):
        with clock.replaying(start + timedelta(hours=hours)), transaction() as session:
            asked += reports.ask_managers(session, clock.now())
    return asked


def give(address: str) -> None:
    with transaction() as session:
        request = session.scalars(select(GiveBackRequest).where(GiveBackRequest.email == address)).one()
        giveback.give_back(session, request.id, "acknowledge", None, clock.now())


def test_only_who_gave_nothing_is_asked_and_only_once(database: str) -> None:
    reported()
    give(MARA)
    assert ask_for(3) == 0
    assert ask_for(20) == 1
    with reading() as session:
        question = session.scalars(select(Message).where(Message.kind == "give_back")).one()
        content = mail.compose(session, question).decode()
    assert question.address == TINE
    assert content.count("/m/") >= 8


def test_who_gives_before_the_question_leaves_is_not_asked(database: str) -> None:
    reported()
    assert ask_for(20) == 2
    give(MARA)
    with reading() as session:
        question = session.scalars(select(Message).where(Message.kind == "give_back", Message.address == MARA)).one()
        with pytest.raises(Unrenderable):
            mail.compose(session, question)


@pytest.mark.parametrize("why", ["left", "stopped", "late", "next round"])
def test_there_are_reasons_not_to_ask(database: str, why: str) -> None:
    round_id = reported()
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        if why == "left":
            session.execute(update(Person).values(left_at=clock.now()))
        elif why == "stopped":
            session.execute(update(Person).values(stopped_at=clock.now()))
        elif why == "next round":
            columns = {column.key: getattr(asked, column.key) for column in Round.__table__.columns}
            session.add(Round(**columns | {"id": 99, "uid": "other", "period": "2099-01"}))
    if why == "late":
        with clock.replaying(clock.now() + LATER), transaction() as session:
            assert reports.ask_managers(session, clock.now()) == 0
    else:
        assert ask_for(12) == 0


def test_nobody_who_leads_gets_more_than_three_mails_a_month(database: str) -> None:
    round_id = reported()
    assert ask_for(20) == 2
    start = clock.now()
    for hours in range(0, 10 * 24, 6):
        with clock.replaying(start + timedelta(hours=hours)), transaction() as session:
            answers.queue_reminders(session, clock.now())
    with reading() as session:
        for address in (MARA, TINE):
            kinds = list(session.scalars(select(Message.kind).where(Message.address == address)))
            assert sorted(kinds) == ["give_back", "invitation", "report"]
        asked = session.get_one(Round, round_id)
        assert set(giveback.most_reminders(session, asked).values()) == {0}


def test_who_gave_back_the_last_time_is_reminded_once_instead(database: str) -> None:
    round_id = reported()
    give(MARA)
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        columns = {column.key: getattr(asked, column.key) for column in Round.__table__.columns}
        following = Round(**columns | {"id": 99, "uid": "other", "period": "2099-01"})
        session.add(following)
        for lead in session.scalars(select(RoundLead).where(RoundLead.round_id == round_id)).all():
            values = {name: getattr(lead, name) for name in ("organisation_id", "team_path", "person_id", "email")}
            session.add(RoundLead(**values, round_id=99, name=lead.name, language="nl"))
        session.flush()
        mara, tine = (
            session.scalars(select(Person.id).where(Person.email == address)).one() for address in (MARA, TINE)
        )
        assert giveback.most_reminders(session, following) == {mara: 1, tine: 0}
        assert giveback.to_be_asked(session, following) == {tine}
