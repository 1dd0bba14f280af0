"""What a closed round published, for a screen: the overview that the administrator also has as a PDF."""

from __future__ import annotations

from flask import Response
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from pulse import reports
from pulse.database import reading
from pulse.reports import Report
from pulse.rounds import Round
from pulse.web.admin.door import blueprint, page, signed_in


@blueprint.get("/rounds/<int:round_id>/overview")
def round_overview(round_id: int) -> Response:
    """The organisation in one closed round: balance, change, where it sinks, who heard something back."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        asked = session.scalars(select(Round).where(Round.id == round_id, Round.closed_at.is_not(None))).one_or_none()
        if asked is None:
            raise NotFound
        found = reports.overview_for(session, round_id, asked.root_path)
        paper = session.scalars(
            select(Report.id).where(
                Report.round_id == round_id,
                Report.kind == "overview",
                Report.team_path == asked.root_path,
                Report.state == "built",
                Report.request_id.is_(None),
            )
        ).first()
    return page(
        "round_overview.html",
        section="rounds",
        round_id=round_id,
        overview=found,
        say=reports.OverviewSayings(me.words, found),
        paper=paper,
        body=reports.overview_on_screen(found, me.language),
    )
