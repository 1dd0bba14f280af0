"""From the database to an overview: the branch's published figures, its tree, and what was given back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.giveback import told_to
from pulse.reports.gathering import story_for
from pulse.reports.overview import Overview, Place, overview_of
from pulse.reports.overview_pages import overview_page
from pulse.results import figures_of
from pulse.roster import Organisation
from pulse.rounds import Round, RoundLead, RoundTeam


def overview_for(session: Session, round_id: int, path: str) -> Overview:
    """The overview of the branch at `path` in one closed round; raises ReportRefused."""
    story = story_for(session, round_id, path)
    asked = session.get_one(Round, round_id)
    rounds = [
        (found.id, found.period)
        for found in session.execute(
            select(Round.id, Round.period)
            .where(Round.pulse_id == asked.pulse_id, Round.period <= asked.period, Round.closed_at.is_not(None))
            .order_by(Round.period)
        )
    ]
    led = set(session.scalars(select(RoundLead.team_path).where(RoundLead.round_id == round_id)))
    places = [
        Place(team.path, team.parent_path, team.path in led, team.promise is not None)
        for team in session.scalars(select(RoundTeam).where(RoundTeam.round_id == round_id).order_by(RoundTeam.path))
    ]
    return overview_of(
        story,
        figures_of(session, asked.organisation_id),
        rounds,
        places,
        told_to(session, asked.organisation_id),
        path,
        whole=path == asked.root_path,
        colour=session.get_one(Organisation, asked.organisation_id).colour,
    )


def overview_page_for(session: Session, round_id: int, path: str, language: str) -> str:
    """The HTML of an overview."""
    return overview_page(overview_for(session, round_id, path), language)
