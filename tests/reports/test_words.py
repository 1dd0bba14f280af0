"""Sentences by fixed rules: never more than the figures bear, each of them said, whole in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import pulse.locale
from pulse.locale import Translator, translator
from pulse.reports.actions import ACTIONS
from pulse.reports.pages import page_of
from pulse.reports.sentences import SENTENCES
from pulse.reports.story import Effect, Month, Promise, Running, Story, Value
from pulse.reports.words import Sayings
from pulse.templating import TEMPLATES, environment
from tests.reports.cases import CASES
from tests.reports.stories import figure, given, ledger, story

PLAIN = story(ledger([50] * 12))
SOURCES = ("LA", "LT", "LL", "CO", "OD")


def said(told: Story, language: str = "en") -> Sayings:
    return Sayings(translator(language), told)


def value(number: int, tail: str = "") -> Value:
    return Value(number, number - 10, number + 10, tail)


def effect(before: int, since: int, change: str) -> Effect:
    return Effect(value(before), value(since), change, ("2026-10", "2026-11"))


def without(question: str) -> list[Story]:
    """A return that was not shown this round, and one that was not asked for long."""
    rows = [row for row in ledger([50] * 12) if row.question != question]
    return [story([*rows, figure("2026-11", question, 50, block="Zorg / Noord")]), story(rows)]


def every_branch() -> list[Story]:
    """One story at least for each outcome of each rule."""
    return [
        *CASES.values(),
        *(replace(PLAIN, side=side) for side in ("minus", "plus", "about")),
        *(replace(PLAIN, change=change, quarter="") for change in ("up", "down", "level")),
        *(replace(PLAIN, quarter=change) for change in ("up", "down")),
        *(replace(PLAIN, recognition_change=change) for change in ("up", "down", "level")),
        *(
            replace(PLAIN, balance=value(number), side=side)
            for side, numbers in (("minus", (10, 30, 40)), ("plus", (60, 70, 90)))
            for number in numbers
        ),
        replace(PLAIN, recognition=None),
        replace(PLAIN, participation="half"),
        story(ledger([50] + [None] * 12 + [50]), months=14),
        replace(PLAIN, returns=tuple(replace(found, value=None) for found in PLAIN.returns)),
        replace(PLAIN, group="Zorg / Oost and others"),
        *without("LA"),
        replace(PLAIN, months=(Month("2026-10", None, "no_round"), *PLAIN.months[-2:])),
        replace(PLAIN, running=Running(3, 6, stood_in_the_minus=False)),
        replace(PLAIN, running=None),
        story(ledger([30] * 12), past=[given("2026-10", None), given("2026-06", "2026-07")]),
        replace(PLAIN, promises=(Promise("2026-11", "Eén ding.", "", value(60)),)),
        *(replace(PLAIN, promises=CASES["normal"].promises, effect=effect(40, 60, moved)) for moved in ("up", "level")),
        *(replace(PLAIN, promises=CASES["normal"].promises, effect=effect(60, 40, moved)) for moved in ("down", "")),
        replace(PLAIN, promises=CASES["normal"].promises, effect=effect(50, 50, "level")),
        *(
            replace(PLAIN, move=move, source=source, ground=value(30), reference=reference, sure=sure)
            for move, source in (("acknowledge", None), ("even_out", None), *(("return", source) for source in SOURCES))
            for reference, sure in ((55, True), (None, False))
        ),
        replace(PLAIN, move="keep"),
        replace(PLAIN, move="none"),
        *(replace(PLAIN, missing=source) for source in SOURCES),
        replace(PLAIN, equality=value(40), link=None),
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_outcome_of_every_rule_is_said_and_whole(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rules, messages = set(), set()
    speak, translate, plural = Sayings.say, Translator.gettext, Translator.ngettext

    def heard(say: Sayings, rule: str, **values: object) -> str:
        rules.add(rule)
        return speak(say, rule, **values)

    def looked_up(words: Translator, message: str) -> str:
        messages.add(message)
        return translate(words, message)

    def counted(words: Translator, singular: str, several: str, count: int) -> str:
        messages.add(singular)
        return plural(words, singular, several, count)

    monkeypatch.setattr(Sayings, "say", heard)
    monkeypatch.setattr(Translator, "gettext", looked_up)
    monkeypatch.setattr(Translator, "ngettext", counted)
    environment.cache_clear()
    for told in every_branch():
        page = page_of(told, language)
        assert "%(" not in page
    source = "".join((TEMPLATES / "report" / name).read_text() for name in ("team.html", "parts.html"))
    extracted = environment("report", language).extract_translations(source)
    environment.cache_clear()
    of_the_page = {message if isinstance(message, str) else message[0] for _, _, message in extracted}

    assert rules == set(SENTENCES), "A rule's outcome without a story that comes to it, or the other way round."
    assert of_the_page <= messages, "A part of the page that no story shows."
    assert messages <= in_a_catalogue("*"), "A sentence without its Dutch."
    assert messages >= in_a_catalogue("report"), "Dutch that nothing says."


def in_a_catalogue(name: str) -> set[str]:
    """What the catalogues of this name translate."""
    ids: set[str] = set()
    for path in (Path(pulse.locale.__file__).parent / "nl").glob(f"{name}.po"):
        with path.open("rb") as file:
            found = [message.id for message in read_po(file, locale="nl") if message.id and message.string]
        ids |= {one if isinstance(one, str) else str(one[0]) for one in found}
    return ids


def test_no_sentence_blames_or_marks() -> None:
    english = " ".join([*SENTENCES.values(), *(words for action in ACTIONS.values() for words in action.steps)]).lower()
    dutch = " ".join(text for told in CASES.values() for text in said(told, "nl").why).lower()

    for word in ("fault", "blame", "fail", "bad", "poor", "score", "grade"):
        assert word not in english
    for word in ("schuld", "slecht", "onvoldoende", "faalt", "score"):
        assert word not in dutch


@pytest.mark.parametrize(
    ("case", "headline"),
    [
        ("normal", "Giving and getting are about in balance"),
        ("in the minus", "The team has stood in the minus for half a year"),
        ("recovering", "The team stood in the minus for half a year, and more is coming back"),
        ("recovered", "The team is out of the minus"),
        ("at the tails", "The team has stood in the minus for half a year"),
        ("a department", "The group gets back more than it gives"),
        ("one level up", "The group has stood in the minus for half a year"),
        ("three months", "The team gets back more than it gives"),
        ("no figure", "No figure for this team this month"),
    ],
)
def test_the_headline_is_the_state_of_the_balance(case: str, headline: str) -> None:
    assert said(CASES[case]).headline == headline


def test_more_than_balance_is_never_called_better() -> None:
    assert "no better and no worse" in " ".join(said(replace(PLAIN, side="plus")).certainty)


def test_few_answers_are_said_to_be_few() -> None:
    assert "read this with care" in " ".join(said(replace(PLAIN, participation="under_half")).certainty)


@pytest.mark.parametrize(
    ("number", "side", "words"),
    [
        (10, "minus", "Gives much more than it gets"),
        (30, "minus", "Gives a bit more than it gets"),
        (40, "minus", "Gives slightly more than it gets"),
        (30, "about", "About in balance"),
        (60, "plus", "Gets slightly more than it gives"),
        (90, "plus", "Gets much more than it gives"),
    ],
)
def test_the_words_of_the_balance_never_go_against_the_test(number: int, side: str, words: str) -> None:
    assert said(replace(PLAIN, balance=value(number), side=side)).balance == words


@pytest.mark.parametrize(
    ("shown", "number", "reach", "brief"),
    [
        (value(40), "40", "very likely between 30 and 50", "40"),
        (value(20, "low"), "20 or less", "very likely below 30", "≤ 20"),
        (value(80, "high"), "80 or more", "very likely above 70", "≥ 80"),
    ],
)
def test_a_value_is_written_as_published(shown: Value, number: str, reach: str, brief: str) -> None:
    say = said(PLAIN)

    assert (say.number(shown), say.range(shown), say.brief(shown)) == (number, reach, brief)


@pytest.mark.parametrize(
    ("label", "dutch"),
    [
        ("Zorg / Oost", "Oost"),
        ("rest of Zorg / Wijk", "de rest van Wijk"),
        ("Zorg / Oost and others", "Oost en enkele anderen"),
        ("rest of Zorg and others", "de rest van Zorg en enkele anderen"),
    ],
)
def test_a_group_is_named_as_published(label: str, dutch: str) -> None:
    assert said(replace(PLAIN, group=label), "nl").group == dutch


def test_change_is_said_only_where_it_can_be() -> None:
    assert "Less comes back than last month" in " ".join(said(replace(PLAIN, change="down", quarter="")).certainty)
    assert "three before" in " ".join(said(replace(PLAIN, quarter="up")).certainty)
    assert "month" not in " ".join(said(replace(PLAIN, change="", quarter="")).certainty)
    assert "month" not in " ".join(said(CASES["first month"]).certainty).replace("first month", "")


def test_advice_says_what_it_rests_on_and_how_sure_that_is() -> None:
    evidence, surety = said(CASES["normal"]).why

    assert evidence == "Why: time from the manager stands at 30, beside 55 in the organisation."
    assert surety == "No other gap is as large, and chance does not explain it."
    assert "can still be chance" in said(CASES["recovered"]).why[1]


def test_thin_data_advise_nothing_and_say_why() -> None:
    assert said(CASES["fewer than half"]).why == [
        "Why: fewer than half answered, so nothing is advised. No advice is better than a guess."
    ]
    assert said(CASES["no figure"]).why == [
        "Why: there is no figure, so nothing is advised. No advice is better than a guess."
    ]


def test_each_move_has_three_things_to_do_and_a_question() -> None:
    assert all(len(set(action.steps)) == 3 and action.question.endswith("?") for action in ACTIONS.values())
    assert set(ACTIONS) == {"acknowledge", "repair", "even_out", "keep", "none", *SOURCES}
