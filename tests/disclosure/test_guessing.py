"""Guessing improves a little; how much is bounded (science.md B6.5)."""

from __future__ import annotations

import pytest

from benchmarks.disclosure.attack import Report
from benchmarks.disclosure.guessing import BLIND, MOST_RIGHT, MOST_SURE, exactly, guesses, ours
from benchmarks.disclosure.table import guess_breaches

FOUND = {name: list(guesses(publish)) for name, publish in (("exact", exactly), ("ours", ours(5)))}


def test_a_blind_guess_is_right_four_times_in_ten() -> None:
    assert BLIND == 0.4
    assert all(guess.right >= BLIND - 1e-9 for found in FOUND.values() for guess in found)


def test_exact_means_tell_a_joiners_answer_where_nobody_else_changes() -> None:
    for guess in FOUND["exact"]:
        if guess.repeated == 1:
            assert (guess.right, guess.sure) == (pytest.approx(1), pytest.approx(1))


def test_ours_is_never_sure_where_people_change_their_minds() -> None:
    for guess in FOUND["ours"]:
        if guess.repeated < 1:
            assert guess.right <= MOST_RIGHT
            assert guess.sure == 0


def test_ours_is_seldom_sure_even_where_nobody_else_ever_changes() -> None:
    steady = [guess for guess in FOUND["ours"] if guess.repeated == 1]
    assert max(guess.sure for guess in steady) <= MOST_SURE
    # Known and told: five people who become six is the one size above the limit.
    assert [guess.people for guess in steady if guess.right > MOST_RIGHT] == [5]
    assert next(guess for guess in steady if guess.people == 5).right == pytest.approx(0.575, abs=0.001)


def test_the_strict_profile_keeps_the_limit_at_every_size() -> None:
    found = list(guesses(ours(8), 8))
    assert max(guess.right for guess in found) <= MOST_RIGHT
    assert max(guess.sure for guess in found) <= MOST_SURE


def test_the_run_breaks_off_at_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.disclosure.guessing.SIZES", range(5, 13))
    report = Report()
    guess_breaches(report)
    assert not report.breaches
    monkeypatch.setattr("benchmarks.disclosure.guessing.ours", lambda _: exactly)
    guess_breaches(report)
    assert report.caught_by() == ["guessing"]
