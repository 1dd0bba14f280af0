"""One organisation's calendar: read as a whole, changed one date or one location at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pulse.calendar.holidays import country_of, is_known, suggested
from pulse.calendar.hours import OFFICE, Hours, check_hours
from pulse.calendar.tables import CalendarDay, HolidayCalendar, WorkingHours
from pulse.calendar.zones import ScheduleRefused, check_zone
from pulse.locale import Sentence
from pulse.roster import Organisation

WHOLE: Final = ""
"""The location that stands for the whole organisation."""
LONGEST_CLOSURE: Final = 62
"""Days that can be closed at once: a summer."""


@dataclass(frozen=True)
class Place:
    """Where people work: their hours and, where it is not the organisation's, their zone."""

    hours: Hours
    timezone: str | None


@dataclass(frozen=True)
class Decided:
    """What the organisation decided about a date."""

    closed: bool
    name: str


@dataclass(frozen=True)
class Calendar:
    """When an organisation works. Frozen values; reading it again is cheap."""

    timezone: str
    country: str
    region: str
    decided: Mapping[date, Decided] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, location: str | None) -> Place:
        """The hours and zone of a location; the whole organisation's where it has none of its own."""
        return self.places.get(location or WHOLE) or self.places.get(WHOLE) or Place(OFFICE, None)

    def zone(self, own: str | None, location: str | None, otherwise: str) -> str:
        """A person's zone: their own, else their location's, else `otherwise`."""
        return own or self.place(location).timezone or otherwise

    def is_closed(self, day: date) -> bool:
        """Whether nobody works that day, weekends aside."""
        decided = self.decided.get(day)
        return decided.closed if decided else day in suggested(self.country, self.region, day.year)

    def name(self, day: date, language: str) -> str:
        """Why a closed date is closed; empty where no reason was given."""
        decided = self.decided.get(day)
        if decided and decided.name:
            return decided.name
        return suggested(self.country, self.region, day.year, language).get(day, "")

    def closed(self, since: date, until: date) -> frozenset[date]:
        """The closed dates from `since` up to and including `until`."""
        days = (since + timedelta(days=later) for later in range((until - since).days + 1))
        return frozenset(day for day in days if self.is_closed(day))


def calendar_of(session: Session, organisation_id: int) -> Calendar:
    """The calendar of an organisation, with its time zone's country where none was chosen."""
    timezone = session.scalars(select(Organisation.timezone).where(Organisation.id == organisation_id)).one()
    chosen = session.scalars(select(HolidayCalendar).where(HolidayCalendar.organisation_id == organisation_id)).first()
    days = session.scalars(select(CalendarDay).where(CalendarDay.organisation_id == organisation_id))
    hours = session.scalars(select(WorkingHours).where(WorkingHours.organisation_id == organisation_id))
    return Calendar(
        timezone=timezone,
        country=chosen.country if chosen else country_of(timezone),
        region=chosen.region if chosen else "",
        decided={row.day: Decided(row.closed, row.name) for row in days},
        places={row.location: Place(Hours(row.starts, row.ends, row.weekends), row.timezone) for row in hours},
    )


def choose_country(session: Session, organisation_id: int, country: str, region: str = "") -> None:
    """Whose public holidays are suggested; empty for none. Raises ScheduleRefused."""
    country, region = country.strip().upper(), region.strip()
    if not is_known(country, region):
        raise ScheduleRefused(
            Sentence(
                "No public holidays are known for %(place)s. Write a country's two letters, such as NL, and a region "
                "of it or none.",
                place=repr(" ".join((country, region)).strip()),
            )
        )
    row = session.scalars(select(HolidayCalendar).where(HolidayCalendar.organisation_id == organisation_id)).first()
    if row is None:
        session.add(HolidayCalendar(organisation_id=organisation_id, country=country, region=region))
    else:
        row.country, row.region = country, region
    session.flush()


def close_dates(session: Session, organisation_id: int, first: date, last: date, name: str) -> None:
    """Nobody is mailed on these dates: one of its own, or a quiet week."""
    if not first <= last or (last - first).days >= LONGEST_CLOSURE:
        raise ScheduleRefused(
            Sentence("Choose a last date on or after the first, and at most %(most)s days.", most=LONGEST_CLOSURE)
        )
    for later in range((last - first).days + 1):
        _decide(session, organisation_id, first + timedelta(days=later), closed=True, name=" ".join(name.split())[:100])


def open_date(session: Session, organisation_id: int, day: date) -> None:
    """People work on that date after all, also where it is a public holiday."""
    calendar = calendar_of(session, organisation_id)
    if day in suggested(calendar.country, calendar.region, day.year):
        _decide(session, organisation_id, day, closed=False, name="")
    else:
        session.execute(
            delete(CalendarDay).where(CalendarDay.organisation_id == organisation_id, CalendarDay.day == day)
        )


def set_hours(
    session: Session,
    organisation_id: int,
    location: str,
    starts: time,
    ends: time,
    *,
    weekends: bool = False,
    timezone: str | None = None,
) -> None:
    """The hours of a location, or with `WHOLE` of the organisation. Raises ScheduleRefused."""
    hours = check_hours(starts, ends, weekends)
    zone = check_zone(timezone) if timezone else None
    row = session.scalars(
        select(WorkingHours).where(WorkingHours.organisation_id == organisation_id, WorkingHours.location == location)
    ).first()
    if row is None:
        row = WorkingHours(organisation_id=organisation_id, location=location)
        session.add(row)
    row.starts, row.ends, row.weekends, row.timezone = hours.starts, hours.ends, hours.weekends, zone
    session.flush()


def forget_hours(session: Session, organisation_id: int, location: str) -> None:
    """The location works as the organisation does."""
    session.execute(
        delete(WorkingHours).where(WorkingHours.organisation_id == organisation_id, WorkingHours.location == location)
    )


def _decide(session: Session, organisation_id: int, day: date, *, closed: bool, name: str) -> None:
    row = session.scalars(
        select(CalendarDay).where(CalendarDay.organisation_id == organisation_id, CalendarDay.day == day)
    ).first()
    if row is None:
        row = CalendarDay(organisation_id=organisation_id, day=day)
        session.add(row)
    row.closed, row.name = closed, name
    session.flush()
