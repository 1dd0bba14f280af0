"""Sentences by fixed rules: never more than the figures bear, whole in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulse.locale import Translator, translator
from pulse.reports.actions import ACTIONS
from pulse.reports.names import SOURCE_NAMES, group_name
from pulse.reports.pages import page_of
from pulse.reports.story import Running, Story, Value
from pulse.reports.words import Sayings
from pulse.templating import environment
from tests.pdf.test_two_pages import CASES
from tests.reports.stories import given, ledger, story

PLAIN = story(ledger([50] * 12))


def said(told: Story, language: str = "en") -> Sayings:
    return Sayings(translator(language), told)


def value(number: int, tail: str = "") -> Value:
    return Value(number, number - 10, number + 10, tail)


@pytest.mark.parametrize(
    ("side", "headline"),
    [
        ("minus", "The team gives more than it gets back"),
        ("plus", "The team gets back more than it gives"),
        ("about", "Giving and getting are about in balance"),
    ],
)
def test_the_headline_is_the_state_of_the_balance(side: str, headline: str) -> None:
    assert said(replace(PLAIN, side=side)).headline == headline


def test_half_a_year_in_the_minus_goes_before_this_month() -> None:
    told = replace(PLAIN, side="about", running=Running(5, 6, stood_in_the_minus=True))

    assert said(told).headline == "The team has stood in the minus for half a year"
    assert said(told, "nl").headline == "Het team staat al een half jaar in de min"


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
    ("shown", "number", "reach"),
    [
        (value(40), "40", "very likely between 30 and 50"),
        (value(20, "low"), "20 or less", "very likely below 30"),
        (value(80, "high"), "80 or more", "very likely above 70"),
    ],
)
def test_a_value_is_written_as_published(shown: Value, number: str, reach: str) -> None:
    assert (said(PLAIN).number(shown), said(PLAIN).range(shown)) == (number, reach)


@pytest.mark.parametrize(
    ("label", "dutch"),
    [
        ("Zorg / Oost", "Oost"),
        ("rest of Zorg / Wijk", "de rest van Wijk"),
        ("Zorg / Oost and others", "Oost en enkele anderen"),
    ],
)
def test_a_group_is_named_as_published(label: str, dutch: str) -> None:
    assert group_name(label, translator("nl")) == dutch


def test_change_is_said_only_where_it_can_be() -> None:
    assert "Less comes back than last month" in " ".join(said(replace(PLAIN, change="down", quarter="")).certainty)
    assert "three before" in " ".join(said(replace(PLAIN, quarter="up")).certainty)
    assert "month" not in " ".join(said(replace(PLAIN, change="", quarter="")).certainty)


def test_every_sentence_of_a_report_has_its_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    missing: set[str] = set()
    own = Translator.gettext

    def listening(words: Translator, message: str) -> str:
        if words.language == "nl" and message not in words.words:
            missing.add(message)
        return own(words, message)

    monkeypatch.setattr(Translator, "gettext", listening)
    environment.cache_clear()
    stories = list(CASES.values())
    stories += [
        replace(PLAIN, move=move, ground=value(30)) for move in ("acknowledge", "repair", "even_out", "keep", "none")
    ]
    stories += [
        replace(PLAIN, move="return", source=source, ground=value(30), missing=source) for source in SOURCE_NAMES
    ]
    stories += [
        replace(PLAIN, side=side, change=moved, quarter=moved, recognition_change=moved)
        for side in ("minus", "plus")
        for moved in ("up", "down", "level")
    ]
    stories += [replace(PLAIN, change=moved, quarter="") for moved in ("up", "down")]
    stories += [
        story(ledger([30] * 12), past=[given("2026-10", None), given("2026-06", "2026-07")]),
        replace(PLAIN, link=None),
    ]
    for told in stories:
        page_of(told, "nl")
    environment.cache_clear()

    assert missing == set()


def test_each_move_has_three_things_to_do() -> None:
    assert all(len(set(action.steps)) == 3 for action in ACTIONS.values())
    assert set(ACTIONS) == {"acknowledge", "repair", "even_out", "keep", "none", *SOURCE_NAMES}
