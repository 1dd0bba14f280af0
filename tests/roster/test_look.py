"""The organisation's look: readable colours only, no header smuggled in, and kept by what is queued."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.mailbox import Mailbox
from pulse import mail
from pulse.database import transaction
from pulse.locale import translator
from pulse.roster import Look, Organisation, RosterRefused, dress, look_of, wrong_with
from pulse.roster.look import PAPER, contrast, tidy
from tests import factories

DARK = Look("De Linde", "#7a1f5c", "HR van De Linde")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#0072b2", "#0072b2") == 1


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_contrast_does_not_ask_who_stands_on_whom(colour: str) -> None:
    assert contrast(colour, PAPER) == contrast(PAPER, colour) >= 1


def test_a_colour_may_be_written_in_short() -> None:
    assert tidy(Look(" De  Linde ", " 06C", " HR ")) == Look("De Linde", "#0066cc", "HR")


@pytest.mark.parametrize(
    ("wished", "says"),
    [
        (Look("De Linde", "#e69f00", ""), "De kleur #e69f00 is te licht om op wit te lezen: het contrast is 2,2 op 1"),
        (Look("De Linde", "blue", ""), "Schrijf de kleur als een hekje"),
        (Look("", "#000000", ""), "Geef de organisatie een naam"),
        (Look("Zorg / Noord", "#000000", ""), "Geef de organisatie een naam"),
        (Look("x" * 81, "#000000", ""), "hooguit 80 tekens"),
        (Look("Het Riet", "#000000", ""), "Er is al een organisatie die Het Riet heet"),
        (Look("De Linde", "#000000", "hr@example.org"), "Schrijf de afzendernaam zonder @"),
        (Look("De Linde", "#000000", "HR\x00"), "Schrijf de afzendernaam zonder @"),
        (Look("De Linde", "#000000", "x" * 61), "hooguit 60 tekens"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(database: str, wished: Look, says: str) -> None:
    factories.organisation(name="Het Riet")
    made = factories.organisation()
    with transaction() as session:
        organisation = session.get_one(Organisation, made)
        [sentence] = wrong_with(session, organisation, wished, translator("nl"))
        assert says in sentence
        with pytest.raises(RosterRefused):
            dress(session, organisation, wished)
        assert look_of(organisation).colour == "#0072b2"


def test_letters_wear_it_and_what_is_queued_keeps_its_own(database: str, smtp_sink: Mailbox) -> None:
    for name, roster in (("De Linde", factories.ROSTER), ("Het Riet", factories.ROSTER.replace("@", "@riet."))):
        made = factories.organisation(roster, name)
        if name == "De Linde":
            factories.open_round(made)
        with transaction() as session:
            dress(session, session.get_one(Organisation, made), Look(name, DARK.colour, f"HR van {name}"))
        if name == "Het Riet":
            factories.open_round(made)
    mail.drain()
    for item in smtp_sink.mails:
        letter = item.parsed()
        new = "@riet." in item.recipient
        html = letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert ("#7a1f5c" in html, "#0072b2" in html) == (new, not new)
        assert letter["from"].addresses[0].display_name == ("HR van Het Riet" if new else "Ruil")
        assert letter["from"].addresses[0].addr_spec == "ruil@ruil.example"


def test_the_command_shows_and_changes_it(app: object, database: str) -> None:
    factories.organisation()
    runner = app.test_cli_runner()  # type: ignore[attr-defined]
    done = runner.invoke(args=["organisation", "look", "--colour", "7A1F5C", "--sender", "HR van De Linde"])
    assert done.output == "name    De Linde\ncolour  #7a1f5c\nsender  HR van De Linde\n"
    refused = runner.invoke(args=["organisation", "look", "--colour", "#ffcc00"])
    assert refused.exit_code == 1
    assert "too light to read on white" in refused.output
