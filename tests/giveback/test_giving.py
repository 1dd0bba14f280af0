"""Give back: one click, one sentence, told to the team once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from config import settings
from demo.clicking import Form
from pulse import clock, giveback, mail, results
from pulse.database import reading, transaction
from pulse.giveback import MOVES, GiveBack
from pulse.giveback.sentence import checked
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


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("kort", "minstens 8"),
        ("a" * 201, "hoogstens 200"),
        ("Kijk op https://taart.example/elke/week", "link of een adres"),
        ("Ik zet het op taart.nl voor jullie", "link of een adres"),
        ("Mail me op mara@example.org, elke dag", "link of een adres"),
        ("Elke week een \x07 bel voor jullie", "niet te tonen"),
    ],
)
def test_a_sentence_that_cannot_be_a_letters_first_is_refused_and_kept(app: Flask, sentence: str, said: str) -> None:
    request_id = asked(factories.open_round(factories.organisation()))
    path = f"/m/{signed_token(settings().secret_key, 'give-back', request_id, 0)}"
    client = app.test_client()
    answer = client.post(path, data=hidden(client.get(path).text) | {"sentence": sentence})
    assert answer.status_code == 409
    assert said in answer.text
    assert sentence.replace("\x07", "") in answer.text.replace("\x07", "")
    assert "Your sentence" in client.post(f"{path}?language=en", data=hidden(answer.text) | {"sentence": sentence}).text
    with reading() as session:
        assert session.scalar(select(GiveBack)) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Elke  vrijdag\nnoem ik\u200b één ding. ", "Elke vrijdag noem ik één ding."),
        (
            "Elke vrijdag taart \U0001f469\u200d\U0001f373 voor jullie",
            "Elke vrijdag taart \U0001f469\u200d\U0001f373 voor jullie",
        ),
        ("Ik zie jullie.En ik zeg het.", "Ik zie jullie.En ik zeg het."),
    ],
)
def test_what_is_invisible_goes_and_all_else_stays_as_typed(typed: str, read: str) -> None:
    assert checked(typed) == read


def test_the_code_on_paper_chooses_nothing_and_taking_back_stays_so(app: Flask) -> None:
    request_id = asked(factories.open_round(factories.organisation()))
    paper = f"/m/{signed_token(settings().secret_key, 'give-back', request_id)}"
    mailed = f"/m/{signed_token(settings().secret_key, 'give-back', request_id, 1)}"
    client = app.test_client()
    page = client.get(paper).text
    assert "data-own=" not in page and "Wat geef je terug?" in page
    assert "data-own=" in client.get(mailed).text
    assert "Vastgelegd" in client.post(paper, data=hidden(page) | {"move": "even_out"}).text
    taken = client.post(paper, data=hidden(page) | {"wish": "withdraw"}).text
    assert "Teruggenomen" in taken or "Ingetrokken" in taken
    assert "data-own=" not in client.get(mailed).text


def test_of_two_managers_of_a_team_the_letter_opens_with_the_newest(app: Flask) -> None:
    roster = factories.ROSTER + "\nmo@example.org,Mo Leads,Zorg / Noord,manager,nl"
    round_id = factories.open_round(factories.organisation(roster))
    with transaction() as session:
        mara, mo = (
            giveback.request_give_back(session, session.get_one(Round, round_id), lead, lead.team_path, "Noord").id
            for lead in session.scalars(
                select(RoundLead).where(RoundLead.team_path == "Zorg / Noord").order_by(RoundLead.email)
            )
        )
        giveback.give_back(session, mara, "acknowledge", "Elke week één ding.", clock.now())
    page = app.test_client().get(f"/m/{signed_token(settings().secret_key, 'give-back', mo, 0)}").text
    assert "Mara Leads heeft al aan dit team geschreven" in page and "data-own=" not in page
    with transaction() as session:
        giveback.give_back(session, mo, "return", "Elke dag een half uur.", clock.now())
        assert giveback.promises_to_tell(session, 1)["Zorg / Noord"].by == "Mo Leads"
        giveback.mark_told(session, 1, session.get_one(Round, round_id))
        assert [past.by for past in giveback.history(session, 1, "Zorg / Noord")] == ["Mo Leads"]
        heard = {team.path: team.state for team in giveback.heard_back(session, round_id)}
        assert heard == {"Zorg / Noord": "told"}


def test_where_nobody_got_a_letter_nobody_was_told(database: str) -> None:
    round_id = factories.open_round(factories.organisation())
    request_id = asked(round_id)
    with transaction() as session:
        giveback.give_back(session, request_id, "acknowledge", None, clock.now())
        session.get_one(giveback.GiveBackRequest, request_id).team_path = "Zorg / Opgeheven"
        assert giveback.mark_told(session, 1, session.get_one(Round, round_id)) == 0
        with clock.replaying(clock.now() + timedelta(days=70)):
            assert giveback.promises_to_tell(session, 1) == {}
