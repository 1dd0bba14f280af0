"""The first page: what comes next, how the newest round stands, and what asks for attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.database import reading
from pulse.roster import Person, people_to_ask
from pulse.schedule import Pulse, instant, next_coming
from pulse.web.admin.attention import Attention, attention
from pulse.web.admin.door import SignedIn, blueprint, page, signed_in
from pulse.web.admin.standing import RoundLine, newest_round


@dataclass(frozen=True)
class Coming:
    """The next round of a pulse."""

    pulse_id: int
    title: str
    at: datetime
    people: int


@blueprint.get("/")
def overview() -> Response:
    """What an administrator sees first."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        newest: RoundLine | None = newest_round(session, me)
        problems: list[Attention] = attention(session, me)
        people = session.scalar(select(func.count(Person.id)).where(Person.left_at.is_(None))) or 0
        coming = next_round(session, me)
        planned = session.scalar(select(func.count(Pulse.id))) or 0
    return page(
        "overview.html",
        section="overview",
        newest=newest,
        problems=problems,
        people=people,
        coming=coming,
        planned=planned,
    )


def next_round(session: Session, me: SignedIn) -> Coming | None:
    """The first round that will open by itself, on the day to which it may have been moved."""
    first: tuple[datetime, Pulse, date] | None = None
    for pulse in session.scalars(select(Pulse).where(Pulse.paused_at.is_(None), Pulse.next_date.is_not(None))):
        if following := next_coming(session, pulse):
            at = instant(following.day, pulse.wall_time, pulse.timezone)
            first = min(first or (at, pulse, following.day), (at, pulse, following.day), key=lambda one: one[0])
    if first is None:
        return None
    at, pulse, day = first
    people = len(people_to_ask(session, me.organisation_id, max(day, clock.now().date())))
    return Coming(pulse.id, pulse.title, at.astimezone(me.zone), people)
