"""Reports: the PDFs that managers got, to read again. They hold published figures only."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from flask import Response, send_file
from sqlalchemy import or_, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import mail
from pulse.database import reading, transaction
from pulse.reports import Report, ask_again
from pulse.rounds import Round
from pulse.web.admin.door import SignedIn, blueprint, done, page, signed_in

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReportLine:
    """One PDF, or why there is none."""

    id: int
    round_id: int
    period: str
    kind: str
    team: str
    language: str
    state: str
    reason: str


@blueprint.get("/reports")
def reports() -> Response:
    """All reports, by month, newest first."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        rows = session.execute(
            select(Report, Round.period)
            .join(Round, Round.id == Report.round_id)
            .where(or_(Report.request_id.is_(None), Report.state == "failed"))
            .order_by(Round.period.desc(), Report.round_id.desc(), Report.kind, Report.team_path, Report.language)
        )
        lines = [_line(row, period, me) for row, period in rows]
    return page("reports.html", section="reports", months=by_month(lines))


@blueprint.get("/reports/<int:report_id>.pdf")
def download(report_id: int) -> Response:
    """One PDF, if it is this organisation's and no manager's own: that one holds a link to speak in their name."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        found = session.execute(
            select(Report.sha256, Report.team_path, Round.period)
            .join(Round, Round.id == Report.round_id)
            .where(
                Report.id == report_id,
                Report.state == "built",
                Report.request_id.is_(None),
                Report.organisation_id == me.organisation_id,
            )
        ).one_or_none()
    if found is None or found.sha256 is None:
        raise NotFound
    try:
        content = mail.stored(found.sha256)
    except mail.FileMissing:
        return page("report_missing.html", 410, section="reports")
    except mail.StoreAway:
        log.exception("A report could not be fetched.")
        return page("report_away.html", 503, section="reports")
    name = file_name(found.team_path, found.period)
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=name)


@blueprint.post("/reports/<int:report_id>/again")
def report_again(report_id: int) -> AnyResponse:
    """Try a failed report once more."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        if not ask_again(session, report_id):
            raise NotFound
    return done(me.words.gettext("It is tried again within a minute."), "admin.reports")


def _line(row: Report, period: str, me: SignedIn) -> ReportLine:
    kind = "own" if row.request_id is not None else row.kind
    reason = me.words.gettext(row.reason) if row.reason else ""
    return ReportLine(row.id, row.round_id, period, kind, row.team_path, row.language, row.state, reason)


def by_month(lines: Iterable[ReportLine]) -> list[tuple[str, list[ReportLine]]]:
    """The lines under their month."""
    return [(period, list(group)) for period, group in groupby(lines, key=lambda line: line.period)]


def file_name(team_path: str, period: str) -> str:
    """A name that every file system takes, whatever a team is called."""
    plain = re.sub(r"[^\w]+", "-", team_path).strip("-")[:80] or "team"
    return f"ruil-{period}-{plain}.pdf"
