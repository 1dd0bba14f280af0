"""A manager who gave nothing back is asked once, kindly, some days after the report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pulse import mail
from pulse.giveback import GiveBack, GiveBackRequest, to_be_asked, unanswered
from pulse.mail import Message
from pulse.roster import Person
from pulse.rounds import Round
from pulse.schedule import Pulse, instant, working_days_after

WORKING_DAYS = 4
"""After the report: long enough to have read it, soon enough for the next letter."""
STALE = timedelta(days=5)
"""Later than this it is not asked any more."""


def ask_managers(session: Session, now: datetime) -> int:
    """Queue the question to every manager for whom it is due; returns how many were queued."""
    later = aliased(Round)
    open_since = select(later.id).where(later.pulse_id == Round.pulse_id, later.period > Round.period)
    rounds = session.scalars(
        select(Round).where(Round.reports_queued_at > now - timedelta(days=WORKING_DAYS + 14), ~open_since.exists())
    ).all()
    return sum(_ask(session, asked, now) for asked in rounds)


def _ask(session: Session, asked: Round, now: datetime) -> int:
    silent = _silent(session, asked)
    if not silent:
        return 0
    pulse = session.get_one(Pulse, asked.pulse_id)
    allowed = to_be_asked(session, asked)
    queued = 0
    for request, reported in silent:
        due = _due(pulse, reported)
        if request.person_id in allowed and due <= now <= due + STALE:
            queued += mail.queue(session, **_letter(session, request, due, due + STALE))
    return queued


def _silent(session: Session, asked: Round) -> list[tuple[GiveBackRequest, datetime]]:
    """Of each manager still there the request that the report's mail was about, while some team of theirs waits."""
    by_anyone, mine = aliased(GiveBackRequest), aliased(GiveBackRequest)
    answered = (
        select(by_anyone.team_path)
        .join(GiveBack, GiveBack.request_id == by_anyone.id)
        .where(by_anyone.round_id == asked.id)
    )
    waits = select(mine.id).where(
        mine.round_id == asked.id,
        mine.person_id == GiveBackRequest.person_id,
        mine.team_path.not_in(answered),
    )
    question = aliased(Message)
    before = select(question.id).where(question.kind == "give_back", question.about_id == GiveBackRequest.id)
    rows = session.execute(
        select(GiveBackRequest, Message.finished_at)
        .join(Message, (Message.about_id == GiveBackRequest.id) & (Message.kind == "report"))
        .join(Person, Person.id == GiveBackRequest.person_id)
        .where(
            GiveBackRequest.round_id == asked.id,
            waits.exists(),
            Message.state == "accepted",
            Message.finished_at.is_not(None),
            Person.left_at.is_(None),
            Person.stopped_at.is_(None),
            Person.on_leave.is_(False),
            ~before.exists(),
        )
        .order_by(GiveBackRequest.id)
    )
    return [(request, finished) for request, finished in rows if finished is not None]


def _due(pulse: Pulse, reported: datetime) -> datetime:
    """Some working days after the report, at the pulse's own hour."""
    day = reported.astimezone(ZoneInfo(pulse.timezone)).date()
    return instant(working_days_after(day, WORKING_DAYS), pulse.wall_time, pulse.timezone)


def _letter(session: Session, request: GiveBackRequest, due: datetime, expires: datetime) -> dict[str, Any]:
    return {
        "kind": "give_back",
        "about_id": request.id,
        "organisation_id": request.organisation_id,
        "address": request.email,
        "recipient": request.name,
        "language": request.language,
        "due_at": due,
        "expires_at": expires,
        "round_id": request.round_id,
        "facts": {"requests": [one.id for one in unanswered(session, request.id)]},
    }
