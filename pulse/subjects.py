"""What is kept about one person, and forgetting them: for whoever asks (GDPR articles 15 and 17).

After a close there is no answer of anybody left to show or to delete; while a round is open an answer is
sealed, so only the person's own link can change it, and forgetting deletes it unopened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from pulse.answers import SealedAnswer
from pulse.giveback import GiveBackRequest
from pulse.mail import REASONS, Message
from pulse.roster import COMPLAINT, Person, Suppression, Team, TeamLead
from pulse.rounds import Invitation, Round, RoundLead, RoundTeam


def kept_about(session: Session, person: Person) -> dict[str, Any]:
    """Everything that is kept about a person, as plain values; never an answer, nor whether there is one."""
    team = session.get_one(Team, person.team_id)
    led = select(Team.path).join(TeamLead, TeamLead.team_id == Team.id).where(TeamLead.person_id == person.id)
    return {
        "address": person.email,
        "name": person.name,
        "employee number": person.employee_id,
        "team": team.path,
        "leads": list(session.scalars(led.order_by(Team.path))),
        "language": person.language,
        "time zone": person.timezone,
        "location": person.location,
        "starts": _day(person.start_date),
        "ends": _day(person.end_date),
        "on leave": person.on_leave,
        "asked for no mail": _day(person.stopped_at),
        "said the mail was not theirs": _day(person.disowned_at),
        "mail came back": _came_back(session, person),
        "left": _day(person.left_at),
        "asked in": list(
            session.scalars(
                select(Round.period)
                .join(Invitation, Invitation.round_id == Round.id)
                .where(Invitation.person_id == person.id)
                .order_by(Round.period)
            )
        ),
        "mails": [
            f"{message.kind}, {_day(message.created_at)}, {message.state}"
            # A reminder would tell who has not answered.
            for message in session.scalars(
                select(Message)
                .where(Message.address == person.email, Message.kind != "reminder")
                .where(Message.organisation_id == person.organisation_id)
                .order_by(Message.created_at, Message.id)
            )
        ],
    }


def forget(session: Session, person: Person, now: datetime) -> None:
    """Leave nothing that names the person. An empty row stays, so that published months keep their sums."""
    _leave_open_rounds(session, person)
    session.execute(delete(TeamLead).where(TeamLead.person_id == person.id))
    for kept in (Invitation, RoundLead):
        session.execute(update(kept).where(kept.person_id == person.id).values(email="", name=""))
    for name in session.scalars(select(GiveBackRequest.name).where(GiveBackRequest.person_id == person.id).distinct()):
        told = update(RoundTeam).where(
            RoundTeam.organisation_id == person.organisation_id, RoundTeam.promised_by == name
        )
        session.execute(told.values(promised_by=""))
    session.execute(update(GiveBackRequest).where(GiveBackRequest.person_id == person.id).values(email="", name=""))
    mails = (Message.address == person.email, Message.organisation_id == person.organisation_id)
    session.execute(delete(Message).where(*mails, Message.state.in_(("queued", "deferred"))))
    session.execute(update(Message).where(*mails).values(address="", recipient="", reply=None))
    session.execute(delete(Suppression).where(*_at(person)))
    person.email, person.name, person.employee_id = f"forgotten-{person.id}@invalid", "", None
    person.language = person.timezone = person.location = person.start_date = person.end_date = None
    person.on_leave, person.stopped_at, person.disowned_at = False, None, None
    person.left_at = now
    session.flush()


def _came_back(session: Session, person: Person) -> str | None:
    row = session.scalar(select(Suppression).where(*_at(person), Suppression.reason != COMPLAINT))
    return f"{REASONS[row.reason]} ({_day(row.suppressed_at)})" if row else None


def _at(person: Person) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Suppression.organisation_id == person.organisation_id, Suppression.address == person.email


def _leave_open_rounds(session: Session, person: Person) -> None:
    open_rounds = select(Round.id).where(Round.state == "open")
    asked = list(
        session.scalars(
            select(Invitation.id).where(Invitation.person_id == person.id, Invitation.round_id.in_(open_rounds))
        )
    )
    session.execute(delete(SealedAnswer).where(SealedAnswer.invitation_id.in_(asked)))
    session.execute(delete(Message).where(Message.kind.in_(("invitation", "reminder")), Message.about_id.in_(asked)))
    session.execute(delete(Invitation).where(Invitation.id.in_(asked)))
    session.execute(delete(RoundLead).where(RoundLead.person_id == person.id, RoundLead.round_id.in_(open_rounds)))


def _day(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d}"
