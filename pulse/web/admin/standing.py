"""How a round stands, for an administrator: what was sent and how many answered; never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pulse import answers
from pulse.mail import REASONS, Message
from pulse.rounds import Invitation, Round
from pulse.schedule import Pulse
from pulse.web.admin.door import SignedIn

LEAST_INVITED: Final = 5
"""Of fewer people not even the number of answers is shown while a round is open (science.md B7)."""
TROUBLE: Final = ("deferred", "rejected", "bounced")
"""States that name a person. `unknown` does not: a mail stays unknown once its reader has answered."""
EXPLAINED: Final = (*TROUBLE, "cancelled")
MOST_NAMED: Final = 200


@dataclass(frozen=True)
class RoundLine:
    """A round in one line."""

    id: int
    title: str
    period: str
    state: str
    opens_at: datetime
    closes_at: datetime
    invited: int
    stopped: bool
    late: bool
    answered: int | None
    """While it is open and at least five are invited; else nobody is told."""


@dataclass(frozen=True)
class Delivery:
    """One person's invitation on its way."""

    name: str
    address: str
    state: str
    reason: str
    """A sentence in English, to be said in the reader's language; empty where there is none to say."""
    reply: str
    """The server's own words."""


def newest_round(session: Session, me: SignedIn) -> RoundLine | None:
    """The round that opened last."""
    found = rounds_of(session, me, limit=1)
    return found[0] if found else None


def rounds_of(session: Session, me: SignedIn, *, round_id: int | None = None, limit: int = 36) -> list[RoundLine]:
    """Rounds, newest first."""
    query = select(Round).order_by(Round.opens_at.desc(), Round.id.desc()).limit(limit)
    if round_id is not None:
        query = query.where(Round.id == round_id)
    rows = session.scalars(query).all()
    titles = pulse_titles(session)
    invited = dict(
        session.execute(
            select(Invitation.round_id, func.count(Invitation.id))
            .where(Invitation.round_id.in_([row.id for row in rows]))
            .group_by(Invitation.round_id)
        ).all()
    )
    return [
        RoundLine(
            id=row.id,
            title=titles.get(row.pulse_id, ""),
            period=row.period,
            state=row.state,
            opens_at=row.opens_at.astimezone(me.zone),
            closes_at=row.closes_at.astimezone(me.zone),
            invited=invited.get(row.id, 0),
            stopped=row.stopped_at is not None,
            late=row.late,
            answered=_answered(session, row, invited.get(row.id, 0)),
        )
        for row in rows
    ]


def pulse_titles(session: Session) -> dict[int, str]:
    """Each pulse's title."""
    return dict(session.execute(select(Pulse.id, Pulse.title)).all())


def trouble(session: Session, round_id: int) -> list[Delivery]:
    """Invitations that did not arrive. Reminders stay out: they would tell who has not answered."""
    return _deliveries(session, round_id, Message.state.in_(TROUBLE))


def deliveries_to(session: Session, round_id: int, address: str) -> list[Delivery]:
    """The invitation to one address, for someone who asks whether theirs was sent."""
    return _deliveries(session, round_id, Message.address == address.strip().lower())


def _answered(session: Session, row: Round, invited: int) -> int | None:
    if row.state != "open" or invited < LEAST_INVITED:
        return None
    return len(answers.heard(session, row.id))


def _deliveries(session: Session, round_id: int, which: ColumnElement[bool]) -> list[Delivery]:
    rows = session.scalars(
        select(Message)
        .where(Message.round_id == round_id, Message.kind == "invitation", which)
        .order_by(Message.address)
        .limit(MOST_NAMED)
    )
    return [Delivery(row.recipient, row.address, _shown_state(row), _reason(row), _server_words(row)) for row in rows]


def _reason(message: Message) -> str:
    """Why it waits or did not go. That somebody asked for no mail is nobody's business."""
    if message.state not in EXPLAINED or message.reason == "has_left":
        return ""
    return REASONS.get(message.reason or "", "")


def _server_words(message: Message) -> str:
    said = message.reply or ""
    return "" if said in REASONS.values() else said


def _shown_state(message: Message) -> str:
    """A mail of unknown fate is sent again only to who has not answered, so both count as sent here.

    That it came back is told by the receiver's server, whichever of the two it speaks of.
    """
    if message.state == "bounced":
        return message.state
    return "accepted" if message.state == "unknown" or message.resent else message.state
