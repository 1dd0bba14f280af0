"""Opening a round: freeze who is asked, in which team, under whom, in which words; make its keys."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.questions import WORDING_VERSION, questions_for
from pulse.roster import Organisation, Person, Team, TeamLead, people_to_ask
from pulse.rounds.counting import PARTED, Tree, counting_node, tree_of
from pulse.rounds.keys import link_key, make_keys
from pulse.rounds.links import handle, handle_sha256
from pulse.rounds.tables import Invitation, Round, RoundLead, RoundTeam
from pulse.schedule import Pulse, advance, instant

LEAST_GROUP, STRICT_GROUP = 5, 8
"""k: of how many people a figure speaks at least (science.md B3)."""
QUIET = timedelta(days=10)
"""Nobody is asked twice within this time, whatever pulses there are (reliability.md 1.3)."""


class RoundRefused(Exception):
    """A round cannot be opened or found; the text is a sentence."""


@dataclass(frozen=True)
class Promise:
    """What a manager gave back, as the team will read it."""

    sentence: str
    by: str


@dataclass(frozen=True)
class _Opening:
    session: Session
    pulse: Pulse
    organisation: Organisation
    day: date
    send_at: datetime | None
    teams: dict[int, Team]
    leads: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def zone(self, person: Person) -> str:
        return person.timezone or self.pulse.timezone

    def sends(self, person: Person) -> datetime:
        return self.send_at or instant(self.day, self.pulse.wall_time, self.zone(person))

    def closes(self, person: Person) -> datetime:
        last_day = self.day + timedelta(days=self.pulse.open_days)
        return instant(last_day, self.pulse.wall_time, self.zone(person))


def open_round(
    session: Session,
    pulse: Pulse,
    day: date,
    promises: Mapping[str, Promise],
    *,
    send_at: datetime | None = None,
) -> Round:
    """Open the pulse's round of `day`'s month in the caller's transaction; the keys are on disk first.

    `send_at` overrides each person's own wall time. If the period already has a round, that one is
    returned unchanged. Raises RoundRefused when there is nobody to ask.
    """
    period = f"{day:%Y-%m}"
    existing = session.scalar(select(Round).where(Round.pulse_id == pulse.id, Round.period == period))
    if existing is not None:
        advance(session, pulse, day)
        return existing
    opening = _prepare(session, pulse, day, send_at)
    people = _not_asked_lately(session, people_to_ask(session, pulse.organisation_id, day))
    if not people:
        raise RoundRefused(
            f"There is nobody to ask in {opening.organisation.name}. Import a roster first: "
            "flask roster import FILE.csv."
        )
    tree = tree_of((team.path for team in opening.teams.values()), opening.organisation.name)
    opened = _write_round(opening, period, tree, people)
    _write_teams(session, opened, tree, promises)
    _write_leads(opening, opened, people)
    _write_invitations(opening, opened, tree, people)
    advance(session, pulse, day)
    return opened


def _prepare(session: Session, pulse: Pulse, day: date, send_at: datetime | None) -> _Opening:
    organisation = session.get_one(Organisation, pulse.organisation_id)
    teams = session.scalars(select(Team).where(Team.organisation_id == organisation.id))
    opening = _Opening(session, pulse, organisation, day, send_at, {team.id: team for team in teams})
    for lead in session.scalars(select(TeamLead).where(TeamLead.organisation_id == organisation.id)):
        opening.leads[lead.person_id].add(opening.teams[lead.team_id].path)
    return opening


def _not_asked_lately(session: Session, people: Iterable[Person]) -> list[Person]:
    lately = clock.now() - QUIET
    asked = set(session.scalars(select(Invitation.person_id).where(Invitation.send_at > lately)))
    return [person for person in people if person.id not in asked]


def _write_round(opening: _Opening, period: str, tree: Tree, people: list[Person]) -> Round:
    uid = secrets.token_hex(16)
    opened = Round(
        uid=uid,
        organisation_id=opening.organisation.id,
        pulse_id=opening.pulse.id,
        period=period,
        organisation_name=opening.organisation.name,
        root_path=tree.root,
        state="open",
        opens_at=min(opening.sends(person) for person in people),
        closes_at=max(opening.closes(person) for person in people),
        opened_at=clock.now(),
        minimum_group=STRICT_GROUP if opening.pulse.strict else LEAST_GROUP,
        one_link=opening.pulse.one_link,
        wording_version=WORDING_VERSION,
        public_key=make_keys(uid),
    )
    opening.session.add(opened)
    opening.session.flush()
    return opened


def _write_teams(session: Session, opened: Round, tree: Tree, promises: Mapping[str, Promise]) -> None:
    for path, parent in tree.parents.items():
        promise = promises.get(path)
        session.add(
            RoundTeam(
                organisation_id=opened.organisation_id,
                round_id=opened.id,
                path=path,
                parent_path=parent,
                name=path.rsplit(PARTED, 1)[-1],
                questions=questions_for(opened.period, promise is not None),
                promise=promise.sentence if promise else None,
                promised_by=promise.by if promise else None,
            )
        )


def _write_leads(opening: _Opening, opened: Round, people: list[Person]) -> None:
    """Who leads a team gets its report, also when they are on leave or asked to be left alone."""
    leading = select(Person).where(Person.id.in_(opening.leads), Person.left_at.is_(None))
    for person in opening.session.scalars(leading):
        for path in sorted(opening.leads[person.id]):
            opening.session.add(
                RoundLead(
                    organisation_id=opened.organisation_id,
                    round_id=opened.id,
                    team_path=path,
                    person_id=person.id,
                    email=person.email,
                    name=person.name,
                    language=person.language or opening.organisation.language,
                )
            )


def _write_invitations(opening: _Opening, opened: Round, tree: Tree, people: list[Person]) -> None:
    key = link_key(opened.uid)
    assert key is not None
    for person in people:
        uid = secrets.token_hex(16)
        team = opening.teams[person.team_id].path
        opening.session.add(
            Invitation(
                uid=uid,
                organisation_id=opened.organisation_id,
                round_id=opened.id,
                person_id=person.id,
                email=person.email,
                name=person.name,
                language=person.language or opening.organisation.language,
                timezone=opening.zone(person),
                team_path=team,
                counting_path=counting_node(tree, team, opening.leads.get(person.id, ())),
                send_at=opening.sends(person),
                closes_at=opening.closes(person),
                handle_sha256=handle_sha256(handle(key, uid)),
            )
        )
    opening.session.flush()
