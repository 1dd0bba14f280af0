"""`flask tick` and `flask healthcheck`."""

from __future__ import annotations

import click

from pulse import clock
from pulse import tick as ticking
from pulse.cli.refusal import Command
from pulse.database import reading


@click.command("tick", cls=Command)
@click.option("--until-idle", is_flag=True, help="Go on until nothing more is due.")
def tick(until_idle: bool) -> None:
    """Do everything that is due now, in this process, without Celery. Safe at any time.

    Example: flask tick --until-idle
    """
    if until_idle:
        done = ticking.run_until_idle()
    else:
        done = ticking.run()
        done.update(ticking.drain_mail())
        done.update(ticking.drain_reports())
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nothing was due.")
    if done["failed"]:
        raise click.ClickException("A step failed; the log says why. The next tick tries it again.")


@click.command("healthcheck", cls=Command)
def healthcheck() -> None:
    """Exit 0 if all is well, else say what is not.

    Example: flask healthcheck
    """
    with reading() as session:
        problems = ticking.health(session, clock.now())
    if problems:
        raise click.ClickException(" ".join(problems))
    click.echo("All is well.")
