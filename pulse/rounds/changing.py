"""What may still change in an open round: a person leaves or returns, one mail goes later, the close moves."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from pulse.calendar import Hours, calendar_of, instant, local_date
from pulse.locale import Sentence
from pulse.roster import Person
from pulse.rounds.keys import link_key
from pulse.rounds.links import handle, handle_sha256
from pulse.rounds.opening import RoundRefused
from pulse.rounds.reminding import remind_instants
from pulse.rounds.tables import Invitation, Round
from pulse.schedule import LONGEST_OPEN

LAST_ZONE: Final = "Etc/GMT+12"
"""Where a date ends last on earth."""


def open_rounds(session: Session) -> Sequence[int]:
    """The rounds that take answers; everything below looks at these alone, so history costs nothing."""
    return session.scalars(select(Round.id).where(Round.state == "open")).all()


def dead_links(session: Session, rounds: Sequence[int], now: datetime) -> Sequence[Invitation]:
    """Let the links of people who left die; gives whose. An answer that was given stays."""
    gone = session.scalars(
        _asked_in(rounds).where(Invitation.handle_sha256.is_not(None), _has_left(now)).with_for_update(of=Invitation)
    ).all()
    for invitation in gone:
        invitation.handle_sha256 = None
    session.flush()
    return gone


def revive_links(session: Session, rounds: Sequence[int], now: datetime) -> int:
    """Give the links back to who returned while the round is open; how many."""
    back = session.scalars(_asked_in(rounds).where(Invitation.handle_sha256.is_(None), ~_has_left(now))).all()
    revived = 0
    for invitation in back:
        key = link_key(session.get_one(Round, invitation.round_id).uid)
        if key is not None:
            invitation.handle_sha256 = handle_sha256(handle(key, invitation.uid))
            revived += 1
    session.flush()
    return revived


def unwanted_invitations(rounds: Sequence[int], now: datetime) -> Select[int]:
    """The invitations of these rounds whose person has left or asked for no mail."""
    return (
        select(Invitation.id)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.round_id.in_(rounds), or_(_has_left(now), Person.stopped_at.is_not(None)))
    )


def move_invitation(invitation: Invitation, at: datetime, hours: Hours, closed: Container[date]) -> None:
    """Its mail leaves at `at`; its reminders follow, and its close stays."""
    invitation.send_at = at
    reminders = remind_instants(at, invitation.closes_at, invitation.timezone, hours, closed)
    invitation.first_reminder_at = reminders[0] if reminders else None
    invitation.last_reminder_at = reminders[1] if reminders[1:] else None


def move_close(session: Session, asked: Round, day: date, now: datetime) -> list[Invitation]:
    """Let an open round close on another day, at the same local time: the one thing that may change.

    Gives its invitations; raises RoundRefused with the reason.
    """
    if asked.state != "open":
        raise RoundRefused(Sentence("The round of %(period)s has closed; its date cannot change.", period=asked.period))
    invitations = list(session.scalars(select(Invitation).where(Invitation.round_id == asked.id)))
    zones = {invitation.timezone for invitation in invitations}
    latest = local_date(asked.opens_at, "UTC") + timedelta(days=LONGEST_OPEN)
    if not min(local_date(now, zone) for zone in zones) < day <= latest:
        raise RoundRefused(Sentence("Choose a closing date from tomorrow to %(latest)s.", latest=latest))
    calendar = calendar_of(session, asked.organisation_id)
    closed = frozenset(date.fromisoformat(text) for text in asked.closed_dates)
    for invitation in invitations:
        wall = invitation.closes_at.astimezone(ZoneInfo(invitation.timezone)).time()
        invitation.closes_at = instant(day, wall, invitation.timezone)
        move_invitation(invitation, invitation.send_at, calendar.place(invitation.location).hours, closed)
    asked.closes_at = max(invitation.closes_at for invitation in invitations)
    session.flush()
    return invitations


def _asked_in(rounds: Sequence[int]) -> Select[Invitation]:
    return select(Invitation).join(Person, Person.id == Invitation.person_id).where(Invitation.round_id.in_(rounds))


def _has_left(now: datetime) -> ColumnElement[bool]:
    """By the roster, or by a last day that is over wherever people work."""
    over = Person.end_date.is_not(None) & (Person.end_date < local_date(now, LAST_ZONE))
    return or_(Person.left_at.is_not(None), over)
