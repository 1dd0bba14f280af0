"""The months before today, replayed through the real use cases: launch, letters, answers, close, reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo import colleagues
from pulse import answers, clock, giveback, mail, reports, results, rounds, tick
from pulse.answers import PRESSED, Said
from pulse.database import transaction
from pulse.rounds import Invitation, Round, RoundLead, RoundTeam
from pulse.schedule import Pulse, next_dates

MONTHS = 14


def dates(rule: str, today: date) -> list[date]:
    """The rule's dates in the 14 months before this one, oldest first."""
    first_of_month = today.replace(day=1)
    past = next_dates(rule, first_of_month - timedelta(days=31 * (MONTHS + 2)), 2 * MONTHS)
    return [day for day in past if day < first_of_month][-MONTHS:]


def replay(pulse_id: int, today: date, progress: Callable[[str], None]) -> None:
    """Live the past months, each at its own time; only the last one's reports are built and mailed."""
    with transaction() as session:
        rule = session.get_one(Pulse, pulse_id).rule
    past = dates(rule, today)
    for months_ago, day in zip(range(len(past), 0, -1), past, strict=True):
        progress(f"{day:%B %Y}")
        _live_month(pulse_id, day, months_ago)


def _live_month(pulse_id: int, day: date, months_ago: int) -> None:
    morning = datetime.combine(day, time(9), UTC)
    with clock.replaying(morning), transaction() as session:
        opened = mail.launch(session, session.get_one(Pulse, pulse_id), day)
        round_id = opened.id
    with clock.replaying(morning + timedelta(hours=4)):
        mail.drain()
        with transaction() as session:
            _answer_all(session, session.get_one(Round, round_id), months_ago)
    with clock.replaying(morning + timedelta(days=9)):
        results.close(round_id)
        if months_ago == 1:
            reports.queue_reports(round_id)
            tick.drain_reports()
            mail.drain()
        else:
            _reports_are_history(round_id)
    with clock.replaying(morning + timedelta(days=10)), transaction() as session:
        _give_back(session, session.get_one(Round, round_id), months_ago)


def _answer_all(session: Session, asked: Round, months_ago: int) -> None:
    link_key = rounds.link_key(asked.uid)
    assert link_key is not None
    teams = {team.path: team for team in session.scalars(select(RoundTeam).where(RoundTeam.round_id == asked.id))}
    said = []
    for invitation in session.scalars(select(Invitation).where(Invitation.round_id == asked.id)):
        if not colleagues.responds(invitation.email, asked.period):
            continue
        handle = rounds.handle(link_key, invitation.uid)
        token = rounds.token(link_key, handle, None, "html")
        for question in teams[invitation.counting_path].questions:
            option = colleagues.answer(invitation.email, invitation.team_path, question, asked.period, months_ago)
            if option is not None:
                said.append(Said(token, PRESSED, invitation.uid, clock.now(), question=question, option=option))
    answers.record_all(session.connection(), said)


def _reports_are_history(round_id: int) -> None:
    with transaction() as session:
        session.get_one(Round, round_id).reports_queued_at = clock.now()


def _give_back(session: Session, asked: Round, months_ago: int) -> None:
    promise = colleagues.PROMISES.get(months_ago)
    lead = session.scalar(
        select(RoundLead).where(RoundLead.round_id == asked.id, RoundLead.team_path == colleagues.SINKING_TEAM)
    )
    if promise is None or lead is None:
        return
    name = colleagues.SINKING_TEAM.rsplit(" / ", 1)[-1]
    request = giveback.request_give_back(session, asked, lead, lead.team_path, name)
    giveback.give_back(session, request.id, promise[0], promise[1], clock.now())
