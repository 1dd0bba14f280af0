"""Reminders: only to who has not answered, at most two, never past the close."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import mail
from pulse.answers.evidence import COUNTS_FROM
from pulse.answers.tables import SealedAnswer
from pulse.roster import Person
from pulse.rounds import Invitation, Round, remind_instants

STALE = timedelta(hours=24)
"""A reminder that is later than this is dropped, not moved (reliability.md 1.3)."""


def queue_reminders(session: Session, now: datetime) -> int:
    """Queue the reminders that are due now; returns how many."""
    queued = 0
    for asked in session.scalars(
        select(Round).where(Round.state == "open", Round.closes_at > now, Round.opens_at < now)
    ):
        silent = _silent(session, asked)
        for invitation in silent:
            queued += _queue_due(session, asked, invitation, now)
    return queued


def _silent(session: Session, asked: Round) -> list[Invitation]:
    has_answered = select(SealedAnswer.invitation_id).where(SealedAnswer.evidence >= COUNTS_FROM)
    return list(
        session.scalars(
            select(Invitation)
            .join(Person, Person.id == Invitation.person_id)
            .where(
                Invitation.round_id == asked.id,
                Person.stopped_at.is_(None),
                Person.left_at.is_(None),
                Invitation.id.not_in(has_answered),
            )
        )
    )


def _queue_due(session: Session, asked: Round, invitation: Invitation, now: datetime) -> int:
    instants = remind_instants(invitation.send_at, invitation.closes_at, invitation.timezone)
    queued = 0
    for number, due in enumerate(instants, start=1):
        if due <= now <= due + STALE and now < invitation.closes_at:
            queued += mail.queue(
                session,
                kind="reminder",
                about_id=invitation.id,
                number=number,
                organisation_id=invitation.organisation_id,
                address=invitation.email,
                recipient=invitation.name,
                language=invitation.language,
                due_at=due,
                expires_at=invitation.closes_at,
                round_id=asked.id,
            )
    return queued
