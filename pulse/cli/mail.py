"""`flask mail …`."""

from __future__ import annotations

import os
import sys

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from pulse import mail, returns, tick
from pulse.cli.refusal import Group

TRY_AGAIN = os.EX_TEMPFAIL
"""sysexits.h: a mail server that pipes a mail to us keeps it and comes back."""
MOST_READ = 30_000_000

group = Group("mail", help="The outbox.")


@group.command("send")
def send() -> None:
    """Send the mail that is due, in this process, even if the mail server was away just now.

    Example: flask mail send
    """
    done = tick.drain_mail(insist=True)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nothing was due.")


@group.command("bounce", cls=click.Command)
@click.option("--recipient", default="", help="The envelope's recipient, where the mail server knows it.")
@with_appcontext
def bounce(recipient: str) -> None:
    """Take in one mail that came back, from standard input; done (0) also for what is no bounce.

    Where it cannot be taken in now, the exit code is 75, so that the mail server tries again.

    Example: flask mail bounce --recipient "$ORIGINAL_RECIPIENT" < message.eml
    """
    content = sys.stdin.buffer.read(MOST_READ)
    try:
        click.echo(returns.take_in_and_say(content, recipient))
    except (mail.NotForwarded, SQLAlchemyError, OSError) as error:
        click.echo(f"This mail was not taken in; let the mail server try again. {error}", err=True)
        sys.exit(TRY_AGAIN)
