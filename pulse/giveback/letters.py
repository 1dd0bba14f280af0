"""Nobody gets more than three mails a month: what a manager's third one is for.

Invitation and report are two, however many teams somebody leads. The third is the question what they give
back, or, for a manager who gave something back the last time and need not be asked, one reminder to answer. It
follows from the roster and from what was given back alone; who answered is not looked at, for after the close
nobody knows that.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.giveback.tables import GiveBack, GiveBackRequest
from pulse.rounds import Round, RoundLead


def to_be_asked(session: Session, asked: Round) -> set[int]:
    """The managers who are asked once more what they give back, if they gave nothing until then."""
    gave = _gave_last_time(session, asked)
    return _leading(session, asked) - gave


def most_reminders(session: Session, asked: Round) -> dict[int, int]:
    """For everybody who leads, how many reminders to answer there is room for."""
    question = to_be_asked(session, asked)
    return {person: int(person not in question) for person in _leading(session, asked)}


def _leading(session: Session, asked: Round) -> set[int]:
    return set(session.scalars(select(RoundLead.person_id).where(RoundLead.round_id == asked.id)))


def _gave_last_time(session: Session, asked: Round) -> set[int]:
    before = session.scalar(
        select(Round.id)
        .where(Round.pulse_id == asked.pulse_id, Round.period < asked.period)
        .order_by(Round.period.desc())
        .limit(1)
    )
    return set(
        session.scalars(
            select(GiveBackRequest.person_id)
            .join(GiveBack, GiveBack.request_id == GiveBackRequest.id)
            .where(GiveBackRequest.round_id == before, GiveBack.withdrawn_at.is_(None))
        )
    )
