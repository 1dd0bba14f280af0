"""One month at Zorg: who works there, what they answer, and what must remain of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import settings
from pulse import answers, clock, mail, rounds
from pulse.answers import Said, SealedAnswer
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.results import Figure
from pulse.roster import Person, Team, TeamLead, create_organisation
from pulse.rounds import Invitation, Promise, Round
from pulse.schedule import schedule_pulse

DAY = date(2026, 12, 1)
OPENED = datetime(2026, 12, 1, 9, tzinfo=UTC)
CLOSED = datetime(2026, 12, 9, 12, tzinfo=UTC)
NORTH, EAST = "Zorg / Noord", "Zorg / Oost"
MEMBERS = {
    "Zorg": ["dirk"],
    NORTH: ["anna", "bram", "noor", "niek", "nina", "nout", "nele"],
    EAST: ["chris", "otto", "olga"],
}
LEADS = {"mara": NORTH, "omar": EAST, "dirk": "Zorg"}
"""Mara and Omar count one level up, at Zorg; so does Dirk, who leads it."""
PEOPLE = {name: path for path, names in MEMBERS.items() for name in names} | LEADS


@dataclass(frozen=True)
class Month:
    """An open round; December asks giving and repair, and Noord asks how a promise was kept."""

    organisation_id: int
    round_id: int
    uid: str

    def say(self, name: str, question: str, option: int, evidence: int = 4) -> bool:
        """Someone answers through their link; whether it was taken."""
        with clock.replaying(OPENED), transaction() as session:
            asked = session.scalars(
                select(Invitation).where(
                    Invitation.round_id == self.round_id, Invitation.email == f"{name}@zorg.example"
                )
            ).one()
            key = rounds.link_key(self.uid)
            if key is None:
                return False
            token = rounds.token(key, rounds.handle(key, asked.uid), 2, "html")
            said = Said(token, evidence, "a visit", clock.now(), question=question, option=option)
            return answers.record(session.connection(), said) is not None

    def say_all(self, said: Mapping[str, Mapping[str, int]]) -> None:
        """Everybody answers: question → name → option."""
        for question, options in said.items():
            for name, option in options.items():
                assert self.say(name, question, option)

    def left(self) -> dict[str, object]:
        """What there is afterwards: the same whatever happened on the way."""
        with reading() as session:
            asked = session.get_one(Round, self.round_id)
            figures = select(Figure).where(Figure.round_id == self.round_id)
            return {
                "state": asked.state,
                "erased": asked.erased_at is not None,
                "delivery": asked.delivery,
                "figures": sorted(
                    (
                        row.question,
                        row.block,
                        row.label,
                        tuple(row.teams),
                        row.shown,
                        row.respondents,
                        row.invited,
                    )
                    for row in session.scalars(figures)
                ),
                "sealed": session.scalar(select(func.count()).select_from(SealedAnswer)),
                "handles": session.scalar(select(func.count(Invitation.handle_sha256))),
                "reminders": session.scalar(
                    select(func.count()).select_from(Message).where(Message.kind == "reminder")
                ),
                "hashes": session.scalar(select(func.count(Message.rendered_sha256))),
                "keys": sorted(path.name for path in settings().key_dir.iterdir()),
            }


def open_month(promised: str | None = NORTH) -> Month:
    """Zorg with two teams and fourteen people, and its December round with its letters and two reminders."""
    with clock.replaying(OPENED), transaction() as session:
        organisation = create_organisation(session, "Zorg BV", "hr@zorg.example")
        _hire(session, organisation.id)
        pulse = schedule_pulse(
            session, organisation.id, "Maandelijks", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam"
        )
        promises = {promised: Promise("Ik neem elke week tijd.", "Mara")} if promised else {}
        opened = rounds.open_round(session, pulse, DAY, promises)
        mail.launch(session, pulse, DAY)
        for invitation in session.scalars(select(Invitation).limit(2)):
            _remind(session, invitation)
        return Month(organisation.id, opened.id, opened.uid)


def _hire(session: Session, organisation_id: int) -> None:
    teams: dict[str, Team] = {}
    for path in MEMBERS:
        above, _, name = path.rpartition(" / ")
        parent = teams[above].id if above else None
        teams[path] = Team(organisation_id=organisation_id, parent_id=parent, name=name, path=path)
        session.add(teams[path])
        session.flush()
    for name, path in PEOPLE.items():
        person = Person(
            organisation_id=organisation_id,
            team_id=teams[path].id,
            email=f"{name}@zorg.example",
            name=name.title(),
        )
        session.add(person)
        session.flush()
        if name in LEADS:
            session.add(TeamLead(organisation_id=organisation_id, team_id=teams[path].id, person_id=person.id))
    session.flush()


def _remind(session: Session, invitation: Invitation) -> None:
    mail.queue(
        session,
        kind="reminder",
        about_id=invitation.id,
        number=1,
        organisation_id=invitation.organisation_id,
        address=invitation.email,
        recipient=invitation.name,
        language=invitation.language,
        due_at=clock.now(),
        round_id=invitation.round_id,
    )
