"""Monthly rules: never a month dropped, never a wrong wall time."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.schedule import ScheduleRefused, next_dates

DAYS = st.dates(date(2024, 1, 1), date(2040, 1, 1))
NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@given(DAYS, st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6))
def test_nth_weekday_is_what_a_calendar_says(after: date, nth: int, weekday: int) -> None:
    found = next_dates(f"FREQ=MONTHLY;BYDAY={nth}{NAMES[weekday]}", after, 14)
    for day in found:
        month = [week[weekday] for week in calendar.monthcalendar(day.year, day.month) if week[weekday]]
        assert day.day == (month[nth - 1] if nth > 0 else month[-1])
        assert day >= after
    assert len({(day.year, day.month) for day in found}) == 14


@given(DAYS, st.integers(1, 31))
def test_a_day_of_the_month_falls_in_every_month(after: date, number: int) -> None:
    found = next_dates(f"FREQ=MONTHLY;BYMONTHDAY={number}", after, 14)
    months = [day.year * 12 + day.month for day in found]
    assert months == list(range(months[0], months[0] + 14))
    assert all(day.day == min(number, calendar.monthrange(day.year, day.month)[1]) for day in found)


@given(DAYS, st.sampled_from([1, 2, 5, -1, -2]))
def test_nth_working_day(after: date, nth: int) -> None:
    for day in next_dates(f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS={nth}", after, 13):
        last = calendar.monthrange(day.year, day.month)[1]
        working = [n for n in range(1, last + 1) if date(day.year, day.month, n).weekday() < 5]
        assert day.day == (working[nth - 1] if nth > 0 else working[nth])


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=MONTHLY;BYDAY=5TU", "FREQ=MONTHLY;BYMONTHDAY=32", "nonsense"])
def test_a_rule_that_could_skip_a_month_is_refused_with_a_sentence(rule: str) -> None:
    with pytest.raises(ScheduleRefused, match="Write one of"):
        next_dates(rule, date(2026, 1, 1))
