"""Reminders: only to who has not answered, at most two, never past the close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from pulse import giveback, mail
from pulse.answers.counting import KeyMissing, heard
from pulse.mail import Message
from pulse.roster import Person
from pulse.rounds import Invitation, Round

STALE = timedelta(hours=24)
"""A reminder that is later than this is dropped, not moved (reliability.md 1.3)."""
WENT_OUT: Final = ("accepted", "unknown")
"""Only a letter that went out can be reminded of."""


def queue_reminders(session: Session, now: datetime) -> int:
    """Queue the reminders that are due now; returns how many."""
    queued = 0
    for round_id in session.scalars(
        select(Round.id).where(Round.state == "open", Round.closes_at > now, Round.opens_at < now)
    ):
        due = {number: _due(session, round_id, number, now) for number in (1, 2)}
        if any(due.values()):
            try:
                has_answered = heard(session, round_id)
            except KeyMissing:
                # `flask healthcheck` names this round; without its key no letter could be made either.
                continue
            most = giveback.most_reminders(session, session.get_one(Round, round_id))
            queued += sum(_remind(session, asked, number, has_answered, most) for number, asked in due.items())
    return queued


def _due(session: Session, round_id: int, number: int, now: datetime) -> Sequence[Invitation]:
    """Whose reminder of this number is due and was not queued: who got the letter, works here and wants mail."""
    due_at = Invitation.first_reminder_at if number == 1 else Invitation.last_reminder_at
    reminder, invited = aliased(Message), aliased(Message)
    about = (reminder.kind == "reminder", reminder.about_id == Invitation.id, reminder.number == number)
    return session.scalars(
        select(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .join(invited, (invited.kind == "invitation") & (invited.about_id == Invitation.id))
        .where(
            Invitation.round_id == round_id,
            due_at <= now,
            due_at > now - STALE,
            Invitation.closes_at > now,
            invited.state.in_(WENT_OUT),
            Person.stopped_at.is_(None),
            Person.left_at.is_(None),
            Person.on_leave.is_(False),
            ~exists().where(*about),
        )
        .order_by(Invitation.id)
    ).all()


def _remind(
    session: Session, asked: Sequence[Invitation], number: int, has_answered: set[int], most: Mapping[int, int]
) -> int:
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
            due_at=(invitation.first_reminder_at if number == 1 else invitation.last_reminder_at) or invitation.send_at,
            expires_at=invitation.closes_at,
            round_id=invitation.round_id,
        )
        for invitation in asked
        if invitation.id not in has_answered and number <= most.get(invitation.person_id or 0, number)
    )
