"""Which teams hear something back, for whoever looks after the organisation. In words, and no ranking."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from pulse.giveback.tables import GiveBack, GiveBackRequest
from pulse.rounds import Round


@dataclass(frozen=True)
class TeamHears:
    """One team whose manager was asked after a round."""

    path: str
    state: str
    """`told`: a letter opened with it; `waits`: it opens the next one; `nothing` yet."""
    told: str | None = None
    """The period of the letter that told it."""


def heard_back(session: Session, round_id: int) -> list[TeamHears]:
    """The teams that were asked for after a round, by path; what was said is between them and their manager."""
    rows = session.execute(
        select(GiveBackRequest.team_path, GiveBack.id, Round.period)
        .outerjoin(GiveBack, (GiveBack.request_id == GiveBackRequest.id) & GiveBack.withdrawn_at.is_(None))
        .outerjoin(Round, Round.id == GiveBack.told_round_id)
        .where(GiveBackRequest.round_id == round_id)
    )
    found: dict[str, TeamHears] = {}
    for path, given, told in rows:
        state = "told" if told else "waits" if given is not None else "nothing"
        if path not in found or state != "nothing":
            found[path] = TeamHears(path, state, told)
    return [found[path] for path in sorted(found)]


@dataclass(frozen=True)
class Told:
    """One give-back that a team was told: when, and which month's report it answered."""

    answered: str
    told: str


def told_to(session: Session, organisation_id: int) -> dict[str, list[Told]]:
    """What each team has been told, by path."""
    answered, letters = aliased(Round), aliased(Round)
    rows = session.execute(
        select(GiveBackRequest.team_path, answered.period, letters.period)
        .join(GiveBack, GiveBack.request_id == GiveBackRequest.id)
        .join(answered, answered.id == GiveBackRequest.round_id)
        .join(letters, letters.id == GiveBack.told_round_id)
        .where(GiveBackRequest.organisation_id == organisation_id, GiveBack.withdrawn_at.is_(None))
        .order_by(letters.period)
    )
    found: dict[str, list[Told]] = {}
    for path, report, letter in rows:
        found.setdefault(path, []).append(Told(report, letter))
    return found
