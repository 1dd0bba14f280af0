"""Machines with any hand, address and schedule, beside people, in companies that are played without browsers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from pulse.answers.evidence import GESTURE, PRESSED, SCRIPT_RAN, SEEN
from tests.answers.companies import DAY, HOUR, Machine, Outcome, Schedule, Wave, people, play

HTML = [("html", option) for option in range(5)]
TEXT = [("text", option) for option in range(5)]
TRIED = settings(max_examples=40)
SEEDS = st.integers(0, 10**6)
PACES = st.sampled_from([0.0, 0.5, 4.0, 12.0])
MOMENTS = st.floats(1, 7 * DAY)
SCANS = st.lists(
    st.tuples(MOMENTS, st.lists(st.sampled_from(HTML), min_size=3, max_size=5, unique=True)), min_size=1, max_size=4
)
"""Waves of three links and more."""


def always(waves: list[Wave]) -> Schedule:
    """The same for every letter."""
    return lambda _chance, _at, _option: waves


def false(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """Answers of letters that nobody answered, or with another value than was meant."""
    for one in outcomes:
        if one.counted is not None and (one.person is None or one.counted != one.person.option):
            yield one


@TRIED
@given(SEEDS, st.sampled_from([SCRIPT_RAN, SEEN, GESTURE, PRESSED]), PACES, SCANS)
def test_a_machine_that_opens_three_links_in_a_minute_never_answers(
    seed: int, able: int, pace: float, waves: list[Wave]
) -> None:
    chance = random.Random(seed)
    for network in ("gateway", "cloud", "swarm"):
        outcomes = play(chance, people(chance, 6, 0.5, 0), Machine(able, network, pace), always(waves))
        assert not list(false(outcomes))


@TRIED
@given(SEEDS, PACES, st.lists(st.tuples(MOMENTS, st.lists(st.sampled_from(HTML + TEXT), min_size=1)), max_size=6))
def test_a_machine_without_screen_and_hands_never_answers_and_disturbs_nobody(
    seed: int, pace: float, waves: list[Wave]
) -> None:
    chance = random.Random(seed)
    for network in ("gateway", "cloud", "swarm"):
        outcomes = play(chance, people(chance, 8, 0.6, 0), Machine(SCRIPT_RAN, network, pace), always(waves))
        assert not list(false(outcomes))
        assert all(one.counted == one.person.option and not one.pressed for one in outcomes if one.person)


@TRIED
@given(SEEDS, st.sampled_from(["gateway", "cloud", "swarm"]), st.lists(MOMENTS, min_size=1, max_size=3))
def test_a_screen_that_looks_at_one_link_of_each_letter_at_any_hour_never_answers(
    seed: int, network: str, moments: list[float]
) -> None:
    """On the letters that people answered by hand it looks too, and so is known."""
    chance = random.Random(seed)

    def one_link(chance: random.Random, _at: float | None, _option: int | None) -> list[Wave]:
        link = chance.choice(HTML)
        return [(moment, [link]) for moment in moments]

    outcomes = play(chance, people(chance, 20, 0.6, 0.0), Machine(SEEN, network, 1), one_link)
    assert not list(false(outcomes))
    assert all(one.counted is not None and not one.pressed for one in outcomes if one.person)


@TRIED
@given(SEEDS, st.sampled_from(["gateway", "cloud"]), st.sampled_from([-5.0, 8.0, 45.0]))
def test_a_machine_that_looks_at_what_people_click_silences_no_reader(seed: int, network: str, after: float) -> None:
    chance = random.Random(seed)

    def at_the_click(chance: random.Random, at: float | None, option: int | None) -> list[Wave]:
        if at is None or option is None:
            return [(HOUR + chance.uniform(0, 600), [chance.choice(HTML)])]
        return [(at + after, [("html", option)])]

    everybody = people(chance, 30, 0.7, 0.08)
    outcomes = play(chance, everybody, Machine(SEEN, network, 1), at_the_click)
    assert not list(false(outcomes))
    readers = [one for one in outcomes if one.person and one.person.able == SEEN and one.person.cluster != b"office"]
    hands = sum(one.person is not None and one.person.able > SEEN for one in outcomes)
    if 2 * sum(one.person is not None and one.person.able == SEEN for one in outcomes) <= hands:
        assert all(one.counted is not None for one in readers)


@TRIED
@given(SEEDS, st.sampled_from([GESTURE, PRESSED]), st.floats(1, 100), st.floats(130, DAY), st.booleans())
def test_a_hand_that_comes_back_for_another_link_had_only_tried(
    seed: int, able: int, first: float, later: float, same_place: bool
) -> None:
    chance = random.Random(seed)
    tried, opened = chance.sample(HTML + TEXT, 2)
    machine = Machine(able, "gateway" if same_place else "cloud", 1)
    assert not list(false(play(chance, [None] * 5, machine, always([(first, [tried]), (later, [opened])]))))


@TRIED
@given(SEEDS, st.sampled_from([GESTURE, PRESSED]), SCANS, st.lists(MOMENTS, min_size=1, max_size=3))
def test_where_a_machine_has_shown_its_hands_the_same_hands_never_answer(
    seed: int, able: int, scans: list[Wave], moments: list[float]
) -> None:
    chance = random.Random(seed)
    last = max(moment for moment, _ in scans)
    again: list[Wave] = [(last + moment, [chance.choice(HTML)]) for moment in moments]
    assert not list(false(play(chance, [None] * 4, Machine(able, "gateway", 1), always([*scans, *again]))))


@TRIED
@given(SEEDS)
def test_nobody_with_a_hand_is_lost_or_pressed_where_only_people_are(seed: int) -> None:
    chance = random.Random(seed)
    outcomes = play(chance, people(chance, 30, 0.8, 0), None, always([]))
    assert all(one.counted == one.person.option and not one.pressed for one in outcomes if one.person)
