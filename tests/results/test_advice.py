"""Exactly one piece of advice, by the rule; and what is given, received and recovered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulse.results import (
    Advice,
    Estimate,
    PublishedFigure,
    advise,
    balance_spread,
    gap,
    missing_return,
    newest,
    receiving,
    recovery,
    reference,
)

ORGANISATION = {question: Estimate(60, 3.0) for question in ("R", "E", "LA", "LT", "LL", "CO", "OD")}
FIGURE = PublishedFigure(1, 1, "2026-11", "B", "Zorg", "Zorg", ("Zorg",), 50, "50", 8, 8)


def asked(
    *,
    minus: bool = False,
    promised: bool = False,
    recognition: float | None = 60,
    sources: dict[str, float] | None = None,
    equality: float | None = 60,
    references: dict[str, Estimate] | None = None,
) -> Advice:
    return advise(
        stood_in_the_minus=minus,
        promised_since=promised,
        recognition=None if recognition is None else Estimate(recognition, 8),
        sources={name: Estimate(value, 8) for name, value in (sources or {}).items()},
        equality=None if equality is None else Estimate(equality, 8),
        references=ORGANISATION if references is None else references,
    )


def months(*values: int | None) -> list[PublishedFigure | None]:
    return [None if value is None else replace(FIGURE, value=value) for value in values]


def test_repair_comes_first_until_something_was_promised() -> None:
    assert asked(minus=True, recognition=20).move == "repair"
    assert asked(minus=True, promised=True, recognition=20).move == "acknowledge"
    assert asked(minus=True, recognition=None, equality=None).move == "repair"


def test_the_largest_shortfall_decides() -> None:
    assert asked(recognition=50, equality=30).move == "even_out"
    assert asked(recognition=30, equality=50).move == "acknowledge"
    found = asked(recognition=50, sources={"LA": 60, "CO": 20}, equality=50)
    assert (found.move, found.question, found.shortfall) == ("return", "CO", 5.0)


def test_a_shortfall_of_one_error_is_the_least() -> None:
    assert asked(recognition=52).move == "acknowledge"
    assert asked(recognition=52.1).move == "keep"
    assert asked(recognition=90, sources={"LA": 90}, equality=90).move == "keep"


def test_thin_data_advise_nothing() -> None:
    assert asked(recognition=None, equality=None).move == "none"


def test_without_an_organisation_to_compare_with_sixty_is_fair() -> None:
    assert asked(recognition=50, references={}).move == "acknowledge"
    assert asked(recognition=56, references={}).move == "keep"


def test_a_return_is_named_missing_only_beyond_chance() -> None:
    # d = (y - 60) / sqrt(8^2 + 3^2), and 1.645 of those are 14.05 points.
    fine = {"LA": Estimate(50, 8), "CO": Estimate(46, 8)}
    assert missing_return(fine, ORGANISATION) is None
    assert missing_return({**fine, "OD": Estimate(45, 8)}, ORGANISATION) == "OD"
    assert missing_return({}, ORGANISATION) is None
    assert missing_return({"LA": Estimate(0, 8)}, {}) is None


def test_a_small_organisation_is_held_beside_sixty() -> None:
    blocks = [replace(FIGURE, value=value) for value in (40, 50, 60)]
    assert reference(blocks[:2]) == Estimate(60, 0)
    assert reference(blocks).value == 50
    assert reference(blocks).error > 0


def test_receiving_needs_four_of_the_five_sources() -> None:
    sources = {name: Estimate(value, 8) for name, value in {"LA": 40, "LT": 50, "LL": 60, "CO": 70}.items()}
    assert receiving(sources) == Estimate(55, pytest.approx(4))
    assert receiving({name: sources[name] for name in ("LA", "LT", "LL")}) is None
    assert gap(Estimate(75, 8), receiving(sources)) == 20
    assert gap(None, receiving(sources)) is None
    assert gap(Estimate(75, 8), None) is None


def test_a_source_speaks_for_at_most_four_rounds() -> None:
    assert newest(months(None, 40, None, None, None, None)) == replace(FIGURE, value=40)
    assert newest(months(40, None, None, None, None, None)) is None
    assert newest(months(40, None, None, None, None, None), oldest=None) is not None
    assert newest(months(40, None, 70, None)) == months(70)[0]
    assert newest([]) is None


def test_a_department_whose_halves_differ_has_a_spread() -> None:
    assert balance_spread([replace(FIGURE, value=30), replace(FIGURE, value=70)]) == 40
    assert balance_spread([FIGURE]) is None


def test_recovery_compares_three_months_until_the_promise_with_those_after_it() -> None:
    found = recovery(months(30, 30, 30, 40, 50, 50), promised=2)
    assert found is not None
    assert found.value == pytest.approx(-20 / 3 + 40)
    assert recovery(months(80, 30, 30, 30, 50, 50), promised=3) == recovery(months(30, 30, 30, 50, 50), promised=2)
    assert recovery(months(30, 30, 30, 50), promised=2) is None
    assert recovery(months(30, None, None, 50, 50, 50), promised=2) is None


def test_advice_looks_only_at_what_is_published() -> None:
    only_equality = asked(recognition=None, equality=30)
    assert (only_equality.move, only_equality.question) == ("even_out", "E")
    only_recognition = asked(recognition=30, equality=None)
    assert (only_recognition.move, only_recognition.question) == ("acknowledge", "R")
