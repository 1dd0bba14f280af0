"""People and teams: the tree with its numbers, and a search."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from flask import Response, request
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pulse.database import reading
from pulse.roster import Person, Team, TeamLead
from pulse.web.admin.door import blueprint, page, signed_in
from pulse.web.admin.sizes import too_small

MOST_FOUND: Final = 50
PARTED: Final = " / "


@dataclass(frozen=True)
class TeamLine:
    """A team in the tree. `depth` is 1 at the top."""

    name: str
    path: str
    depth: int
    people: int
    below: int
    managers: tuple[str, ...]
    small: bool
    """Too small for a figure of its own."""


@dataclass(frozen=True)
class PersonLine:
    """A person as found."""

    name: str
    email: str
    team: str
    leads: bool
    on_leave: bool
    left: bool


@blueprint.get("/people")
def people() -> Response:
    """The tree; with `?q=`, the people who match."""
    me = signed_in()
    sought = request.args.get("q", "").strip()[:200]
    with reading(me.organisation_id) as session:
        teams = tree(session, me.organisation)
        found = search(session, sought) if sought else []
    return page("people.html", section="people", teams=teams, sought=sought, found=found, most=MOST_FOUND)


def tree(session: Session, organisation: str) -> list[TeamLine]:
    """All teams, each after the one above it, with how many are in it and below it."""
    teams = {team.id: team for team in session.scalars(select(Team))}
    counted = select(Person.team_id, func.count(Person.id)).where(Person.left_at.is_(None))
    own = dict(session.execute(counted.group_by(Person.team_id)).all())
    managers: dict[int, list[str]] = defaultdict(list)
    leading = select(TeamLead.team_id, Person.name, Person.email).join(Person, Person.id == TeamLead.person_id)
    for team_id, name, email in session.execute(leading.where(Person.left_at.is_(None)).order_by(Person.name)):
        managers[team_id].append(name or email)
    small = too_small(session, organisation)
    below: dict[str, int] = defaultdict(int)
    for team in teams.values():
        names = team.path.split(PARTED)
        for length in range(1, len(names)):
            below[PARTED.join(names[:length])] += own.get(team.id, 0)
    return [
        TeamLine(
            name=team.name,
            path=team.path,
            depth=team.path.count(PARTED) + 1,
            people=own.get(team.id, 0),
            below=below[team.path],
            managers=tuple(managers[team.id]),
            small=team.path in small,
        )
        for team in sorted(teams.values(), key=lambda team: team.path.casefold().split(PARTED))
    ]


def search(session: Session, sought: str) -> list[PersonLine]:
    """People whose name or address holds `sought`. Who asked not to be mailed looks like anyone else."""
    query = (
        select(Person, Team.path)
        .join(Team, Team.id == Person.team_id)
        .where(
            or_(
                Person.name.icontains(sought, autoescape=True),
                Person.email.icontains(sought, autoescape=True),
            )
        )
        .order_by(Person.name, Person.email)
        .limit(MOST_FOUND)
    )
    leads = set(session.scalars(select(TeamLead.person_id)))
    return [
        PersonLine(
            name=person.name,
            email=person.email,
            team=path,
            leads=person.id in leads,
            on_leave=person.on_leave,
            left=person.left_at is not None,
        )
        for person, path in session.execute(query)
    ]
