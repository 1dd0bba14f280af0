"""`flask report …` and `flask export …`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from pulse import results
from pulse.cli.refusal import Group
from pulse.database import reading
from pulse.reports import reports_to_write, write_reports

group = Group("report", help="The PDFs of what is published.")
export = Group("export", help="What was published, for other programs.")


@group.command("build")
@click.argument("round_id", metavar="ROUND", type=int)
@click.option("--team", "team_path", help="One team's path; default: the overview, and every team that has a report.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def build(round_id: int, team_path: str | None, out: Path) -> None:
    """Write the PDFs of ROUND into a folder, on all processors; a bar shows how far it is.

    Example: flask report build 3 --team "Zorg / Wijkteam Noord" --out /tmp/reports
    """
    wanted = reports_to_write(round_id, team_path)
    if not sys.stdout.isatty():
        for path in write_reports(wanted, out):
            click.echo(path)
        return
    from rich.progress import track

    for _ in track(write_reports(wanted, out), "Reports", len(wanted)):
        pass
    click.echo(f"{len(wanted)} written to {out}")


@export.command("figures")
@click.option("--round", "round_id", type=int, help="One round; default: all.")
def figures(round_id: int | None) -> None:
    """Print every figure that was ever published, one JSON object a line.

    Example: flask export figures --round 3
    """
    with reading() as session:
        for line in results.export_lines(session, None, round_id):
            click.echo(json.dumps(line, ensure_ascii=False))
