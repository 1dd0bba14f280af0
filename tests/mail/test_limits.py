"""How fast a sender may go, by sliding windows; tried against a server that counts by itself."""

from __future__ import annotations

from collections import Counter, deque
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulse.mail import duration_of, parse_limits
from pulse.mail.delivery.limits import PRESETS, SLOTS, WINDOWS, room, share_now, slot, slowed

LIMITS = st.dictionaries(st.sampled_from(["minute", "hour"]), st.integers(1, 40), min_size=1)


def leave(count: int, limits: dict[str, int], start: int) -> list[int]:
    """The seconds at which `count` mails leave when each goes as soon as there is room."""
    used = {window: Counter[int]() for window in limits}
    second, left = start, []
    while len(left) < count:
        free = room(limits, used, second)
        for _ in range(min(free.mails, count - len(left))):
            left.append(second)
            for window in limits:
                used[window][slot(window, second)] += 1
        second += int(free.wait.total_seconds()) if not free.mails else 0
    return left


@settings(max_examples=60, deadline=None)
@given(LIMITS, st.integers(2, 150), st.integers(0, 10_000))
def test_no_window_wherever_it_begins_holds_more_than_its_limit(limits: dict[str, int], count: int, start: int) -> None:
    left = leave(count, limits, start)
    for window, most in limits.items():
        recent: deque[int] = deque()
        for second in left:
            recent.append(second)
            while recent[0] <= second - WINDOWS[window]:
                recent.popleft()
            assert len(recent) <= most


@settings(max_examples=60, deadline=None)
@given(LIMITS, st.integers(1, 150), st.integers(0, 10_000))
def test_the_estimate_is_what_it_takes(limits: dict[str, int], count: int, start: int) -> None:
    left = leave(count, limits, start)
    slack = sum(count // most + 1 for most in limits.values()) * max(SLOTS[window] for window in limits)
    assert abs((left[-1] - left[0]) - duration_of(count, limits).total_seconds()) <= slack


def test_a_thousand_people_at_microsoft_take_half_an_hour_and_at_an_own_relay_no_time() -> None:
    assert timedelta(minutes=33) <= duration_of(1_000, PRESETS["microsoft365"]) <= timedelta(minutes=35)
    assert duration_of(1_000, PRESETS["relay"]) == timedelta()
    assert duration_of(25_000, PRESETS["microsoft365"]) > timedelta(days=2)


def test_limits_are_read_or_refused() -> None:
    assert parse_limits("30/minute,10000/day") == {"minute": 30, "day": 10_000}
    for wrong in ("fast", "0/minute", "5/minute,6/minute", "10/week", ""):
        with pytest.raises(ValueError, match="no limit"):
            parse_limits(wrong)


def test_a_server_that_complains_gets_less_and_gets_it_back() -> None:
    assert slowed({"minute": 30, "day": 10_000}, 0.5) == {"minute": 15, "day": 10_000}
    assert slowed({}, 0.5) == {"minute": 300}
    assert slowed({"minute": 2}, 1 / 16) == {"minute": 1}
    assert share_now(0.5, timedelta()) == 0.5
    assert share_now(0.5, timedelta(minutes=10)) == 1.0
