"""The four moves, one sentence, and telling the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, aliased

from pulse import clock
from pulse.giveback.sentence import GiveBackRefused, checked
from pulse.giveback.tables import GiveBack, GiveBackRequest
from pulse.locale import translator
from pulse.rounds import Invitation, Promise, Round, RoundLead

MOVES = ("acknowledge", "return", "repair", "even_out")
FRESH = timedelta(days=62)
"""A give-back is told with the next round; after two months without one it is old news and is not told."""

_SENTENCES = {
    "acknowledge": "Every week I will say out loud what one of you has done for the team.",
    "return": "This month I will keep time free for each of you, to hear what you need.",
    "repair": "Too little came back to you in the past months. I see that, and I will make up for it with you.",
    "even_out": "I will look with you at how giving and getting are spread in our team, and make it fairer.",
}


@dataclass(frozen=True)
class PastGiveBack:
    """One give-back of the past, as a report shows it."""

    period: str
    """Of the round whose report it answered."""
    told_period: str | None
    """Of the round whose letters opened with it; None while the team has not heard it."""
    move: str
    sentence: str
    by: str
    given_at: datetime


def default_sentence(move: str, language: str) -> str:
    """What the team reads when the manager clicks a move and writes nothing."""
    return translator(language).gettext(_SENTENCES[move])


def request_give_back(
    session: Session, asked: Round, lead: RoundLead, team_path: str, team_name: str
) -> GiveBackRequest:
    """Ask a manager, after a round, what they give back to a team; the same request when asked again."""
    existing = session.scalar(
        select(GiveBackRequest).where(
            GiveBackRequest.round_id == asked.id,
            GiveBackRequest.team_path == team_path,
            GiveBackRequest.person_id == lead.person_id,
        )
    )
    if existing is not None:
        return existing
    request = GiveBackRequest(
        organisation_id=asked.organisation_id,
        round_id=asked.id,
        team_path=team_path,
        team_name=team_name,
        person_id=lead.person_id,
        email=lead.email,
        name=lead.name,
        language=lead.language,
        created_at=clock.now(),
    )
    session.add(request)
    session.flush()
    return request


def asked_together(session: Session, request_id: int) -> list[GiveBackRequest]:
    """All that one manager is asked after one round, a request for each team they lead, in the order of the tree."""
    one, mine = aliased(GiveBackRequest), GiveBackRequest
    together = (mine.round_id == one.round_id) & (mine.person_id == one.person_id)
    return list(session.scalars(select(mine).join(one, together).where(one.id == request_id).order_by(mine.team_path)))


def unanswered(session: Session, request_id: int) -> list[GiveBackRequest]:
    """Of what a manager is asked with this request, the teams that no manager has answered."""
    asked = asked_together(session, request_id)
    paths = {request.team_path for request in asked}
    answered = set(
        session.scalars(
            select(GiveBackRequest.team_path)
            .join(GiveBack, GiveBack.request_id == GiveBackRequest.id)
            .where(
                GiveBackRequest.round_id.in_({request.round_id for request in asked}),
                GiveBackRequest.team_path.in_(paths),
            )
        )
    )
    return [request for request in asked if request.team_path not in answered]


def give_back(session: Session, request_id: int, move: str, sentence: str | None, now: datetime) -> GiveBack:
    """Record the manager's move and sentence; the latest stands until the team has been told.

    A letter opens with one sentence: that of another manager of this team gives way to it.
    """
    request = session.get(GiveBackRequest, request_id, with_for_update=True)
    if request is None or move not in MOVES:
        raise GiveBackRefused("This link leads to no report of ours. Open it from the newest mail.")
    words = checked(sentence) if sentence else default_sentence(move, request.language)
    row = session.scalar(select(GiveBack).where(GiveBack.request_id == request_id))
    if row is None:
        row = GiveBack(
            organisation_id=request.organisation_id,
            request_id=request_id,
            move=move,
            sentence=words,
            given_at=now,
        )
        session.add(row)
    else:
        _refuse_told(row)
        row.move, row.sentence, row.given_at, row.withdrawn_at = move, words, now, None
    for other in session.scalars(_untold(request.organisation_id, now).where(_by_others(request))):
        other.withdrawn_at = now
    session.flush()
    return row


def withdraw(session: Session, request_id: int, now: datetime) -> None:
    """Take a give-back back, as long as the team has not been told."""
    row = session.scalar(select(GiveBack).where(GiveBack.request_id == request_id).with_for_update())
    if row is not None:
        _refuse_told(row)
        row.withdrawn_at = now
        session.flush()


def given(session: Session, request_id: int) -> GiveBack | None:
    """What stands now for a request."""
    return session.scalar(select(GiveBack).where(GiveBack.request_id == request_id, GiveBack.withdrawn_at.is_(None)))


def decided(session: Session, request_id: int) -> bool:
    """Whether the manager has ever answered this request, also where it was taken back since."""
    return session.scalar(select(GiveBack.id).where(GiveBack.request_id == request_id)) is not None


def given_by_another(session: Session, request: GiveBackRequest, now: datetime) -> Promise | None:
    """What another manager of the same team has given back and the team has not been told yet."""
    found = session.execute(
        _untold(request.organisation_id, now).add_columns(GiveBackRequest.name).where(_by_others(request))
    ).first()
    return Promise(found[0].sentence, found[1]) if found else None


def promises_to_tell(session: Session, organisation_id: int) -> dict[str, Promise]:
    """For each team the newest give-back that it has not been told."""
    rows = session.execute(_untold(organisation_id, clock.now()).add_columns(GiveBackRequest))
    return {request.team_path: Promise(row.sentence, request.name) for row, request in rows}


def mark_told(session: Session, organisation_id: int, told: Round) -> int:
    """The letters of `told` open with these give-backs: from here on they cannot change.

    Where nobody of the team got a letter, nobody was told.
    """
    reached = select(Invitation.counting_path).where(Invitation.round_id == told.id)
    rows = session.scalars(_untold(organisation_id, clock.now()).where(GiveBackRequest.team_path.in_(reached))).all()
    for row in rows:
        row.told_round_id = told.id
    session.flush()
    return len(rows)


def history(session: Session, organisation_id: int, team_path: str) -> list[PastGiveBack]:
    """What this team's managers gave back, newest first."""
    rows = session.execute(
        select(GiveBack, GiveBackRequest, Round.period)
        .join(GiveBackRequest, GiveBackRequest.id == GiveBack.request_id)
        .join(Round, Round.id == GiveBackRequest.round_id)
        .where(
            GiveBack.organisation_id == organisation_id,
            GiveBackRequest.team_path == team_path,
            GiveBack.withdrawn_at.is_(None),
        )
        .order_by(GiveBack.given_at.desc())
    ).all()
    told = dict(
        session.execute(
            select(Round.id, Round.period).where(Round.id.in_([row.told_round_id for row, _, _ in rows]))
        ).all()
    )
    return [
        PastGiveBack(
            period,
            told.get(row.told_round_id) if row.told_round_id else None,
            row.move,
            row.sentence,
            request.name,
            row.given_at,
        )
        for row, request, period in rows
    ]


def _untold(organisation_id: int, now: datetime) -> Select[GiveBack]:
    """What stands and waits for the next round's letters, the newest last."""
    return (
        select(GiveBack)
        .join(GiveBackRequest, GiveBackRequest.id == GiveBack.request_id)
        .where(
            GiveBack.organisation_id == organisation_id,
            GiveBack.withdrawn_at.is_(None),
            GiveBack.told_round_id.is_(None),
            GiveBack.given_at > now - FRESH,
        )
        .order_by(GiveBack.given_at)
    )


def _by_others(request: GiveBackRequest) -> ColumnElement[bool]:
    return (GiveBackRequest.team_path == request.team_path) & (GiveBackRequest.person_id != request.person_id)


def _refuse_told(row: GiveBack) -> None:
    if row.told_round_id is not None:
        raise GiveBackRefused(
            "Your team has already been told this, so it cannot change any more. "
            "With the next report you can give something back again."
        )
