"""`flask round …`."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click
from sqlalchemy import func, select

from pulse import clock, mail, results
from pulse.cli.refusal import Group
from pulse.database import reading, transaction
from pulse.rounds import Invitation, Round
from pulse.schedule import Pulse

group = Group("round", help="The months of a pulse.")


@group.command("list")
def list_command() -> None:
    """List all rounds: id, period, state, people asked, mails by state.

    Example: flask round list
    """
    with reading() as session:
        asked = dict(session.execute(select(Invitation.round_id, func.count()).group_by(Invitation.round_id)).all())
        for item in session.scalars(select(Round).order_by(Round.id)):
            counts = mail.delivery_counts(session, item.id)
            mails = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
            click.echo(f"{item.id}\t{item.period}\t{item.state}\t{asked.get(item.id, 0)} asked\t{mails}")


@group.command("open")
@click.argument("pulse_id", metavar="PULSE", type=int)
@click.option("--now", "send_now", is_flag=True, help="Send at once instead of at the pulse's time today.")
def open_command(pulse_id: int, send_now: bool) -> None:
    """Open this month's round of PULSE by hand and print its id.

    Example: flask round open 1 --now
    """
    with transaction() as session:
        pulse = session.get(Pulse, pulse_id)
        if pulse is None:
            raise click.ClickException(f"There is no pulse {pulse_id}. See `flask pulse list`.")
        today = clock.now().astimezone(ZoneInfo(pulse.timezone)).date()
        opened = mail.launch(session, pulse, today, send_now=send_now)
    click.echo(opened.id)


@group.command("close")
@click.argument("round_id", metavar="ROUND", type=int)
def close_command(round_id: int) -> None:
    """Close ROUND by hand: count, publish, and erase every single answer.

    Example: flask round close 3
    """
    outcome = results.close(round_id)
    click.echo(f"{round_id}\tclosed\t{outcome.figures} figures published")
