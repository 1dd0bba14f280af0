"""Judging: no weaker evidence ever changes a stronger answer, and judging twice gives the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pulse.answers import Visit, judge

VISITS = st.lists(
    st.builds(Visit, st.integers(0, 99), st.sampled_from("BR"), st.integers(0, 4), st.integers(0, 4)),
    unique_by=lambda visit: visit.order,
)


@given(VISITS, st.randoms())
def test_the_order_in_which_visits_are_looked_at_does_not_matter(visits: list[Visit[int]], chance: object) -> None:
    shuffled = visits[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert judge(shuffled) == judge(visits)


@given(VISITS, st.integers(0, 4))
def test_what_a_machine_leaves_behind_changes_nothing(visits: list[Visit[int]], option: int) -> None:
    for evidence in (0, 1, 2):
        assert judge([*visits, Visit(100, "B", evidence, option)]) == judge(visits)


@given(VISITS, st.integers(0, 4))
def test_the_latest_press_of_a_button_counts(visits: list[Visit[int]], option: int) -> None:
    assert judge([*visits, Visit(100, "B", 4, option)])["B"] == option


@given(VISITS, st.integers(0, 4))
def test_a_gesture_never_overwrites_a_press(visits: list[Visit[int]], option: int) -> None:
    pressed = [*visits, Visit(100, "B", 4, 2)]
    assert judge([*pressed, Visit(101, "B", 3, option)])["B"] == 2
