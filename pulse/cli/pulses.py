"""`flask pulse …`."""

from __future__ import annotations

from datetime import datetime, time

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse import clock, rounds, schedule
from pulse.calendar import calendar_of
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.cli.sentences import coming_line, day_of, how_long
from pulse.database import reading, transaction
from pulse.roster import people_to_ask
from pulse.schedule import Pulse, coming_dates, schedule_pulse

group = Group("pulse", help="When people are asked.")


@group.command("schedule")
@click.option("--title", required=True, help="What administrators call it.")
@click.option("--rule", required=True, help="RFC 5545, monthly: FREQ=MONTHLY;BYDAY=1TU.")
@click.option("--time", "wall_time", required=True, help="Local time, 05:00 to 22:00, such as 10:00.")
@click.option("--timezone", help="IANA zone; default: the organisation's.")
@click.option("--open-days", default=7, show_default=True, help="How many days a round stays open.")
@click.option("--one-link", is_flag=True, help="One link a mail; people choose on the page.")
@click.option("--strict", is_flag=True, help="Figures of eight people or more instead of five.")
@click.option("--organisation", "name", help="Needed only where there are several.")
def schedule_command(
    title: str,
    rule: str,
    wall_time: str,
    timezone: str | None,
    open_days: int,
    one_link: bool,
    strict: bool,
    name: str | None,
) -> None:
    """Schedule a monthly pulse and print its next 12 dates, each move with its reason.

    Example: flask pulse schedule --title "Monthly" --rule "FREQ=MONTHLY;BYDAY=1TU" --time 10:00
    """
    try:
        at = time.fromisoformat(wall_time)
    except ValueError as error:
        raise click.ClickException(f"--time is {wall_time!r}. Write hours and minutes, such as 10:00.") from error
    with transaction() as session:
        organisation = named_or_only(session, name)
        pulse_id = schedule_pulse(
            session,
            organisation.id,
            title,
            rule,
            at,
            timezone or organisation.timezone or settings().timezone,
            open_days,
            one_link=one_link,
            strict=strict,
        ).id
    # Printed after the commit: whoever reads only the first lines must not undo it.
    with reading() as session:
        pulse = session.get_one(Pulse, pulse_id)
        click.echo(f"Pulse {pulse.id}: {title}, at {at:%H:%M} in each person's own zone. The next 12 dates:")
        _show_dates(session, pulse)
        asked = people_to_ask(session, pulse.organisation_id, pulse.next_date or clock.now().date())
        if words := how_long(len(asked)):
            click.echo(words)


@group.command("list")
def list_command() -> None:
    """List all pulses: id, title, state, next date.

    Example: flask pulse list
    """
    with reading() as session:
        for pulse in session.scalars(select(Pulse).order_by(Pulse.id)):
            following = coming_dates(session, pulse, 1)
            state = "active"
            if pulse.paused_at:
                state = f"paused until {pulse.resumes_on}" if pulse.resumes_on else "paused"
            click.echo(f"{pulse.id}\t{pulse.title}\t{state}\tnext {following[-1].day if following else 'none'}")


@group.command("dates")
@click.argument("pulse_id", metavar="PULSE", type=int)
def dates_command(pulse_id: int) -> None:
    """Print the next 12 dates of PULSE, each move with its reason.

    Example: flask pulse dates 1
    """
    with reading() as session:
        _show_dates(session, find(session, pulse_id))


@group.command("move")
@click.argument("pulse_id", metavar="PULSE", type=int)
@click.argument("planned", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("to", metavar="TO", type=click.DateTime(["%Y-%m-%d"]))
def move_command(pulse_id: int, planned: datetime, to: datetime) -> None:
    """Ask on another day, this once; the other dates stay. DATE is the rule's own date, or where it moved to.

    Example: flask pulse move 1 2027-01-05 2027-01-07
    """
    with transaction() as session:
        pulse = find(session, pulse_id)
        own = next((one.planned for one in coming_dates(session, pulse) if one.day == planned.date()), planned.date())
        schedule.move_date(session, pulse, own, to.date(), rounds.newest_opening(session, pulse.organisation_id))
        _show_dates(session, pulse)


@group.command("pause")
@click.argument("pulse_id", metavar="PULSE", type=int)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it goes on by itself.")
def pause_command(pulse_id: int, until: datetime | None) -> None:
    """Open no new rounds of PULSE; an open round goes on.

    Example: flask pulse pause 1 --until 2027-09-01
    """
    with transaction() as session:
        schedule.pause(session, find(session, pulse_id), until.date() if until else None)
    click.echo(f"Pulse {pulse_id} is paused" + (f" until {day_of(until.date())}." if until else "."))


@group.command("resume")
@click.argument("pulse_id", metavar="PULSE", type=int)
def resume_command(pulse_id: int) -> None:
    """Let PULSE go on from its next date.

    Example: flask pulse resume 1
    """
    with transaction() as session:
        pulse = find(session, pulse_id)
        schedule.resume(session, pulse)
        _show_dates(session, pulse)


def find(session: Session, pulse_id: int) -> Pulse:
    """The pulse of that id, or a sentence."""
    pulse = session.get(Pulse, pulse_id)
    if pulse is None:
        raise click.ClickException(f"There is no pulse {pulse_id}. See `flask pulse list`.")
    return pulse


def _show_dates(session: Session, pulse: Pulse) -> None:
    calendar = calendar_of(session, pulse.organisation_id)
    for one in coming_dates(session, pulse, 12, calendar):
        click.echo(f"  {coming_line(one, calendar)}")
