"""What is kept about a person, and forgetting them, at the command and at the administrator's page."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import func, select, text

from pulse import answers, clock, mail, results
from pulse.answers import PRESSED, Said, SealedAnswer
from pulse.database import engine, reading, transaction
from pulse.roster import Person, import_roster
from pulse.rounds import Invitation
from tests import factories


def answer_all() -> None:
    """Anna and Bram have answered."""
    links = [factories.link(email, 1) for email in ("anna@example.org", "bram@example.org")]
    with transaction() as session:
        for link in links:
            answers.record(session.connection(), Said(link, PRESSED, link, clock.now(), question="B", option=1))


def everything() -> str:
    """Every value in every table."""
    with engine().connect() as connection:
        names = connection.dialect.get_table_names(connection)
        rows = [row for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
        return "\n".join(str(tuple(row)) for row in rows)


def test_show_says_all_but_what_was_answered(app: Flask, smtp_sink: object) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    before = app.test_cli_runner().invoke(args=["person", "show", "Anna@Example.org "]).output
    answer_all()
    after = app.test_cli_runner().invoke(args=["person", "show", "anna@example.org"]).output
    assert before == after
    kept = json.loads(after)
    assert (kept["name"], kept["team"], kept["leads"]) == ("Anna Answers", "Zorg / Noord", [])
    assert len(kept["asked in"]) == 1
    assert kept["mails"][0].endswith("accepted")


def test_forgetting_leaves_no_name_and_no_answer_and_the_round_goes_on(app: Flask, smtp_sink: object) -> None:
    organisation = factories.organisation()
    round_id = factories.open_round(organisation)
    mail.drain()
    answer_all()
    assert app.test_cli_runner().invoke(args=["person", "forget", "anna@example.org"], input="n\n").exit_code == 1
    done = app.test_cli_runner().invoke(args=["person", "forget", "anna@example.org", "--yes"])
    assert done.exit_code == 0, done.output
    assert "anna" not in everything().lower()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(SealedAnswer)) == 1
        assert session.scalar(select(func.count()).select_from(Invitation)) == 12
    results.close(round_id)
    with transaction() as session:
        import_roster(session, organisation, factories.ROSTER.encode())
    with reading() as session:
        assert session.scalars(select(Person.name).where(Person.email == "anna@example.org")).one() == "Anna Answers"


def test_a_manager_who_is_forgotten_leaves_past_months_whole(app: Flask, smtp_sink: object) -> None:
    round_id = factories.open_round(factories.organisation())
    mail.drain()
    results.close(round_id)
    assert app.test_cli_runner().invoke(args=["person", "forget", "mara@example.org", "--yes"]).exit_code == 0
    assert "mara" not in everything().lower()


def test_nobody_there_is_a_sentence(app: Flask) -> None:
    factories.organisation()
    refused = app.test_cli_runner().invoke(args=["person", "show", "nobody@example.org"])
    assert refused.exit_code == 1
    assert "Nobody in De Linde has the address nobody@example.org" in refused.output
