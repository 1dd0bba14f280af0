"""`flask roster …`."""

from __future__ import annotations

from pathlib import Path

import click

from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.database import transaction
from pulse.roster import ImportOutcome, TooManyLeaving, import_roster

group = Group("roster", help="Who works here, and in which team.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "name", help="Needed only where there are several.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--remove-missing", is_flag=True, help="People who are not in the file have left.")
@click.option("--allow-many", is_flag=True, help="With --remove-missing, also when over a tenth would leave.")
def import_command(file: Path, name: str | None, dry_run: bool, remove_missing: bool, allow_many: bool) -> None:
    """Import people and teams from FILE (CSV), all or nothing.

    Example: flask roster import people.csv --dry-run
    """
    try:
        with transaction() as session:
            organisation = named_or_only(session, name)
            outcome = import_roster(
                session,
                organisation.id,
                file.read_bytes(),
                remove_missing=remove_missing,
                dry_run=dry_run,
                allow_many=allow_many,
            )
    except TooManyLeaving as refusal:
        raise click.ClickException(f"{refusal} If they have all left, add --allow-many.") from refusal
    _show(outcome, dry_run)


def _show(outcome: ImportOutcome, dry_run: bool) -> None:
    for note in outcome.notes:
        click.echo(note)
    if outcome.dropped_columns:
        click.echo(f"Not kept, because Ruil does not need them: {', '.join(outcome.dropped_columns)}.")
    for title, lines in (
        ("New teams", outcome.teams_added),
        ("Added", outcome.added),
        ("Changed", outcome.changed),
        ("Left", outcome.left),
        ("Not in the file, kept as they are", outcome.missing),
    ):
        if lines:
            click.echo(f"{title}:")
            for line in lines:
                click.echo(f"  {line}")
    verb = "Would be" if dry_run else "Done:"
    click.echo(
        f"{verb} {len(outcome.added)} added, {len(outcome.changed)} changed, {len(outcome.left)} left"
        + (". Nothing was written." if dry_run else ".")
    )
