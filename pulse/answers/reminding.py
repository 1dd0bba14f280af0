"""Reminders: only to who has not answered, at most two, never past the close."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from pulse import giveback, mail
from pulse.answers.counting import KeyMissing, heard
from pulse.mail import Message
from pulse.roster import Person
from pulse.rounds import Invitation, Round, remind_instants

STALE = timedelta(hours=24)
"""A reminder that is later than this is dropped, not moved (reliability.md 1.3)."""

When = Row[datetime, datetime, str]
"""Of one group of invitations: sent, closes, zone."""


def queue_reminders(session: Session, now: datetime) -> int:
    """Queue the reminders that are due now; returns how many."""
    queued = 0
    for round_id in session.scalars(
        select(Round.id).where(Round.state == "open", Round.closes_at > now, Round.opens_at < now)
    ):
        due = _due(session, round_id, now)
        if due:
            try:
                has_answered = heard(session, round_id)
            except KeyMissing:
                # `flask healthcheck` names this round; without its key no letter could be made either.
                continue
            for when, number, instant in due:
                queued += _remind(session, round_id, when, number, instant, has_answered)
    return queued


def _due(session: Session, round_id: int, now: datetime) -> list[tuple[When, int, datetime]]:
    """The groups of a round whose reminder is due and not queued yet, with its number and instant."""
    groups = session.execute(
        select(Invitation.send_at, Invitation.closes_at, Invitation.timezone)
        .where(Invitation.round_id == round_id)
        .distinct()
    ).all()
    found = [
        (when, number, instant)
        for when in groups
        for number, instant in enumerate(remind_instants(*when), start=1)
        if instant <= now <= instant + STALE and now < when.closes_at
    ]
    return [one for one in found if not _queued_before(session, round_id, one)]


def _queued_before(session: Session, round_id: int, one: tuple[When, int, datetime]) -> bool:
    when, number, instant = one
    query = select(Message.id).where(
        Message.round_id == round_id,
        Message.kind == "reminder",
        Message.number == number,
        Message.created_at >= instant,
        Message.expires_at == when.closes_at,
        Message.about_id.in_(_group(round_id, when)),
    )
    return session.scalar(query.limit(1)) is not None


def _group(round_id: int, when: When) -> Select[int]:
    return select(Invitation.id).where(
        Invitation.round_id == round_id,
        Invitation.send_at == when.send_at,
        Invitation.closes_at == when.closes_at,
        Invitation.timezone == when.timezone,
    )


def _remind(session: Session, round_id: int, when: When, number: int, instant: datetime, has_answered: set[int]) -> int:
    silent = session.scalars(
        select(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.id.in_(_group(round_id, when)), Person.stopped_at.is_(None), Person.left_at.is_(None))
    )
    most = giveback.most_reminders(session, session.get_one(Round, round_id))
    return sum(
        mail.queue(
            session,
            kind="reminder",
            about_id=invitation.id,
            number=number,
            organisation_id=invitation.organisation_id,
            address=invitation.email,
            recipient=invitation.name,
            language=invitation.language,
            due_at=instant,
            expires_at=invitation.closes_at,
            round_id=round_id,
        )
        for invitation in silent
        if invitation.id not in has_answered and number <= most.get(invitation.person_id or 0, number)
    )
