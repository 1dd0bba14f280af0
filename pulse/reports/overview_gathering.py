"""From the database to an overview: the branch's published figures, its tree, and what was given back."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.giveback import told_to
from pulse.reports.gathering import published_in, rounds_told, story_for
from pulse.reports.overview import Overview, Place, overview_of
from pulse.reports.overview_pages import overview_page
from pulse.roster import Organisation
from pulse.rounds import Round, RoundLead, RoundTeam

TOLD = ("B", "F")
"""The questions that an overview tells of each group: the balance, and what was noticed of a give-back."""


def overview_for(session: Session, round_id: int, path: str) -> Overview:
    """The overview of the branch at `path` in one closed round; raises ReportRefused."""
    story = story_for(session, round_id, path)
    asked = session.get_one(Round, round_id)
    rounds = rounds_told(session, asked)
    published = published_in(session, asked, rounds)
    led = set(session.scalars(select(RoundLead.team_path).where(RoundLead.round_id == round_id)))
    places = [
        Place(team.path, team.parent_path, team.path in led, team.promise is not None)
        for team in session.scalars(select(RoundTeam).where(RoundTeam.round_id == round_id).order_by(RoundTeam.path))
    ]
    return overview_of(
        story,
        [figure for round_id, _ in rounds for question in TOLD for figure in published.all(round_id, question)],
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
