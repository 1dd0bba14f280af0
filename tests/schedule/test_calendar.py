"""Wall times, working days, moved dates and spread mails, beside dateutil and by brute force. Pure functions only."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz
from dateutil.rrule import MO, rrule, rruleset
from hypothesis import given
from hypothesis import strategies as st

from pulse.calendar import (
    Calendar,
    Hours,
    ScheduleRefused,
    check_zone,
    instant,
    next_open,
    send_instant,
    suggested,
    working_day,
    working_days_after,
)
from pulse.mail import duration_of
from pulse.rounds.reminding import remind_instants
from pulse.rounds.spreading import Wish, spread, unlimited
from pulse.schedule import Change, catch_up, coming, next_dates

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))
AMSTERDAM = "Europe/Amsterdam"
DAYS = st.dates(date(2025, 1, 1), date(2034, 12, 31))
HOURS = st.builds(
    lambda first, length, weekends: Hours(time(first), time(min(first + length, 22)), weekends),
    st.integers(5, 20),
    st.integers(1, 12),
    st.booleans(),
)
CASES = [
    *(date(2026, 3, day) for day in range(27, 32)),  # clocks go forward in Europe
    *(date(2026, 10, day) for day in range(23, 28)),  # and back
    *(date(2026, month, day) for month, day in ((3, 8), (11, 1), (4, 5), (10, 4))),  # America, Australia
    *(date(2026, month, 28) + timedelta(days=3) for month in (1, 2, 4, 6)),  # the 31st, or what stands for it
    *(date(2027, 12, 31), date(2028, 2, 29), date(2028, 1, 1), date(2026, 12, 25), date(2030, 5, 5), date(2029, 4, 27)),
]
"""24 days of trouble: changes of the clock, holidays, month ends."""


BACKWARDS = {"Africa/Casablanca", "Africa/El_Aaiun", "Europe/Dublin"}
"""Zones whose summer time is called the standard time: dateutil takes the wrong one of two offsets there."""


def test_each_wall_time_in_each_zone_is_what_dateutil_says() -> None:
    """F17: over a hundred thousand comparisons, gaps and overlaps among them."""
    walls = [time(hour, minute) for hour in (0, 1, 2, 3, 5, 10, 16, 22) for minute in (0, 30)]
    compared = 0
    for zone in ZONES:
        oracle, there = (by_search, ZoneInfo(zone)) if zone in BACKWARDS else (by_dateutil, tz.gettz(zone))
        assert there is not None, zone
        oracle = by_search if zone in BACKWARDS else by_dateutil
        for day in CASES:
            for wall in walls:
                assert instant(day, wall, zone) == oracle(datetime.combine(day, wall), there), (zone, day, wall)
                compared += 1
    assert compared > 100_000


def by_dateutil(wall: datetime, there: tzinfo) -> datetime:
    """RFC 5545 3.3.5: a time that does not exist takes the offset before the gap, one that is twice the first."""
    return tz.resolve_imaginary(wall.replace(tzinfo=there)).astimezone(UTC)


def by_search(wall: datetime, there: tzinfo) -> datetime:
    """The first instant at which a clock there shows that time, by looking at the clock alone."""
    tried = (wall.replace(tzinfo=UTC) + timedelta(minutes=15 * quarter) for quarter in range(-56, 57))
    shown = (moment for moment in tried if moment.astimezone(there).replace(tzinfo=None) == wall)
    return next(shown, None) or by_search(wall + timedelta(hours=1), there)


def test_whoever_is_mailed_is_mailed_at_that_wall_time() -> None:
    for zone in ZONES:
        for day in CASES:
            sent = send_instant(day, time(10), zone).astimezone(ZoneInfo(zone))
            assert sent.time() == time(10), (zone, day)
            assert sent.date() == working_day(day)


def test_months_with_holidays_are_what_a_rule_set_says() -> None:
    """Each date of ten years of rules, moved past weekends and holidays, beside dateutil's own days."""
    calendar = Calendar(AMSTERDAM, "NL", "")
    closed = calendar.closed(date(2025, 1, 1), date(2036, 1, 1))
    working = rruleset()
    working.rrule(rrule(3, dtstart=datetime(2025, 1, 1), until=datetime(2036, 1, 1), byweekday=range(MO.weekday, 5)))
    for day in closed:
        working.exdate(datetime.combine(day, time()))
    days = {moment.date() for moment in working}
    for rule in ("BYMONTHDAY=1", "BYMONTHDAY=31", "BYDAY=1MO", "BYDAY=-1FR", "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"):
        listed = coming(f"FREQ=MONTHLY;{rule}", date(2025, 1, 1), calendar.is_closed)
        for planned, one in zip(next_dates(f"FREQ=MONTHLY;{rule}", date(2025, 1, 1), 120), listed, strict=False):
            expected = min(day for day in days if day >= planned)
            assert (one.planned, one.day) == (planned, expected)
            assert (one.why == "") == (planned == expected)


def test_a_moved_date_leaves_the_others_where_they_are_and_keeps_its_month() -> None:
    rule, since = "FREQ=MONTHLY;BYMONTHDAY=31", date(2027, 1, 1)
    changes = {date(2027, 3, 31): Change(moved_to=date(2027, 4, 6)), date(2027, 4, 30): Change(skipped="lately")}
    found = [one for one, _ in zip(coming(rule, since, lambda day: False, changes=changes), range(5), strict=False)]
    assert [(one.day, one.why) for one in found[:3]] == [
        (date(2027, 2, 1), "weekend"),
        (date(2027, 3, 1), "weekend"),
        (date(2027, 4, 6), "chosen"),
    ]
    assert [one.period for one in found] == ["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]
    assert found[3].skipped == "lately"


@given(DAYS, st.integers(0, 86_399), st.sampled_from(ZONES), HOURS)
def test_whatever_the_hour_the_next_open_moment_is_in_the_window_and_not_before(
    day: date, second: int, zone: str, hours: Hours
) -> None:
    now = datetime.combine(day, time(), UTC) + timedelta(seconds=second)
    found = next_open(now, zone, hours)
    local = found.astimezone(ZoneInfo(zone))
    assert found >= now
    assert hours.starts <= local.time() <= hours.ends
    assert hours.is_working(local.date())


@given(DAYS, st.integers(1, 21), st.sampled_from(ZONES), HOURS)
def test_reminders_are_at_most_two_in_working_hours_apart_and_before_the_close(
    day: date, open_days: int, zone: str, hours: Hours
) -> None:
    closed = frozenset({day + timedelta(days=1)})
    sent = send_instant(day, time(10), zone, hours, closed)
    closes = instant(day + timedelta(days=open_days), time(10), zone)
    found = remind_instants(sent, closes, zone, hours, closed)
    assert len(found) <= 2
    for before, after in zip([sent, *found], found, strict=False):
        assert after - before >= timedelta(hours=23)
    for moment in found:
        local = moment.astimezone(ZoneInfo(zone))
        assert sent < moment < closes
        assert hours.is_working(local.date(), closed)
        assert hours.starts <= local.time() <= hours.ends


def test_reminders_pass_over_holidays() -> None:
    sent = instant(date(2026, 12, 22), time(10), AMSTERDAM)
    closed = Calendar(AMSTERDAM, "NL", "").closed(date(2026, 12, 1), date(2027, 1, 31))
    first, last = remind_instants(sent, instant(date(2027, 1, 2), time(10), AMSTERDAM), AMSTERDAM, closed=closed)
    assert first.date() == date(2026, 12, 24)
    assert last.date() == date(2026, 12, 31)


def test_lateness() -> None:
    planned = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert catch_up(planned, planned - timedelta(minutes=1), AMSTERDAM).action == "wait"
    assert catch_up(planned, planned + timedelta(hours=24), AMSTERDAM).action == "send"
    late = catch_up(planned, datetime(2026, 12, 4, 12, tzinfo=UTC), AMSTERDAM)
    assert (late.action, late.at) == ("send_late", datetime(2026, 12, 7, 9, tzinfo=UTC))
    closed = frozenset({date(2026, 12, 7)})
    assert catch_up(planned, planned + timedelta(days=4), AMSTERDAM, closed=closed).at == datetime(
        2026, 12, 8, 9, tzinfo=UTC
    )
    assert catch_up(planned, planned + timedelta(days=6), AMSTERDAM).action == "skip"


def test_mails_are_spread_within_working_hours_at_the_senders_pace() -> None:
    friday = instant(date(2026, 11, 27), time(16), AMSTERDAM)
    office, limits = Hours(), {"minute": 30}
    sent = spread([Wish(friday, AMSTERDAM, office)] * 4000, lambda count: duration_of(count, limits))
    local = [moment.astimezone(ZoneInfo(AMSTERDAM)) for moment in sent]
    assert all(office.starts <= moment.time() <= office.ends for moment in local)
    assert {moment.date() for moment in local} == {date(2026, 11, 27), date(2026, 11, 30)}
    assert sent[0] == friday
    per_minute = sorted(sent)
    assert all(later - first >= timedelta(minutes=1) for first, later in zip(per_minute, per_minute[30:], strict=False))
    assert spread([Wish(friday, AMSTERDAM, office)] * 4000, unlimited) == [friday] * 4000


def test_the_library_suggests_and_the_organisation_decides() -> None:
    dutch = suggested("NL", "", 2026, "nl")
    assert dutch[date(2026, 4, 27)] == "Koningsdag"
    assert date(2026, 4, 3) not in dutch, "most Dutch staff work on Good Friday"
    assert date(2026, 4, 3) in suggested("DE", "BY", 2026)
    assert not suggested("", "", 2026)


def test_working_days_pass_over_weekends_holidays_and_shifts_do_not() -> None:
    thursday = date(2026, 12, 24)
    assert working_days_after(thursday, 2, frozenset({date(2026, 12, 25)})) == date(2026, 12, 29)
    assert working_days_after(thursday, 2, hours=Hours(weekends=True)) == date(2026, 12, 26)


def test_a_zone_that_is_none_is_a_sentence() -> None:
    with pytest.raises(ScheduleRefused, match="no IANA time zone"):
        check_zone("Mars/Olympus")
