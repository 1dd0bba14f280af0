"""Reports written into a folder, by as many children at once as there are processors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from pulse.database import reading
from pulse.reports.gathering import ReportRefused
from pulse.reports.making import pages_of
from pulse.reports.posting import attachment_name
from pulse.reports.readers import readers
from pulse.reports.render import Press
from pulse.reports.tables import Report
from pulse.roster import Organisation
from pulse.rounds import Round


def reports_to_write(round_id: int, team_path: str | None) -> list[Report]:
    """One team's report, or the overview and that of every team that has one; raises ReportRefused.

    Copies without a manager's own link, in the organisation's language. None of them is asked for in the
    database: that is for what is mailed.
    """
    with reading() as session:
        asked = session.get(Round, round_id)
        if asked is None:
            raise ReportRefused(f"There is no round {round_id}. See: flask round list.")
        language = session.get_one(Organisation, asked.organisation_id).language
        wanted = [("team", team_path)] if team_path is not None else [("overview", asked.root_path)]
        if team_path is None:
            wanted += [("team", path) for path in sorted(readers(session, asked).worth)]
    return [Report(round_id=round_id, kind=kind, team_path=path, language=language) for kind, path in wanted]


def write_reports(wanted: list[Report], out: Path) -> Iterator[Path]:
    """Draw each report and write it into a folder, in their order; raises ReportRefused, RenderFailed."""
    out.mkdir(parents=True, exist_ok=True)
    presses: SimpleQueue[Press] = SimpleQueue()
    made = [Press() for _ in range(min(len(wanted), os.cpu_count() or 1))]
    for press in made:
        presses.put(press)

    def write(report: Report) -> Path:
        with reading() as session:
            period = session.get_one(Round, report.round_id).period
            pages = pages_of(session, report)
        press = presses.get()
        try:
            content = press.draw(*pages)
        finally:
            presses.put(press)
        file = out / attachment_name(report, period)
        file.write_bytes(content)
        return file

    try:
        with ThreadPoolExecutor(len(made)) as pool:
            running = [pool.submit(write, report) for report in wanted]
            try:
                for each in running:
                    yield each.result()
            finally:
                for each in running:
                    each.cancel()
    finally:
        for press in made:
            press.close()
