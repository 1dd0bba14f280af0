"""People and teams: the tree with its numbers, and a search."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock
from pulse.database import reading, transaction
from pulse.locale import Translator
from pulse.roster import Person, Team, TeamLead
from pulse.subjects import forget, kept_about
from pulse.web.admin.door import blueprint, done, page, signed_in
from pulse.web.admin.sizes import too_small
from pulse.web.admin.unreachable import whom_mail_does_not_reach

MOST_FOUND: Final = 50
WISHES: Final = {"asked for no mail", "said the mail was not theirs"}
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

    id: int
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
        unreachable = len(whom_mail_does_not_reach(session, me))
        found = search(session, sought) if sought else []
    return page(
        "people.html",
        section="people",
        teams=teams,
        sought=sought,
        found=found,
        most=MOST_FOUND,
        unreachable=unreachable,
    )


@blueprint.get("/people/<int:person_id>")
def person_page(person_id: int) -> Response:
    """Everything that is kept about one person, but their wishes about mail."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        person = _find(session, person_id)
        kept = {name: value for name, value in kept_about(session, person).items() if name not in WISHES}
    unreachable = bool(kept.get("mail came back"))
    return page("person.html", section="people", person=person, kept=_named(kept, me.words), unreachable=unreachable)


@blueprint.post("/people/<int:person_id>/forget")
def forget_person(person_id: int) -> AnyResponse:
    """Forget somebody for good."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        forget(session, _find(session, person_id), clock.now())
    return done(me.words.gettext("This person is forgotten."), "admin.people")


def _find(session: Session, person_id: int) -> Person:
    person = session.scalars(select(Person).where(Person.id == person_id)).one_or_none()
    if person is None:
        raise NotFound
    return person


def _named(kept: dict[str, Any], words: Translator) -> list[tuple[str, str]]:
    """What is kept, each under its name in the reader's language."""
    _ = words.gettext
    names = {
        "address": _("Address"),
        "name": _("Name"),
        "employee number": _("Employee number"),
        "team": _("Team"),
        "leads": _("Leads"),
        "language": _("Language"),
        "time zone": _("Time zone"),
        "location": _("Location"),
        "starts": _("First day"),
        "ends": _("Last day"),
        "on leave": _("On leave"),
        "mail came back": _("Mail came back"),
        "left": _("Has left on"),
        "asked in": _("Asked in"),
        "mails": _("Mails, without reminders"),
    }
    if came_back := kept.get("mail came back"):
        sentence, day = came_back.rsplit(" (", 1)
        kept = kept | {"mail came back": f"{_(sentence)} ({day}"}
    return [(names[name], _shown(value, words)) for name, value in kept.items()]


def _shown(value: Any, words: Translator) -> str:
    if isinstance(value, bool):
        return words.gettext("yes") if value else words.gettext("no")
    return "; ".join(value) if isinstance(value, list) else str(value or "")


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
            id=person.id,
            name=person.name,
            email=person.email,
            team=path,
            leads=person.id in leads,
            on_leave=person.on_leave,
            left=person.left_at is not None,
        )
        for person, path in session.execute(query)
    ]
