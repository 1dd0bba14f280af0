"""`flask calendar …`, `flask location …` and `flask hold …`: when mail may leave, and when it may not."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import click

from pulse import calendar, clock, holding, schedule
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.cli.sentences import day_of
from pulse.database import reading, transaction
from pulse.roster import locations_of

group = Group("calendar", help="Public holidays and closed dates.")
location = Group("location", help="Working hours and zones by location.")
hold = Group("hold", help="Why Ruil stands still, and letting it go on.")

DAY = click.DateTime(["%Y-%m-%d"])
organisation_option = click.option("--organisation", "name", help="Needed only where there are several.")


@group.command("show")
@organisation_option
def show_command(name: str | None) -> None:
    """Print the closed dates of the next twelve months.

    Example: flask calendar show
    """
    with reading() as session:
        organisation = named_or_only(session, name)
        known = calendar.calendar_of(session, organisation.id)
    click.echo(f"Public holidays of: {' '.join((known.country, known.region)).strip() or 'no country'}")
    today = clock.now().date()
    for day in sorted(known.closed(today, today + timedelta(days=365))):
        click.echo(f"  {day_of(day)}\t{known.name(day, 'en')}")


@group.command("country")
@click.argument("country", metavar="COUNTRY")
@click.option("--region", default="", help="A region of it, as the holidays library names it.")
@organisation_option
def country_command(country: str, region: str, name: str | None) -> None:
    """Choose whose public holidays are kept; `none` for none.

    Example: flask calendar country BE --region Flemish
    """
    with transaction() as session:
        organisation = named_or_only(session, name)
        calendar.choose_country(session, organisation.id, "" if country == "none" else country, region)
        schedule.replan(session, organisation.id)
    click.echo(f"Public holidays of: {country} {region}".rstrip())


@group.command("close")
@click.argument("first", metavar="DATE", type=DAY)
@click.option("--until", type=DAY, help="The last date, for a quiet week.")
@click.option("--reason", default="", help="What it is called.")
@organisation_option
def close_command(first: datetime, until: datetime | None, reason: str, name: str | None) -> None:
    """Mail nobody on DATE, or from DATE until another.

    Example: flask calendar close 2026-12-24 --until 2027-01-03 --reason "Christmas week"
    """
    with transaction() as session:
        organisation = named_or_only(session, name)
        calendar.close_dates(session, organisation.id, first.date(), (until or first).date(), reason)
        schedule.replan(session, organisation.id)
    click.echo(f"Closed: {day_of(first.date())}" + (f" until {day_of(until.date())}." if until else "."))


@group.command("open")
@click.argument("day", metavar="DATE", type=DAY)
@organisation_option
def open_command(day: datetime, name: str | None) -> None:
    """People work on DATE after all, also on a public holiday.

    Example: flask calendar open 2027-04-27
    """
    with transaction() as session:
        organisation = named_or_only(session, name)
        calendar.open_date(session, organisation.id, day.date())
        schedule.replan(session, organisation.id)
    click.echo(f"Open: {day_of(day.date())}.")


@location.command("list")
@organisation_option
def list_command(name: str | None) -> None:
    """List the locations of the roster: people, hours, zone.

    Example: flask location list
    """
    with reading() as session:
        organisation = named_or_only(session, name)
        known = calendar.calendar_of(session, organisation.id)
        counted = locations_of(session, organisation.id)
    for spelled in [calendar.WHOLE, *sorted({*counted, *known.places} - {calendar.WHOLE})]:
        place = known.place(spelled)
        days = "every day" if place.hours.weekends else "Monday to Friday"
        zone = place.timezone or known.timezone
        people = f"{counted.get(spelled, 0)} people" if spelled else "everybody else"
        click.echo(f"{spelled or '-'}\t{people}\t{place.hours.starts:%H:%M}-{place.hours.ends:%H:%M}\t{days}\t{zone}")


@location.command("set")
@click.argument("spelled", metavar="LOCATION")
@click.option("--from", "starts", default="09:00", show_default=True, help="05:00 at the earliest.")
@click.option("--to", "ends", default="17:00", show_default=True, help="22:00 at the latest.")
@click.option("--weekends", is_flag=True, help="On Saturdays and Sundays too, as shift staff.")
@click.option("--timezone", help="IANA zone; default: the organisation's.")
@organisation_option
def set_command(spelled: str, starts: str, ends: str, weekends: bool, timezone: str | None, name: str | None) -> None:
    """Set the working hours and zone of LOCATION, as the roster spells it; `-` is the whole organisation.

    Example: flask location set "Huis Noord" --from 06:00 --to 22:00 --weekends
    """
    try:
        first, last = time.fromisoformat(starts), time.fromisoformat(ends)
    except ValueError as error:
        raise click.ClickException("Write hours and minutes, such as --from 07:00 --to 15:30.") from error
    place = calendar.WHOLE if spelled == "-" else spelled
    with transaction() as session:
        organisation = named_or_only(session, name)
        calendar.set_hours(session, organisation.id, place, first, last, weekends=weekends, timezone=timezone)
        schedule.replan(session, organisation.id)
    click.echo(f"{spelled}: {first:%H:%M}-{last:%H:%M}, {'every day' if weekends else 'Monday to Friday'}.")


@hold.command("list")
def hold_list() -> None:
    """Print why nothing is opened, sent or closed; nothing where all goes on.

    Example: flask hold list
    """
    with reading() as session:
        for sentence in holding.reasons(session):
            click.echo(sentence)


@hold.command("release")
@click.confirmation_option(prompt="Mail cannot be called back. Is the clock right, and this the one true database?")
def hold_release() -> None:
    """Confirm that Ruil may go on: the clock is right, and no other copy of this database sends mail.

    Example: flask hold release --yes
    """
    if not holding.release("flask hold release", clock.now()):
        raise click.ClickException("Nothing is held; Ruil goes on as it should.")
    click.echo("Ruil goes on.")
