"""The wheel: every kind of return comes by every four months, whatever was promised."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pulse.questions import QUESTIONS, SOURCES, questions_for

MONTHS = [f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)]


def test_a_year_turns_the_wheel_three_times() -> None:
    assert [questions_for(period, promise=False)[2:] for period in MONTHS[:5]] == [
        ["LA", "CO"],
        ["LT", "OD"],
        ["LL", "E"],
        ["G", "P"],
        ["LA", "CO"],
    ]


@given(st.integers(0, len(MONTHS) - 4))
def test_any_four_months_ask_every_rotating_item_once(start: int) -> None:
    asked = [item for period in MONTHS[start : start + 4] for item in questions_for(period, False)[2:]]
    assert sorted(asked) == sorted(set(QUESTIONS) - {"B", "R", "F"})
    assert set(SOURCES) < set(asked)


@given(st.sampled_from(MONTHS))
def test_after_a_promise_the_second_rotating_item_gives_way(period: str) -> None:
    plain, promised = questions_for(period, promise=False), questions_for(period, promise=True)
    assert plain[:2] == ["B", "R"]
    assert promised == [*plain[:3], "F"]
