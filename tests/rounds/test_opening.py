"""Opening a round freezes it; a second opening changes nothing; keys lie outside the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from config import settings
from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.roster import Person, import_roster
from pulse.rounds import Invitation, Round, RoundLead, RoundRefused, RoundTeam, find_invitation
from pulse.schedule import Pulse
from tests import factories


def test_opening_freezes_who_counts_where(database: str) -> None:
    organisation_id = factories.organisation()
    round_id = factories.open_round(organisation_id)
    with reading() as session:
        counts = dict(session.execute(select(Invitation.email, Invitation.counting_path)).all())
        assert counts["anna@example.org"] == "Zorg / Noord"
        assert counts["mara@example.org"] == "Zorg"
        assert counts["tine@example.org"] == "Zorg"
        assert "otto@example.org" not in counts
        leads = session.execute(select(RoundLead.team_path, RoundLead.email)).all()
        assert set(leads) == {("Zorg", "tine@example.org"), ("Zorg / Noord", "mara@example.org")}
        assert set(session.scalars(select(RoundTeam.path))) == {"Zorg", "Zorg / Noord", "Zorg / Zuid"}
    changed = factories.ROSTER.replace("Anna Answers,Zorg / Noord", "Anna Answers,Zorg / Zuid")
    with transaction() as session:
        import_roster(session, organisation_id, changed.encode())
    with reading() as session:
        assert factories.invitation(session, "anna@example.org").team_path == "Zorg / Noord"
        assert session.get_one(Round, round_id).root_path == "Zorg"


def test_a_period_has_one_round_however_often_it_is_opened(database: str) -> None:
    organisation_id = factories.organisation()
    first = factories.open_round(organisation_id)
    with transaction() as session:
        pulse = session.scalars(select(Pulse)).one()
        assert mail.launch(session, pulse, clock.now().date(), send_now=True).id == first
        assert session.scalar(select(func.count()).select_from(Message)) == 13
    assert {path.suffix for path in settings().key_dir.iterdir()} == {".box", ".link"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in settings().key_dir.iterdir())


def test_nobody_is_asked_twice_within_ten_days(database: str) -> None:
    organisation_id = factories.organisation()
    factories.open_round(organisation_id)
    with pytest.raises(RoundRefused, match="nobody to ask"):
        factories.open_round(organisation_id)


def test_each_persons_own_zone(database: str) -> None:
    organisation_id = factories.organisation()
    with transaction() as session:
        session.scalars(select(Person).where(Person.email == "bram@example.org")).one().timezone = "America/New_York"
        pulse = factories.schedule_pulse(
            session, organisation_id, "Own zone", "FREQ=MONTHLY;BYMONTHDAY=15", factories.time(10), "Europe/Amsterdam"
        )
        mail.launch(session, pulse, date(2027, 1, 15))
    with reading() as session:
        anna, bram = (factories.invitation(session, f"{name}@example.org") for name in ("anna", "bram"))
        assert bram.send_at - anna.send_at == timedelta(hours=6)
        opened = session.scalars(select(Round)).one()
        assert (opened.opens_at, opened.closes_at) == (anna.send_at, bram.closes_at)


def test_a_link_is_found_by_its_own_token_alone(database: str) -> None:
    factories.open_round(factories.organisation())
    token = factories.link("anna@example.org", 2)
    with reading() as session:
        found = find_invitation(session.connection(), token)
        assert found is not None
        assert session.get_one(Invitation, found.invitation_id).email == "anna@example.org"
        assert found.choice.option == 2
        assert find_invitation(session.connection(), token[:-1] + ("a" if token[-1] != "a" else "b")) is None
        assert find_invitation(session.connection(), "") is None
