"""`flask mail …`."""

from __future__ import annotations

import os
import sys

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import LANGUAGES
from pulse import accounts, mail, returns, tick
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.database import reading, transaction
from pulse.mail import Message

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


@group.command("test")
@click.argument("address")
@click.option("--organisation", help="Whose look the mail wears; not needed where there is only one.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the organisation's.")
def test(address: str, organisation: str | None, language: str | None) -> None:
    """Send one mail now, to see whether mail arrives, and print what the mail server said.

    Example: flask mail test hr@delinde.example
    """
    plain = accounts.plain_address(address)
    if plain is None:
        raise click.ClickException(f"{address!r} is no mail address. Write one such as hr@example.org.")
    with transaction() as session:
        found = named_or_only(session, organisation)
        if not mail.queue_test(session, found.id, plain, language or found.language):
            raise click.ClickException("That is enough tests for this hour. Wait a while, or look at the first ones.")
    tick.drain_mail(insist=True)
    with reading() as session:
        sent = session.scalars(
            select(Message).where(Message.kind == "test", Message.address == plain).order_by(Message.created_at.desc())
        ).first()
    if sent is None or sent.state != "accepted":
        said = (sent.reply if sent else None) or "The mail server did not answer. Look at SMTP_URL."
        raise click.ClickException(f"The mail did not go out. {said}")
    click.echo(f"The mail server took it ({sent.reply}). Look in the mailbox of {plain}, among unwanted mail too.")
