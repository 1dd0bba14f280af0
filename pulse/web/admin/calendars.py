"""When nobody is mailed: public holidays, closed dates, and hours by location."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from zoneinfo import available_timezones

from babel import Locale
from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from pulse import schedule
from pulse.calendar import (
    WHOLE,
    Calendar,
    ScheduleRefused,
    calendar_of,
    choose_country,
    close_dates,
    forget_hours,
    open_date,
    regions,
    set_hours,
    suggested,
)
from pulse.database import reading, transaction
from pulse.roster import locations_of
from pulse.web.admin.door import SignedIn, blueprint, done, page, refused, signed_in
from pulse.web.admin.pulses import day_in, today_of

AHEAD: Final = timedelta(days=365)


@dataclass(frozen=True)
class DayLine:
    """A date on which nobody is mailed, or a public holiday on which people work."""

    day: date
    name: str
    closed: bool


@dataclass(frozen=True)
class LocationLine:
    """A location with its hours."""

    location: str
    people: int
    starts: time
    ends: time
    weekends: bool
    timezone: str | None
    own: bool
    """Not just the organisation's."""


@blueprint.get("/calendar")
def calendar() -> Response:
    """Closed dates of the coming year, whose holidays, and the hours."""
    me = signed_in()
    today = today_of(me)
    with reading(me.organisation_id) as session:
        known = calendar_of(session, me.organisation_id)
        places = locations(session, known, me)
    return page(
        "calendar.html",
        section="pulses",
        known=known,
        days=day_lines(known, today, me.language),
        places=places,
        countries=countries(me.language),
        region_choices=regions().get(known.country, ()),
        zones=ZONES,
        tomorrow=today + timedelta(days=1),
    )


@blueprint.post("/calendar/country")
def choose_holidays() -> AnyResponse:
    """Whose public holidays are suggested."""
    me = signed_in()
    country, region = request.form.get("country", "")[:2], request.form.get("region", "")[:80]
    if region not in regions().get(country, ()):
        region = ""
    return _change(
        lambda session: choose_country(session, me.organisation_id, country, region),
        me.words.gettext("The holidays are kept from now on. An open round keeps those of its opening."),
    )


@blueprint.post("/calendar/close")
def close_days() -> AnyResponse:
    """Mail nobody on a date, or in a quiet week."""
    me = signed_in()
    first, last = day_in("first"), day_in("last")
    if first is None:
        return refused(me.words.gettext("Choose a day."), "admin.calendar")
    name = request.form.get("name", "")
    return _change(
        lambda session: close_dates(session, me.organisation_id, first, last or first, name),
        me.words.gettext("Nobody is mailed then."),
    )


@blueprint.post("/calendar/open")
def open_day() -> AnyResponse:
    """People work on that date after all."""
    me = signed_in()
    day = day_in("day")
    if day is None:
        return refused(me.words.gettext("Choose a day."), "admin.calendar")
    return _change(
        lambda session: open_date(session, me.organisation_id, day),
        me.words.gettext("%(day)s is a working day.") % {"day": _begun(me.words.weekday(day))},
    )


@blueprint.post("/calendar/hours")
def change_hours() -> AnyResponse:
    """The hours of a location, or those of the organisation again."""
    me = signed_in()
    location = request.form.get("location", WHOLE)[:200]
    if "forget" in request.form:
        return _change(
            lambda session: forget_hours(session, me.organisation_id, location),
            me.words.gettext("The organisation's hours hold there."),
        )
    try:
        starts, ends = (time.fromisoformat(request.form.get(name, "")) for name in ("starts", "ends"))
    except ValueError:
        return refused(me.words.gettext("Choose a time from 05:00 to 22:00."), "admin.calendar")
    return _change(
        lambda session: set_hours(
            session,
            me.organisation_id,
            location,
            starts,
            ends,
            weekends="weekends" in request.form,
            timezone=request.form.get("timezone") or None,
        ),
        me.words.gettext("The hours are kept."),
    )


def day_lines(known: Calendar, today: date, language: str) -> list[DayLine]:
    """The closed dates of the coming year, and the holidays on which people work."""
    until = today + AHEAD
    holidays = {
        day: name
        for year in range(today.year, until.year + 1)
        for day, name in suggested(known.country, known.region, year, language).items()
        if today <= day <= until
    }
    closed = known.closed(today, until)
    return [
        DayLine(day, known.name(day, language) or holidays.get(day, ""), day in closed)
        for day in sorted(closed | holidays.keys())
    ]


def locations(session: Session, known: Calendar, me: SignedIn) -> list[LocationLine]:
    """The organisation first, then each location that the roster names or that has hours of its own."""
    counted = locations_of(session, me.organisation_id)
    spelled = [WHOLE, *sorted({*counted, *known.places} - {WHOLE}, key=str.casefold)]
    return [
        LocationLine(
            location=one,
            people=counted.get(one, 0),
            starts=known.place(one).hours.starts,
            ends=known.place(one).hours.ends,
            weekends=known.place(one).hours.weekends,
            timezone=known.place(one).timezone,
            own=one in known.places,
        )
        for one in spelled
    ]


def countries(language: str) -> list[tuple[str, str]]:
    """The countries whose holidays are known, by their names in the reader's language."""
    names = Locale(language).territories
    return sorted(((code, str(names.get(code, code))) for code in regions()), key=lambda pair: pair[1])


ZONES: Final = sorted(zone for zone in available_timezones() if zone.split("/")[0] in {
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
})  # fmt: skip


def _begun(said: str) -> str:
    return said[:1].upper() + said[1:]


def _change(act: Callable[[Session], None], sentence: str) -> AnyResponse:
    """Change the calendar; the coming dates follow."""
    me = signed_in()
    try:
        with transaction(me.organisation_id) as session:
            act(session)
            schedule.replan(session, me.organisation_id)
    except ScheduleRefused as refusal:
        return refused(me.words.say(refusal), "admin.calendar")
    return done(sentence, "admin.calendar")
