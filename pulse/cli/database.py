"""`flask db …`."""

from __future__ import annotations

import click

from pulse.cli.refusal import Group
from pulse.database.migrations import upgrade

group = Group("db", help="The database's tables.")


@group.command("upgrade")
def upgrade_command() -> None:
    """Bring the database's tables up to this release.

    Example: flask db upgrade
    """
    click.echo(f"The database is at revision {upgrade()}.")
