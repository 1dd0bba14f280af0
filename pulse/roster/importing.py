"""Importing a roster: all or nothing, and a dry run that says exactly what would change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.locale import Sentence
from pulse.roster.decoding import Undecodable, read_rows
from pulse.roster.headers import FIELDS
from pulse.roster.organisations import RosterRefused
from pulse.roster.rows import PARTED, Entry, Sheet, read_sheet
from pulse.roster.suppression import lift
from pulse.roster.tables import Person, Team, TeamLead

MOST_LEAVING = 0.1
"""A share of people beyond which leaving is more likely a wrong file."""
KEPT_WHERE_ABSENT = ("name", "language", "timezone", "location", "start_date", "end_date", "on_leave", "employee_id")


@dataclass
class ImportOutcome:
    """What an import did, or in a dry run would do: sentences and addresses, for people to read."""

    added: list[str] = field(default_factory=list)
    changed: list[Sentence] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    teams_added: list[str] = field(default_factory=list)
    dropped_columns: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)


class TooManyLeaving(RosterRefused):
    """More people than is likely would leave; whoever means it can allow it."""


def import_roster(
    session: Session,
    organisation_id: int,
    content: bytes,
    *,
    remove_missing: bool = False,
    dry_run: bool = False,
    allow_many: bool = False,
) -> ImportOutcome:
    """Import a CSV file in the caller's transaction; raises RosterRefused with every bad row, writing nothing.

    A dry run does all the same work in a savepoint and takes it back, so that it cannot differ.
    """
    sheet = _sheet(content)
    savepoint = session.begin_nested()
    try:
        outcome = _Import(session, organisation_id, sheet).run(remove_missing, allow_many)
    except BaseException:
        savepoint.rollback()
        raise
    if dry_run:
        savepoint.rollback()
        session.expire_all()
    else:
        savepoint.commit()
    return outcome


def _sheet(content: bytes) -> Sheet:
    try:
        sheet = read_sheet(read_rows(content))
    except Undecodable as error:
        raise RosterRefused(*error.args) from error
    if sheet.problems:
        raise RosterRefused(*sheet.problems)
    if not sheet.entries:
        raise RosterRefused(Sentence("The file names nobody. It needs one row per person below its header."))
    return sheet


class _Import:
    """One import: the roster as it is, the file, and what comes of both."""

    def __init__(self, session: Session, organisation_id: int, sheet: Sheet) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.sheet = sheet
        self.outcome = ImportOutcome(dropped_columns=sheet.dropped, notes=sheet.notes)
        self.now: datetime = clock.now()
        people = session.scalars(select(Person).where(Person.organisation_id == organisation_id)).all()
        self.people = list(people)
        self.by_email = {person.email: person for person in people}
        self.by_number = {person.employee_id: person for person in people if person.employee_id}
        teams = session.scalars(select(Team).where(Team.organisation_id == organisation_id))
        self.teams = {team.path: team for team in teams}
        self.paths = {team.id: path for path, team in self.teams.items()}
        self.called: dict[str, list[Person]] = defaultdict(list)

    def run(self, remove_missing: bool, allow_many: bool) -> ImportOutcome:
        """Teams first, then people, then who leads whom, which may name somebody further down."""
        for path in sorted({entry.team for entry in self.sheet.entries}):
            self._team(path)
        matched = {entry.line: self._person(entry) for entry in self.sheet.entries}
        self.session.flush()
        self._leads(matched)
        self._missing({person.id for person in matched.values()}, remove_missing, allow_many)
        lift(self.session, self.organisation_id, {entry.email for entry in self.sheet.entries})
        self.session.flush()
        return self.outcome

    def _team(self, path: str) -> Team:
        if path not in self.teams:
            parent = self._team(path.rsplit(PARTED, 1)[0]) if PARTED in path else None
            team = Team(
                organisation_id=self.organisation_id,
                parent_id=parent.id if parent else None,
                name=path.rsplit(PARTED, 1)[-1],
                path=path,
            )
            self.session.add(team)
            self.session.flush()
            self.teams[path] = team
            self.paths[team.id] = path
            self.outcome.teams_added.append(path)
        return self.teams[path]

    def _person(self, entry: Entry) -> Person:
        person = self.by_number.get(entry.employee_id) if entry.employee_id else None
        same_address = self.by_email.get(entry.email)
        if person and same_address and person is not same_address:
            raise RosterRefused(
                Sentence(
                    "Line %(line)s: employee number %(number)s is %(person)s, but %(address)s is somebody else. "
                    "Correct the number or the address.",
                    line=entry.line,
                    number=repr(entry.employee_id),
                    person=person.email,
                    address=entry.email,
                )
            )
        person = person or same_address
        if person is None:
            person = Person(organisation_id=self.organisation_id, email=entry.email, team_id=self.teams[entry.team].id)
            self._fill(person, entry)
            self.session.add(person)
            self.outcome.added.append(f"{entry.email} ({entry.team})")
            return person
        before = self._seen(person)
        returned = person.left_at is not None
        person.left_at = None
        if person.email != entry.email:
            # A corrected address reaches somebody else, who has chosen nothing yet.
            person.stopped_at = None if person.disowned_at else person.stopped_at
            person.disowned_at = None
        person.email, person.team_id = entry.email, self.teams[entry.team].id
        self._fill(person, entry)
        changes = [
            Sentence("%(field)s %(old)s → %(new)s", field=FIELDS[name], old=_shown(old), new=_shown(new))
            for (name, old), (_, new) in zip(before, self._seen(person), strict=True)
            if old != new
        ]
        if returned:
            changes.insert(0, Sentence("is back"))
        if changes:
            self.outcome.changed.append(Sentence("%(person)s: %(changes)s", person=entry.email, changes=tuple(changes)))
        return person

    def _fill(self, person: Person, entry: Entry) -> None:
        given = self.sheet.columns
        for name in KEPT_WHERE_ABSENT:
            written = name in given or (name == "name" and {"given_name", "family_name"} & given)
            if written or person.id is None:
                setattr(person, name, getattr(entry, name))

    def _seen(self, person: Person) -> list[tuple[str, object]]:
        path = self.paths[person.team_id]
        shown = ("email", *KEPT_WHERE_ABSENT)
        return [("team", path), *((name, getattr(person, name)) for name in shown)]

    def _leads(self, matched: dict[int, Person]) -> None:
        """Who leads which team, replaced as a whole for every team that the file speaks of."""
        leads: dict[int, set[int]] = defaultdict(set)
        for entry in self.sheet.entries:
            person = matched[entry.line]
            if entry.leads:
                leads[person.team_id].add(person.id)
            if entry.manager and (manager := self._named(entry, matched)) and manager is not person:
                # Whoever somebody reports to leads the team that somebody is in.
                leads[person.team_id].add(manager.id)
        spoken_of = {person.team_id for person in matched.values()}
        before = {
            (lead.team_id, lead.person_id)
            for lead in self.session.scalars(select(TeamLead).where(TeamLead.organisation_id == self.organisation_id))
        }
        if {"role", "manager"} & self.sheet.columns:
            self._replace_leads(before, leads, spoken_of)

    def _replace_leads(self, before: set[tuple[int, int]], leads: dict[int, set[int]], spoken_of: set[int]) -> None:
        after = {(team, person) for team, people in leads.items() for person in people}
        kept = {pair for pair in before if pair[0] not in spoken_of}
        names = dict(
            self.session.execute(
                select(Person.id, Person.email).where(Person.organisation_id == self.organisation_id)
            ).all()
        )
        for team, person in sorted(after - before):
            self.session.add(TeamLead(organisation_id=self.organisation_id, team_id=team, person_id=person))
            self.outcome.changed.append(
                Sentence("%(person)s: leads %(team)s", person=names[person], team=self.paths[team])
            )
        for team, person in sorted(before - after - kept):
            self.session.execute(delete(TeamLead).where(TeamLead.team_id == team, TeamLead.person_id == person))
            self.outcome.changed.append(
                Sentence("%(person)s: no longer leads %(team)s", person=names[person], team=self.paths[team])
            )

    def _named(self, entry: Entry, matched: dict[int, Person]) -> Person | None:
        """The manager that a row names: by address, number, or a name that only one person has."""
        if not self.called:
            for other in self.sheet.entries:
                for name in {other.email, (other.employee_id or "").casefold(), other.name.casefold()} - {""}:
                    self.called[name].append(matched[other.line])
        found = self.called.get(entry.manager.casefold(), [])
        if len(found) == 1:
            return found[0]
        reason = Sentence("nobody in the file")
        if found:
            reason = Sentence("%(count)s people in the file", count=len(found))
        note = Sentence(
            "The manager %(manager)s is %(reason)s; no lead was set for those rows.",
            manager=repr(entry.manager),
            reason=reason,
        )
        if note not in self.outcome.notes:
            self.outcome.notes.append(note)
        return None

    def _missing(self, present: set[int], remove: bool, allow_many: bool) -> None:
        missing = [person for person in self.people if person.id not in present and not person.left_at]
        if not remove:
            self.outcome.missing = [person.email for person in missing]
            return
        here = sum(person.left_at is None for person in self.people)
        if len(missing) > MOST_LEAVING * here and not allow_many:
            raise TooManyLeaving(
                Sentence(
                    "%(missing)s of %(here)s people are not in the file, more than a tenth. It may be the wrong file.",
                    missing=len(missing),
                    here=here,
                )
            )
        for person in missing:
            person.left_at = self.now
            self.outcome.left.append(person.email)
        leaving = [person.id for person in missing]
        self.session.execute(delete(TeamLead).where(TeamLead.person_id.in_(leaving)))


def _shown(value: object) -> object:
    """A value as a list of changes names it."""
    if isinstance(value, bool):
        return Sentence("yes") if value else Sentence("no")
    return value or Sentence("empty")
