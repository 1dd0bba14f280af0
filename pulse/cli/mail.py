"""`flask mail …`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import LANGUAGES, settings
from pulse import accounts, clock, mail, returns, tick
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.rounds import Round

TRY_AGAIN = os.EX_TEMPFAIL
"""sysexits.h: a mail server that pipes a mail to us keeps it and comes back."""
MOST_READ = 30_000_000
FATES = ("queued", "accepted", "deferred", "bounced", "unknown", "cancelled")

group = Group("mail", help="The outbox.")


@group.command("send")
def send() -> None:
    """Send the mail that is due, in this process, even if the mail server was away just now.

    Example: flask mail send
    """
    done = tick.drain_mail(insist=True)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nothing was due.")


@group.command("status")
@click.argument("round_id", metavar="[ROUND]", type=int, required=False)
def status(round_id: int | None) -> None:
    """Print how the mail of ROUND stands, or that of every open round: counts, reasons, the oldest that waits.

    Example: flask mail status 3
    """
    now = clock.now()
    with reading() as session:
        chosen = Round.state.in_(("open", "closing")) if round_id is None else Round.id == round_id
        found = session.scalars(select(Round).where(chosen).order_by(Round.id)).all()
        if not found and round_id is not None:
            raise click.ClickException(f"There is no round {round_id}. See `flask round list`.")
        for asked in found:
            click.echo(f"Round {asked.id}, {asked.period}, {asked.state}:")
            for line in _lines(mail.round_mail(session, asked.id, now), now):
                click.echo(f"  {line}")
        for problem in mail.sender_problems(session):
            click.echo(problem)
    if not found:
        click.echo("No round is open.")


def _lines(standing: mail.RoundMail, now: datetime) -> Iterator[str]:
    for fate in FATES:
        yield f"{fate}\t{standing.counts.get(fate, 0)}"
        for reason, count in standing.reasons.get(fate, {}).items():
            yield f"  {count}\t{mail.REASONS[reason]}"
    yield f"sent once more\t{standing.resent}"
    yield f"oldest waiting\t{round(standing.waiting(now).total_seconds())} s"


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


@group.command("collect")
def collect() -> None:
    """Take in what lies in the mailbox of BOUNCE_IMAP_URL, in this process; the worker does so every minute.

    Example: flask mail collect
    """
    if settings().bounce_imap_url is None:
        raise click.ClickException("No mailbox is set. Set BOUNCE_IMAP_URL to imaps://user:password@host/INBOX.")
    try:
        done = returns.collect()
    except returns.MailboxUnread as error:
        raise click.ClickException(str(error)) from error
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nothing had come back.")
