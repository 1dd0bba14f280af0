"""What one asked-for report is made of: its pages as HTML, drawn in a process of their own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.giveback import GiveBackRequest
from pulse.locale import translator
from pulse.reports.gathering import page_for
from pulse.reports.overview_gathering import overview_page_for
from pulse.reports.readers import readers
from pulse.reports.render import press
from pulse.reports.tables import Report
from pulse.roster import Organisation
from pulse.rounds import Round
from pulse.templating import environment


def pages_of(session: Session, report: Report) -> list[str]:
    """The report's documents as HTML: one, or a cover and each team below its manager."""
    if report.kind == "overview":
        return [overview_page_for(session, report.round_id, report.team_path, report.language)]
    if report.kind == "below":
        return _below(session, report)
    return [page_for(session, report.round_id, report.team_path, report.language, report.request_id)]


def build_pdf(session: Session, report: Report) -> bytes:
    """The report's PDF; the session is closed before it is drawn."""
    pages = pages_of(session, report)
    session.close()
    return press().draw(*pages)


def _below(session: Session, report: Report) -> list[str]:
    """A cover that names the teams, then the copy of each that carries nobody's link."""
    asked = session.get_one(Round, report.round_id)
    person = session.scalars(select(GiveBackRequest.person_id).where(GiveBackRequest.id == report.request_id)).one()
    known = readers(session, asked)
    teams = known.in_one_file(report.team_path, person)
    cover = (
        environment("report", report.language)
        .get_template("below.html")
        .render(
            organisation=asked.organisation_name,
            colour=session.get_one(Organisation, asked.organisation_id).colour,
            name=report.team_path.rsplit(" / ", 1)[-1],
            teams=[path.removeprefix(f"{report.team_path} / ") for path in teams],
            more=len(known.teams(report.team_path, person)) - 1 - len(teams),
            period=asked.period,
            day=translator(report.language).day(asked.closed_at) if asked.closed_at else "",
            closed_on=asked.closed_at.date().isoformat() if asked.closed_at else "",
        )
    )
    return [cover, *(page_for(session, report.round_id, path, report.language) for path in teams)]
