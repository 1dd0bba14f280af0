"""What the attack publishes in memory is what the product publishes, to the last byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.disclosure.publishing import Frozen, close_month, export, open_month, published
from benchmarks.disclosure.worlds import World, world
from pulse import clock, mail, rounds
from pulse.database import reading, transaction
from pulse.results import close, export_lines, figures_of
from pulse.roster import Person, Team, TeamLead, create_organisation
from pulse.rounds import Promise, Round, RoundTeam
from pulse.schedule import schedule_pulse
from tests.results.month import DAY, OPENED, Month


def _december(number: int) -> World:
    """The fourth month of a small world as a round of December 2026."""
    found = world(11, number, months=4, largest=40)
    return replace(found, months=(replace(found.months[-1], period="2026-12"),))


def _hire(session: Session, found: World, organisation_id: int) -> None:
    (month,) = found.months
    teams: dict[str, Team] = {}
    for path in sorted(month.teams):
        above, _, name = path.rpartition(" / ")
        parent = teams[above].id if above else None
        teams[path] = Team(organisation_id=organisation_id, parent_id=parent, name=name, path=path)
        session.add(teams[path])
        session.flush()
    for person in month.people:
        row = Person(
            organisation_id=organisation_id,
            team_id=teams[person.team].id,
            email=f"{person.name}@zorg.example",
            name=person.name,
        )
        session.add(row)
        session.flush()
        for led in person.leads:
            session.add(TeamLead(organisation_id=organisation_id, team_id=teams[led].id, person_id=row.id))
    session.flush()


def _open(found: World) -> Month:
    (month,) = found.months
    with clock.replaying(OPENED), transaction() as session:
        organisation = create_organisation(session, found.name, "hr@zorg.example")
        _hire(session, found, organisation.id)
        pulse = schedule_pulse(session, organisation.id, "M", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        promises = {path: Promise("Ik neem elke week tijd.", "Mara") for path in month.promised}
        opened = rounds.open_round(session, pulse, DAY, promises)
        mail.launch(session, pulse, DAY)
        return Month(organisation.id, opened.id, opened.uid)


def _in_memory(found: World, asked: Month) -> Frozen:
    frozen = open_month(found, found.months[0])
    return replace(frozen, id=asked.round_id, organisation_id=asked.organisation_id)


@pytest.mark.parametrize("number", [1, 5], ids=["two tops", "promises"])
def test_the_same_round_closed_by_the_product_is_the_same_export(database: str, number: int) -> None:
    found = _december(number)
    asked = _open(found)
    frozen = _in_memory(found, asked)
    with reading() as session:
        assert session.get_one(Round, asked.round_id).minimum_group == found.minimum_group
        teams = session.scalars(select(RoundTeam).where(RoundTeam.round_id == asked.round_id)).all()
        assert {team.path: (team.parent_path, team.questions) for team in teams} == {
            path: (parent, frozen.questions[path]) for path, parent in frozen.parents.items()
        }
    said = _said(found, frozen)
    asked.say_all(said)
    close(asked.round_id)
    rows = close_month(frozen, said)
    with reading() as session:
        lines = list(export_lines(session, asked.organisation_id, asked.round_id))
        assert figures_of(session, asked.organisation_id) == published(rows)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    assert text.encode() == export(rows, found.name)
    assert len({line["block"] for line in lines}) > 1


def _said(found: World, frozen: Frozen) -> dict[str, dict[str, int]]:
    """Who answered balance answers all they are asked; what, follows from their number."""
    names = [person.name for person in found.months[0].people if person.name in found.months[0].answers["B"]]
    return {
        question: {
            name: (int(name[1:]) * 7 + len(question)) % 5
            for name in names
            if frozen.counting[name] in frozen.asked(question)
        }
        for question in frozen.every_question()
    }
