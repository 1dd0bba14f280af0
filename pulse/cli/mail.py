"""`flask mail …`."""

from __future__ import annotations

import click

from pulse import tick
from pulse.cli.refusal import Group

group = Group("mail", help="The outbox.")


@group.command("send")
def send() -> None:
    """Send the mail that is due, in this process, even if the mail server was away just now.

    Example: flask mail send
    """
    done = tick.drain_mail(insist=True)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(done.items())) or "Nothing was due.")
