"""`flask report …` and `flask export …`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pulse import results
from pulse.cli.refusal import Group
from pulse.database import reading
from pulse.reports import write_reports

group = Group("report", help="The PDFs of what is published.")
export = Group("export", help="What was published, for other programs.")


@group.command("build")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--team", "team_path", help="One team's path; default: the overview, and every team that has a report.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def build(round_id: int, team_path: str | None, out: Path) -> None:
    """Write the PDFs of ROUND into a folder.

    Example: flask report build 3 --team "Zorg / Wijkteam Noord" --out /tmp/reports
    """
    for path in write_reports(round_id, out, team_path):
        click.echo(path)


@export.command("figures")
@click.option("--round", "round_id", type=int, help="One round; default: all.")
def figures(round_id: int | None) -> None:
    """Print every figure that was ever published, one JSON object a line.

    Example: flask export figures --round 3
    """
    with reading() as session:
        for line in results.export_lines(session, None, round_id):
            click.echo(json.dumps(line, ensure_ascii=False))
