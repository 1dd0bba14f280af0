"""Importing people: every way HR writes a file, all or nothing, and a dry run that cannot differ."""

from __future__ import annotations

import csv
from dataclasses import asdict
from io import StringIO

import pytest
from sqlalchemy import func, select

from pulse.database import reading, transaction
from pulse.roster import (
    ImportOutcome,
    Person,
    RosterRefused,
    Team,
    TeamLead,
    create_organisation,
    import_roster,
)

PLAIN = "email,naam,team,rol,taal,personeelsnummer\n" + "\n".join(
    [
        "zoë@example.org,Zoë van Dijk,Zorg / Noord,leidinggevende,nl,007",
        'bram@example.org,"Kuipers, Bram",Zorg / Noord,,en,008',
        "chris@example.org,Chris,Zorg / Zuid,lid,,009",
    ]
)


@pytest.fixture
def organisation_id(database: str) -> int:
    """An organisation with nobody in it."""
    with transaction() as session:
        return create_organisation(session, "De Linde", "hr@example.org").id


def take(organisation_id: int, content: bytes | str, **wishes: bool) -> ImportOutcome:
    """Import in a transaction of its own."""
    with transaction() as session:
        return import_roster(
            session, organisation_id, content.encode() if isinstance(content, str) else content, **wishes
        )


def people() -> list[tuple[object, ...]]:
    """Everybody, as the database has them."""
    with reading() as session:
        rows = session.execute(
            select(Person.email, Person.name, Team.path, Person.language, Person.employee_id, Person.left_at)
            .join(Team, Team.id == Person.team_id)
            .order_by(Person.email)
        )
        return [tuple(row) for row in rows]


def test_every_encoding_and_delimiter_gives_the_same_people(organisation_id: int) -> None:
    take(organisation_id, PLAIN)
    expected = people()
    semicolons = PLAIN.replace(",", ";").replace("Kuipers; Bram", "Kuipers, Bram")
    for content in (
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        semicolons.encode("windows-1252"),
        ("sep=;\r\n" + semicolons.replace("\n", "\r\n")).encode("windows-1252"),
        semicolons.replace(";", "\t").encode("utf-8"),
    ):
        outcome = take(organisation_id, content)
        assert (outcome.added, outcome.changed) == ([], [])
        assert people() == expected


def test_one_bad_row_and_nothing_is_written(organisation_id: int) -> None:
    bad = PLAIN + "\nno address,Somebody,Zorg / Noord,member,nl,010\nlast@example.org,X,,member,nl,011"
    with pytest.raises(RosterRefused) as refused:
        take(organisation_id, bad)
    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "Line 5, column 'email'",
        "Line 6, column 'team'",
    ]
    assert people() == []


def test_a_dry_run_says_the_same_and_writes_nothing(organisation_id: int) -> None:
    dry = take(organisation_id, PLAIN, dry_run=True)
    assert people() == []
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Team)) == 0
    assert asdict(take(organisation_id, PLAIN)) == asdict(dry)
    moved = PLAIN.replace("Chris,Zorg / Zuid", "Chris,Zorg / Noord").replace("bram@example.org", "bk@example.org")
    dry = take(organisation_id, moved, dry_run=True)
    assert len(dry.changed) == 2
    assert asdict(take(organisation_id, moved)) == asdict(dry)
    assert ("bk@example.org", "Kuipers, Bram", "Zorg / Noord", "en", "008", None) in people()


def test_who_is_missing_stays_unless_asked(organisation_id: int) -> None:
    take(organisation_id, PLAIN)
    without = "\n".join(PLAIN.splitlines()[:3])
    assert take(organisation_id, without).missing == ["chris@example.org"]
    with pytest.raises(RosterRefused, match="more than a tenth"):
        take(organisation_id, without, remove_missing=True)
    assert take(organisation_id, without, remove_missing=True, allow_many=True).left == ["chris@example.org"]
    assert "is back" in take(organisation_id, PLAIN).changed[0]


def test_managers_named_below_their_people_and_by_any_reference(organisation_id: int) -> None:
    outcome = take(
        organisation_id,
        "Work Email;First Name;Tussenvoegsel;Last Name;Department;Division;Manager ID;Employee ID;Geboortedatum;BSN\n"
        "anna@example.org;Anna;de;Wit;Noord;Zorg;2;1;1980-01-01;123456782\n"
        "mara@example.org;Mara;;Verbeek;Zorg;;3;2;1970-01-01;111222333\n",
    )
    assert outcome.dropped_columns == ["Geboortedatum", "BSN"]
    assert any("'3' is nobody in the file" in note for note in outcome.notes)
    assert ("anna@example.org", "Anna de Wit", "Zorg / Noord", None, "1", None) in people()
    with reading() as session:
        leads = session.execute(
            select(Team.path, Person.email)
            .join(TeamLead, TeamLead.team_id == Team.id)
            .join(Person, Person.id == TeamLead.person_id)
        ).all()
    assert [tuple(lead) for lead in leads] == [("Zorg / Noord", "mara@example.org")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "empty"),
        ("email,team", "names nobody"),
        ("naam,team\nx,y", "no column for the email"),
        ("email,team\na@b.example,T\na@b.example,T", "already on line 2"),
        ("email,team\n\0,T", "NUL"),
        ('email,team\n"a@b.example,T', "quotes do not match"),
        ("email,team,Startdatum\na@b.example,T,01/02/2026", "more than one way"),
        ("email,team,tijdzone\na@b.example,T,Mars/Olympus", "no IANA time zone"),
    ],
)
def test_refusals_are_sentences(organisation_id: int, content: str, sentence: str) -> None:
    with pytest.raises(RosterRefused, match=sentence):
        take(organisation_id, content)
    assert people() == []


def test_a_thousand_people_in_sixty_teams(organisation_id: int) -> None:
    out = StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["Personeelsnummer", "Naam", "E-mail", "Afdeling", "Rol"])
    for number in range(1000):
        team = f"Zorg / Regio {number % 6} / Team {number % 60}"
        rows.writerow([f"{number:05}", f"Müller, Ömer {number}", f"p{number}@example.org", team, "lid"])
    outcome = take(organisation_id, out.getvalue().encode("windows-1252"))
    assert (len(outcome.added), len(outcome.teams_added)) == (1000, 67)
    rewritten = StringIO()
    csv.writer(rewritten).writerows(csv.reader(StringIO(out.getvalue()), delimiter=";"))
    again = take(organisation_id, rewritten.getvalue())
    assert (again.added, again.changed, again.missing) == ([], [], [])
