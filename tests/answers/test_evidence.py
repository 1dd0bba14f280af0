"""Judging: people count, machines do not, nothing weaker changes anything stronger, and twice is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pulse.answers.evidence import (
    DISQUALIFIED,
    GESTURE,
    PRESSED,
    SCRIPT_RAN,
    SEEN,
    Asked,
    Visit,
)
from pulse.answers.judging import judge, judge_round
from pulse.answers.machines import machine_made

OFFICE, HOME, SANDBOX = b"office", b"home", b"sandbox"
HOUR, DAY = 3600.0, 86400.0

VISITS = st.lists(
    st.builds(
        Visit,
        order=st.integers(0, 99),
        question=st.sampled_from(["B", "R"]),
        evidence=st.integers(0, 4),
        kept=st.integers(0, 4),
        at=st.sampled_from([0.0, 1.0, 30.0, 59.0, 61.0, 300.0, HOUR, HOUR + 2, DAY]),
        cluster=st.sampled_from([OFFICE, HOME, SANDBOX]),
        link=st.sampled_from([b"0", b"1", b"2", b"3"]),
        part=st.sampled_from(["html", "html", "html", "text"]),
    ),
    unique_by=lambda visit: visit.order,
    max_size=12,
)
ROUNDS = st.lists(
    st.builds(
        Asked,
        who=st.integers(0, 9),
        domain=st.sampled_from(["a.example", "b.example"]),
        delivered=st.sampled_from([(), (0.0,), (0.0, HOUR)]),
        visits=VISITS,
    ),
    unique_by=lambda asked: asked.who,
    max_size=6,
)


def visit(order: int, evidence: int, kept: int, at: float, **more: Any) -> Visit[int]:
    """A visit through the HTML link of the option it answers with."""
    given_by = {"cluster": HOME, "link": str(kept).encode()} | more
    return Visit(order, "B", evidence, kept, at, **given_by)  # type: ignore[arg-type]  # the keys are Visit's own


def counted(*invitations: list[Visit[int]], domain: str = "a.example") -> dict[int, int]:
    """What a round counts, letters delivered at 0: who → option."""
    everybody = [Asked(who, domain, (0.0,), visits) for who, visits in enumerate(invitations)]
    return {who: option for who, _, option in judge_round(everybody)}


@given(ROUNDS, st.randoms())
def test_neither_order_nor_repetition_matters(asked: list[Asked[int, int]], chance: Any) -> None:
    shuffled = [replace(one, visits=chance.sample(list(one.visits), len(one.visits))) for one in asked]
    chance.shuffle(shuffled)
    first = set(judge_round(asked))
    assert set(judge_round(shuffled)) == first
    assert set(judge_round(asked)) == first


@given(ROUNDS, st.integers(0, 4), st.sampled_from([DISQUALIFIED, SCRIPT_RAN, SEEN]), st.floats(0, DAY))
def test_weaker_evidence_from_elsewhere_never_changes_a_stronger_answer(
    asked: list[Asked[int, int]], option: int, evidence: int, at: float
) -> None:
    def by_hand(everybody: list[Asked[int, int]]) -> dict[tuple[int, str], int]:
        strong = [replace(one, visits=[v for v in one.visits if v.evidence != SEEN]) for one in everybody]
        return {(who, question): option for who, question, option in judge_round(strong)}

    late = visit(100, evidence, option, at, cluster=b"elsewhere")
    disturbed = [replace(one, visits=[*one.visits, late]) for one in asked]
    before = by_hand(asked)
    after = {(who, question): option for who, question, option in judge_round(disturbed)}
    alone = {(who, question): option for who, question, option in judge_round(asked)}
    kept = {key: option for key, option in before.items() if alone.get(key) == option}
    assert {key: after.get(key) for key in kept} == kept


@given(VISITS, st.integers(0, 4))
def test_a_gesture_never_overwrites_a_press(visits: list[Visit[int]], option: int) -> None:
    pressed = [*visits, visit(100, PRESSED, 2, 9 * DAY, cluster=b"own")]
    moved = visit(101, GESTURE, option, 10 * DAY, cluster=b"own", link=b"2")
    assert judge([*pressed, moved]).get("B") == judge(pressed).get("B")
    assert judge([pressed[-1], moved]) == {"B": 2}


@given(VISITS)
def test_what_counts_was_said_by_hand_and_by_no_machine(visits: list[Visit[int]]) -> None:
    machines = machine_made(visits)
    people = {(one.question, one.kept) for one in visits if one.order not in machines and one.evidence >= GESTURE}
    assert set(judge(visits).items()) <= people


def test_the_last_change_of_mind_counts() -> None:
    assert judge([visit(1, GESTURE, 1, HOUR), visit(2, PRESSED, 3, HOUR + 5), visit(3, PRESSED, 0, DAY)]) == {"B": 0}


def test_a_machine_that_opens_all_links_by_hand_counts_nothing_and_hides_nobody() -> None:
    jiggler = [visit(n, GESTURE, n, 20.0 + n, cluster=SANDBOX) for n in range(5)]
    assert counted(jiggler) == {}
    assert counted([*jiggler, visit(9, GESTURE, 3, HOUR, cluster=HOME)]) == {0: 3}
    assert counted([*jiggler, visit(9, GESTURE, 3, 130.0, cluster=HOME)]) == {0: 3}
    assert counted([*jiggler, visit(9, PRESSED, 3, 30.0, cluster=HOME)]) == {0: 3}


def test_who_shares_network_and_browser_with_a_machine_that_moves_the_mouse_has_to_press() -> None:
    jiggler = [visit(n, GESTURE, n, 20.0 + n, cluster=SANDBOX) for n in range(5)]
    assert counted([*jiggler, visit(9, GESTURE, 3, HOUR, cluster=SANDBOX)]) == {}
    assert counted([*jiggler, visit(9, PRESSED, 3, HOUR, cluster=SANDBOX)]) == {0: 3}
    assert counted([visit(-1, GESTURE, 3, -HOUR, cluster=SANDBOX), *jiggler]) == {0: 3}
    fetcher = [visit(n, SCRIPT_RAN, n, 20.0 + n, cluster=OFFICE) for n in range(5)]
    assert counted([*fetcher, visit(9, GESTURE, 3, HOUR, cluster=OFFICE)]) == {0: 3}


def test_a_machine_that_changes_its_address_with_each_link_still_opens_them_at_once() -> None:
    assert counted([visit(n, GESTURE, n, 20.0 + n, cluster=bytes([n])) for n in range(5)]) == {}


def test_the_first_try_of_a_machine_with_hands_does_not_count() -> None:
    scan = [visit(n, GESTURE, n, DAY + n, cluster=SANDBOX) for n in range(5)]
    first = visit(-1, GESTURE, 0, 30.0, cluster=b"elsewhere")
    assert counted([first, *scan]) == {}
    assert counted([first]) == {0: 0}
    assert counted([visit(-1, GESTURE, 2, HOUR), *scan]) == {0: 2}


def test_a_slow_machine_is_known_by_both_parts_of_the_mail() -> None:
    slow = [
        visit(1, GESTURE, 1, 60.0, cluster=SANDBOX, link=b"t", part="text"),
        visit(2, GESTURE, 1, DAY, cluster=SANDBOX),
    ]
    assert counted(slow) == {}
    assert counted([*slow, visit(3, PRESSED, 4, DAY + 60, cluster=SANDBOX)]) == {0: 4}


def test_the_office_is_not_a_machine_because_it_shares_an_address() -> None:
    colleagues = [[visit(1, GESTURE, who % 5, HOUR + who, cluster=OFFICE)] for who in range(40)]
    assert counted(*colleagues) == {who: who % 5 for who in range(40)}


def test_a_reader_who_touches_nothing_counts_where_all_speaks_for_a_person() -> None:
    reader = [visit(1, SCRIPT_RAN, 2, HOUR), visit(2, SEEN, 2, HOUR)]
    assert counted(reader) == {0: 2}
    assert counted([*reader, visit(3, SCRIPT_RAN, 4, 2 * HOUR, cluster=OFFICE)]) == {}
    assert counted([*reader, visit(3, SCRIPT_RAN, 2, 2 * HOUR, link=b"t", part="text")]) == {}


def test_a_reader_is_not_silenced_by_the_scanner_that_came_first() -> None:
    scan = [visit(n, SCRIPT_RAN, n, 20.0 + n, cluster=SANDBOX) for n in range(5)]
    assert counted([*scan, visit(9, SEEN, 2, HOUR)]) == {0: 2}
    assert counted([*scan, visit(9, SEEN, 2, 300.0)]) == {}
    assert counted([*scan, visit(9, SEEN, 2, HOUR, cluster=SANDBOX)]) == {}


def test_a_screen_without_hands_is_a_machine() -> None:
    assert counted([visit(1, SEEN, 0, 30.0)]) == {}
    idle = [[visit(1, SEEN, who % 5, HOUR, cluster=SANDBOX)] for who in range(3)]
    assert counted(*idle) == {}
    one_by_one = [[visit(1, SEEN, who % 5, HOUR, cluster=bytes([who]))] for who in range(3)]
    assert counted(*one_by_one) == {}
    with_people = [*one_by_one, *([visit(1, GESTURE, 1, HOUR, cluster=bytes([who]))] for who in range(10, 16))]
    assert counted(*with_people) == {0: 0, 1: 1, 2: 2} | dict.fromkeys(range(3, 9), 1)


def test_a_scan_after_the_reminder_is_as_early_as_one_after_the_invitation() -> None:
    asked = Asked("anna", "a.example", (0.0, DAY), [visit(1, SEEN, 1, DAY + 30)])
    assert list(judge_round([asked])) == []
