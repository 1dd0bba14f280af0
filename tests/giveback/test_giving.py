"""Give back: one click, one sentence, told to the team once."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from config import settings
from demo.clicking import Form
from pulse import clock, giveback, mail, results
from pulse.database import reading, transaction
from pulse.giveback import MOVES, GiveBack
from pulse.mail import Message, compose
from pulse.rounds import Round, RoundLead, RoundTeam, signed_token
from pulse.schedule import Pulse
from tests import factories


def asked(round_id: int) -> int:
    """Mara is asked what she gives back to Noord; the request's id."""
    with transaction() as session:
        lead = session.scalars(select(RoundLead).where(RoundLead.email == "mara@example.org")).one()
        return giveback.request_give_back(session, session.get_one(Round, round_id), lead, lead.team_path, "Noord").id


def hidden(page: str) -> dict[str, str]:
    """The fields of the page's first form."""
    parser = Form()
    parser.feed(page)
    return dict(parser.forms[0]["fields"])  # type: ignore[call-overload]


def test_the_month_after_the_letter_opens_with_it_and_asks_what_was_noticed(app: Flask) -> None:
    organisation_id = factories.organisation()
    round_id = factories.open_round(organisation_id)
    request_id = asked(round_id)
    path = f"/m/{signed_token(settings().secret_key, 'give-back', request_id, MOVES.index('repair'))}"
    client = app.test_client()
    page = client.get(path)
    with reading() as session:
        assert session.scalar(select(GiveBack)) is None
    answer = client.post(path, data=hidden(page.text) | {"sentence": "Ik maak het goed: elke vrijdag <b>taart</b>."})
    assert "Vastgelegd" in answer.text
    assert "<b>taart" not in answer.text
    later = clock.now() + timedelta(days=35)
    results.close(round_id)
    with clock.replaying(later), transaction() as session:
        pulse = session.scalars(select(Pulse)).one()
        following = mail.launch(session, pulse, later.date(), send_now=True)
        team = session.scalars(
            select(RoundTeam).where(RoundTeam.round_id == following.id, RoundTeam.path == "Zorg / Noord")
        ).one()
        assert (team.promised_by, team.questions[-1]) == ("Mara Leads", "F")
        other = session.scalars(
            select(RoundTeam).where(RoundTeam.round_id == following.id, RoundTeam.path == "Zorg / Zuid")
        ).one()
        assert (other.promise, other.questions[-1] == "F") == (None, False)
        anna = session.scalars(
            select(Message).where(Message.round_id == following.id, Message.address == "anna@example.org")
        ).one()
        chris = session.scalars(
            select(Message).where(Message.round_id == following.id, Message.address == "chris@example.org")
        ).one()
        assert "taart" in compose(session, anna).decode()
        assert "taart" not in compose(session, chris).decode()
    assert "Je team heeft het gehoord" in client.get(path).text
    assert client.post(path, data=hidden(page.text) | {"sentence": "anders"}).status_code in (200, 409)
    with reading() as session:
        assert session.scalars(select(GiveBack.sentence)).one() == "Ik maak het goed: elke vrijdag <b>taart</b>."


def test_a_move_alone_has_a_sentence_and_can_be_taken_back(app: Flask) -> None:
    round_id = factories.open_round(factories.organisation())
    request_id = asked(round_id)
    with transaction() as session:
        giveback.give_back(session, request_id, "acknowledge", None, clock.now())
        assert giveback.promises_to_tell(session, 1)["Zorg / Noord"].sentence.startswith("Elke week")
        giveback.withdraw(session, request_id, clock.now())
        assert giveback.promises_to_tell(session, 1) == {}


def test_a_forged_link_is_nobodys(app: Flask) -> None:
    factories.open_round(factories.organisation())
    token = signed_token("another secret", "give-back", 1, 0)
    assert app.test_client().get(f"/m/{token}").status_code == 410
    assert app.test_client().post(f"/m/{token}").status_code == 410
