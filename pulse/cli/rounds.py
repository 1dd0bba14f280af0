"""`flask round …`."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse import clock, mail, results, schedule
from pulse.cli.pulses import find as find_pulse
from pulse.cli.refusal import Group
from pulse.cli.sentences import day_of, how_long
from pulse.database import reading, transaction
from pulse.rounds import Invitation, Round

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
        pulse = find_pulse(session, pulse_id)
        before = pulse.next_date
        opened = mail.launch_by_hand(session, pulse, send_now=send_now)
        asked = session.scalar(select(func.count(Invitation.id)).where(Invitation.round_id == opened.id)) or 0
        if words := how_long(asked):
            click.echo(words, err=True)
        if before and pulse.next_date and schedule.is_skipped(session, pulse, before):
            following = day_of(pulse.next_date)
            click.echo(
                f"The date {day_of(before)} is skipped: it comes within ten days. The next is {following}.", err=True
            )
    click.echo(opened.id)


@group.command("stop")
@click.argument("round_id", metavar="ROUND", type=int)
@click.confirmation_option(prompt="No mail and no answer more. Stop this round?")
def stop_command(round_id: int) -> None:
    """Stop ROUND before its time: send no more, count what came in, erase every single answer.

    Example: flask round stop 3 --yes
    """
    with transaction() as session:
        mail.stop_round(session, find(session, round_id), clock.now())
    outcome = results.close(round_id)
    click.echo(f"{round_id}\tstopped\t{outcome.figures} figures published")


@group.command("move-close")
@click.argument("round_id", metavar="ROUND", type=int)
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
def move_close_command(round_id: int, day: datetime) -> None:
    """Let an open ROUND close on another date: the one thing of it that may change.

    Example: flask round move-close 3 2026-12-11
    """
    with transaction() as session:
        mail.move_closing_day(session, find(session, round_id), day.date(), clock.now())
    click.echo(f"Round {round_id} closes on {day_of(day.date())}.")


@group.command("close")
@click.argument("round_id", metavar="ROUND", type=int)
def close_command(round_id: int) -> None:
    """Close ROUND by hand: count, publish, and erase every single answer.

    Example: flask round close 3
    """
    outcome = results.close(round_id)
    click.echo(f"{round_id}\t{outcome.state}\t{outcome.figures} figures published")


@group.command("abandon")
@click.argument("round_id", metavar="ROUND", type=int)
@click.confirmation_option(prompt="Everything that was answered in this round is lost for good. Give it up?")
def abandon_command(round_id: int) -> None:
    """Give up ROUND, whose keys are lost: its answers cannot be counted by anybody any more.

    Nothing of it is published, everything that was answered in it is erased, and the pulse goes on with its
    next date. A round whose keys are there is closed, not abandoned.

    Example: flask round abandon 3
    """
    results.abandon(round_id)
    click.echo(
        f"{round_id}\tabandoned\tIts answers are lost; nothing was published. "
        "Tell the people who were asked: nobody has read what they answered, and nobody can."
    )


def find(session: Session, round_id: int) -> Round:
    """The round of that id, or a sentence."""
    found = session.get(Round, round_id)
    if found is None:
        raise click.ClickException(f"There is no round {round_id}. See `flask round list`.")
    return found
