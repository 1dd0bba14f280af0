"""`flask pulse …`."""

from __future__ import annotations

from datetime import time

import click
from sqlalchemy import select

from config import settings
from pulse import clock
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.database import reading, transaction
from pulse.schedule import Pulse, next_dates, schedule_pulse

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
    """Schedule a monthly pulse and print its next 12 dates.

    Example: flask pulse schedule --title "Monthly" --rule "FREQ=MONTHLY;BYDAY=1TU" --time 10:00
    """
    try:
        at = time.fromisoformat(wall_time)
    except ValueError as error:
        raise click.ClickException(f"--time is {wall_time!r}. Write hours and minutes, such as 10:00.") from error
    with transaction() as session:
        organisation = named_or_only(session, name)
        pulse = schedule_pulse(
            session,
            organisation.id,
            title,
            rule,
            at,
            timezone or organisation.timezone or settings().timezone,
            open_days,
            one_link=one_link,
            strict=strict,
        )
        click.echo(f"Pulse {pulse.id}: {title}, at {at:%H:%M} in each person's own zone. The next 12 dates:")
        for day in next_dates(pulse.rule, clock.now().date(), 12):
            click.echo(f"  {day:%A %d %B %Y}")


@group.command("list")
def list_command() -> None:
    """List all pulses: id, title, state, next date.

    Example: flask pulse list
    """
    with reading() as session:
        for pulse in session.scalars(select(Pulse).order_by(Pulse.id)):
            state = "paused" if pulse.paused_at else "active"
            click.echo(f"{pulse.id}\t{pulse.title}\t{state}\tnext {pulse.next_date or 'none'}")
