"""The bank says word for word what was decided; a changed word must be a decision, and a new version."""

from __future__ import annotations

import pytest

from pulse.questions import NOT_MY_CASE, QUESTIONS, SOURCES, WORDING_VERSION

DUTCH = {
    "B": "Kijk naar de afgelopen maand. Hoe verhoudt wat je in je werk geeft zich tot wat je terugkrijgt?",
    "R": "Hoe vaak merkte je de afgelopen maand dat je inzet werd gezien en benoemd?",
    "LA": "Hoeveel waardering liet je leidinggevende je de afgelopen maand merken?",
    "LT": "Hoe vaak had je leidinggevende tijd voor je toen je die nodig had?",
    "LL": "Hoe vaak had je leidinggevende echt aandacht voor hoe het met je gaat op je werk?",
    "CO": "Hoeveel kreeg je de afgelopen maand terug van je collega's: hulp, waardering, aandacht?",
    "OD": "Hoeveel ruimte kreeg je van de organisatie om te leren en te groeien?",
    "G": "Hoeveel deed je de afgelopen maand voor anderen of voor het team, naast je eigen taken?",
    "E": "Hoe gelijk zijn geven en krijgen in jouw team verdeeld?",
    "P": "Als je eerder te weinig terugkreeg: in hoeverre is dat benoemd of goedgemaakt?",
    "F": 'Je leidinggevende zei vorige maand: "samen lunchen". Hoeveel heb je daarvan gemerkt?',
}
ENGLISH = {
    "B": "Think of the past month. How does what you give at work compare with what you get back?",
    "R": "In the past month, how often did you notice that your effort was seen and named?",
    "LA": "How much appreciation did your manager show you in the past month?",
    "LT": "How often did your manager have time for you when you needed it?",
    "LL": "How often did your manager pay real attention to how you are doing at work?",
    "CO": ("How much did you get back from your colleagues in the past month: help, appreciation, attention?"),
    "OD": "How much room did the organisation give you to learn and grow?",
    "G": "In the past month, how much did you do for others or for the team besides your own tasks?",
    "E": "How evenly are giving and getting spread in your team?",
    "P": "If you got too little back before: how far has that been named or made good?",
    "F": 'Last month your manager said: "samen lunchen". How much of it did you notice?',
}
SCALES = {
    "bal": (
        "Ik geef veel meer dan ik krijg · Ik geef wat meer · Ongeveer in balans · Ik krijg wat meer"
        " · Ik krijg veel meer dan ik geef",
        "I give much more than I get · I give a bit more · About equal · I get a bit more"
        " · I get much more than I give",
    ),
    "freq": ("nooit · zelden · soms · vaak · heel vaak", "never · rarely · sometimes · often · very often"),
    "much": (
        "niets · weinig · enigszins · veel · heel veel",
        "nothing · a little · some · a lot · a great deal",
    ),
    "even": (
        "helemaal niet gelijk · weinig gelijk · redelijk gelijk · grotendeels gelijk · helemaal gelijk",
        "not at all · slightly · fairly · mostly · completely",
    ),
    "full": (
        "helemaal niet · weinig · deels · grotendeels · helemaal",
        "not at all · a little · partly · mostly · fully",
    ),
}
SCALE_OF = {
    "B": "bal", "R": "freq", "LA": "much", "LT": "freq", "LL": "freq", "CO": "much",
    "OD": "much", "G": "much", "E": "even", "P": "full", "F": "much",
}  # fmt: skip


def test_the_bank_holds_these_eleven_questions_and_a_version() -> None:
    assert set(QUESTIONS) == set(DUTCH) == set(ENGLISH)
    assert WORDING_VERSION == "2026-11"
    assert all(question.id == name for name, question in QUESTIONS.items())
    assert set(SOURCES) < set(QUESTIONS)


@pytest.mark.parametrize("name", DUTCH)
def test_wording_and_labels_are_those_decided(name: str) -> None:
    question = QUESTIONS[name]
    assert question.text("nl", promise="samen lunchen") == DUTCH[name]
    assert question.text("en", promise="samen lunchen") == ENGLISH[name]
    assert question.scale == SCALE_OF[name]
    dutch, english = (scale.split(" · ") for scale in SCALES[question.scale])
    assert list(question.labels("nl")[:NOT_MY_CASE]) == dutch
    assert list(question.labels("en")[:NOT_MY_CASE]) == english


def test_only_repair_offers_not_my_case() -> None:
    longer = {name for name, question in QUESTIONS.items() if len(question.labels("nl")) != 5}
    assert longer == {"P"}
    assert QUESTIONS["P"].labels("nl")[NOT_MY_CASE] == "dat was bij mij niet zo"
    assert QUESTIONS["P"].labels("en")[NOT_MY_CASE] == "not my case"


def test_only_balance_says_what_getting_back_means() -> None:
    balance = QUESTIONS["B"]
    assert balance.explanation("nl") == (
        "Terugkrijgen: waardering, tijd, aandacht en ruimte om te leren. Salaris telt hier niet mee."
    )
    assert balance.explanation("en") == (
        "Getting back: appreciation, time, attention and room to learn. Pay does not count here."
    )
    assert not any(
        question.explanation(language)
        for name, question in QUESTIONS.items()
        if name != "B"
        for language in ("nl", "en")
    )


def test_a_promise_is_quoted_as_it_is() -> None:
    assert "{promise} {0} %s" in QUESTIONS["F"].text("en", promise="{promise} {0} %s")
