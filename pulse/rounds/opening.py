"""Opening a round: freeze who is asked, in which team, under whom, in which words; make its keys."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.calendar import Calendar, Hours, calendar_of, instant, next_open, send_instant
from pulse.database import Instant
from pulse.locale import Sentence
from pulse.questions import WORDING_VERSION, questions_for
from pulse.roster import Organisation, Person, Team, TeamLead, people_to_ask
from pulse.rounds.counting import PARTED, Tree, counting_node, tree_of
from pulse.rounds.keys import link_key, make_keys
from pulse.rounds.links import handle, handle_sha256
from pulse.rounds.reminding import remind_instants
from pulse.rounds.spreading import Pace, Wish, spread, unlimited
from pulse.rounds.tables import Invitation, Round, RoundLead, RoundTeam
from pulse.schedule import LONGEST_OPEN, QUIET, Pulse, advance

LEAST_GROUP, STRICT_GROUP = 5, 8
"""k: of how many people a figure speaks at least (science.md B3)."""
FROZEN = timedelta(days=2 * LONGEST_OPEN)
"""For so long a round keeps the closed dates of its opening."""


class RoundRefused(Exception):
    """A round cannot be opened or found; the text is a sentence."""


@dataclass(frozen=True)
class Promise:
    """What a manager gave back, as the team will read it."""

    sentence: str
    by: str


@dataclass(frozen=True)
class When:
    """The day of a round and, where they are not the pulse's, when its mails leave."""

    day: date
    wall: time | None = None
    """A wall time in each person's own zone, instead of the pulse's."""
    at: datetime | None = None
    """One instant for everybody, whatever their hours."""
    late: bool = False


@dataclass(frozen=True)
class _Opening:
    session: Session
    pulse: Pulse
    organisation: Organisation
    when: When
    calendar: Calendar
    closed: frozenset[date]
    now: datetime
    teams: dict[int, Team]
    leads: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    def zone(self, person: Person) -> str:
        return self.calendar.zone(person.timezone, person.location, self.pulse.timezone)

    def hours(self, person: Person) -> Hours:
        return self.calendar.place(person.location).hours

    def wish(self, person: Person) -> Wish:
        """When this person's mail would leave; what is late by now waits for their working hours."""
        zone, hours = self.zone(person), self.hours(person)
        at = self.when.at or send_instant(
            self.when.day, self.when.wall or self.pulse.wall_time, zone, hours, self.closed
        )
        if self.when.at is None and at < self.now:
            at = next_open(self.now, zone, hours, self.closed)
        return Wish(at, zone, hours)

    def closes(self, person: Person) -> datetime:
        last_day = self.when.day + timedelta(days=self.pulse.open_days)
        return instant(last_day, self.pulse.wall_time, self.zone(person))


def open_round(
    session: Session,
    pulse: Pulse,
    planned: date,
    promises: Mapping[str, Promise],
    *,
    when: When | None = None,
    pace: Pace = unlimited,
) -> Round:
    """Open the pulse's round of `planned`'s month in the caller's transaction; the keys are on disk first.

    `when` says the day where it is not the planned one; `pace` spreads the mails. If the period already
    has a round, that one is returned unchanged. Raises RoundRefused when there is nobody to ask.
    """
    period = f"{planned:%Y-%m}"
    existing = session.scalar(select(Round).where(Round.pulse_id == pulse.id, Round.period == period))
    if existing is not None:
        advance(session, pulse, planned)
        return existing
    opening = _prepare(session, pulse, when or When(planned))
    wishes = _wishes(opening)
    if not wishes:
        raise RoundRefused(
            Sentence(
                "There is nobody to ask in %(organisation)s: the roster is empty, or everyone was asked in the last "
                "ten days. Import a roster first: flask roster import FILE.csv.",
                organisation=opening.organisation.name,
            )
        )
    tree = tree_of((team.path for team in opening.teams.values()), opening.organisation.name)
    sends = dict(zip(wishes, spread(list(wishes.values()), pace, opening.closed), strict=True))
    opened = _write_round(opening, period, tree, sends)
    _write_teams(session, opened, tree, promises)
    _write_leads(opening, opened)
    _write_invitations(opening, opened, tree, sends)
    advance(session, pulse, planned)
    return opened


def last_asked(session: Session, organisation_id: int, since: datetime) -> dict[int, datetime]:
    """When each person was last asked, by any pulse, after `since`."""
    rows = session.execute(
        select(Invitation.person_id, func.max(Invitation.send_at, type_=Instant))
        .where(Invitation.organisation_id == organisation_id, Invitation.send_at > since)
        .where(Invitation.person_id.is_not(None))
        .group_by(Invitation.person_id)
    )
    return {person_id: moment for person_id, moment in rows if person_id is not None}


def newest_opening(session: Session, organisation_id: int) -> datetime | None:
    """When people of this organisation were last asked."""
    query = select(func.max(Round.opens_at, type_=Instant)).where(Round.organisation_id == organisation_id)
    return session.scalar(query)


def _wishes(opening: _Opening) -> dict[Person, Wish]:
    """Whom the round asks, and when: nobody who was asked in the ten days before."""
    people = people_to_ask(opening.session, opening.organisation.id, opening.when.day)
    asked = last_asked(opening.session, opening.organisation.id, opening.now - 2 * QUIET)
    wishes = {person: opening.wish(person) for person in people}
    return {
        person: wish for person, wish in wishes.items() if person.id not in asked or wish.at - asked[person.id] >= QUIET
    }


def _prepare(session: Session, pulse: Pulse, when: When) -> _Opening:
    organisation = session.get_one(Organisation, pulse.organisation_id)
    teams = session.scalars(select(Team).where(Team.organisation_id == organisation.id))
    calendar = calendar_of(session, organisation.id)
    opening = _Opening(
        session,
        pulse,
        organisation,
        when,
        calendar,
        calendar.closed(when.day - timedelta(days=1), when.day + FROZEN),
        clock.now(),
        {team.id: team for team in teams},
    )
    for lead in session.scalars(select(TeamLead).where(TeamLead.organisation_id == organisation.id)):
        opening.leads[lead.person_id].add(opening.teams[lead.team_id].path)
    return opening


def _write_round(opening: _Opening, period: str, tree: Tree, sends: Mapping[Person, datetime]) -> Round:
    uid = secrets.token_hex(16)
    opened = Round(
        uid=uid,
        organisation_id=opening.organisation.id,
        pulse_id=opening.pulse.id,
        period=period,
        organisation_name=opening.organisation.name,
        root_path=tree.root,
        state="open",
        opens_at=min(sends.values()),
        closes_at=max(opening.closes(person) for person in sends),
        opened_at=opening.now,
        closed_dates=sorted(day.isoformat() for day in opening.closed),
        late=opening.when.late,
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


def _write_leads(opening: _Opening, opened: Round) -> None:
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


def _write_invitations(opening: _Opening, opened: Round, tree: Tree, sends: Mapping[Person, datetime]) -> None:
    key = link_key(opened.uid)
    assert key is not None
    for person, send_at in sends.items():
        uid = secrets.token_hex(16)
        team = opening.teams[person.team_id].path
        zone, closes_at = opening.zone(person), opening.closes(person)
        reminders = remind_instants(send_at, closes_at, zone, opening.hours(person), opening.closed)
        opening.session.add(
            Invitation(
                uid=uid,
                organisation_id=opened.organisation_id,
                round_id=opened.id,
                person_id=person.id,
                email=person.email,
                name=person.name,
                language=person.language or opening.organisation.language,
                timezone=zone,
                location=person.location or "",
                team_path=team,
                counting_path=counting_node(tree, team, opening.leads.get(person.id, ())),
                send_at=send_at,
                closes_at=closes_at,
                first_reminder_at=reminders[0] if reminders else None,
                last_reminder_at=reminders[1] if reminders[1:] else None,
                handle_sha256=handle_sha256(handle(key, uid)),
            )
        )
    opening.session.flush()
