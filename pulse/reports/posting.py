"""One mail to each manager for each team they lead: its PDF, and those of the teams below it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.giveback import GiveBackRequest
from pulse.locale import translator
from pulse.mail import Message
from pulse.reports.gathering import file_name, story_for
from pulse.reports.tables import Report
from pulse.reports.words import Sayings
from pulse.results import Figure
from pulse.rounds import Round, RoundLead, RoundTeam

RECENT = timedelta(days=2)
"""Reports built within this time may still wait for their mail, if a worker died in between."""
HEAVIEST = 12_000_000
"""Bytes of PDFs in one mail; mailboxes refuse more. The nearest teams go first."""


def teams_read(session: Session, asked: Round, lead: RoundLead) -> list[str]:
    """The paths whose reports this manager reads: their own team first, then those below, nearest first.

    A team below has a report when somebody leads it or a figure is published under its name; one that
    this manager also leads comes with a mail of its own.
    """
    paths = set(session.scalars(select(RoundTeam.path).where(RoundTeam.round_id == asked.id)))
    leads = session.execute(
        select(RoundLead.team_path, RoundLead.person_id).where(RoundLead.round_id == asked.id)
    ).all()
    blocks = set(session.scalars(select(Figure.block).where(Figure.round_id == asked.id, Figure.question == "B")))
    worth = {path for path, _ in leads} | blocks
    own = {path for path, person in leads if person == lead.person_id} - {lead.team_path}
    below = {
        path
        for path in paths & worth
        if lead.team_path in _above(path, asked.root_path) and not own & {path, *_above(path, asked.root_path)}
    }
    return [lead.team_path, *sorted(below, key=lambda path: (path.count(" / "), path))]


def post_ready() -> int:
    """Queue the mail of every manager whose reports are all made; returns how many were queued."""
    since = clock.now() - RECENT
    with reading() as session:
        rounds = session.scalars(
            select(Report.round_id).where(Report.state == "built", Report.built_at > since).distinct()
        ).all()
    posted = 0
    for round_id in rounds:
        with transaction() as session:
            posted += _post_round(session, session.get_one(Round, round_id))
    return posted


def _post_round(session: Session, asked: Round) -> int:
    reports = {
        (report.team_path, report.language): report
        for report in session.scalars(select(Report).where(Report.round_id == asked.id))
    }
    sent = set(session.scalars(select(Message.about_id).where(Message.kind == "report", Message.round_id == asked.id)))
    requests = session.execute(
        select(GiveBackRequest, RoundLead)
        .join(
            RoundLead,
            (RoundLead.round_id == GiveBackRequest.round_id)
            & (RoundLead.team_path == GiveBackRequest.team_path)
            & (RoundLead.person_id == GiveBackRequest.person_id),
        )
        .where(GiveBackRequest.round_id == asked.id)
    ).all()
    posted = 0
    for request, lead in requests:
        if request.id not in sent:
            read = [reports.get((path, lead.language)) for path in teams_read(session, asked, lead)]
            posted += _post(session, asked, request, [report for report in read if report is not None])
    return posted


def _post(session: Session, asked: Round, request: GiveBackRequest, reports: list[Report]) -> bool:
    """Queue one mail, unless a report is still to be made or the manager's own has failed."""
    if any(report.state not in ("built", "failed") for report in reports):
        return False
    if not reports or reports[0].state != "built" or reports[0].team_path != request.team_path:
        return False
    story = story_for(session, asked.id, request.team_path, request.language)
    return mail.queue(
        session,
        kind="report",
        about_id=request.id,
        organisation_id=asked.organisation_id,
        address=request.email,
        recipient=request.name,
        language=request.language,
        due_at=clock.now(),
        round_id=asked.id,
        facts={
            "headline": Sayings(translator(request.language), story).headline,
            "attachments": _attachments([report for report in reports if report.state == "built"], asked.period),
        },
    )


def _attachments(reports: list[Report], period: str) -> list[list[str]]:
    """SHA-256 and file name of each PDF, as many as one mail can carry."""
    found: list[list[str]] = []
    weight = 0
    for report in reports:
        assert report.sha256 is not None
        weight += mail.file_of(report.sha256).stat().st_size
        if found and weight > HEAVIEST:
            break
        found.append([report.sha256, file_name(report.team_path, period, report.language)])
    return found


def _above(path: str, root: str) -> list[str]:
    """All nodes above a path, up to the root."""
    if path == root:
        return []
    names = path.split(" / ")
    return [root, *(" / ".join(names[:length]) for length in range(1, len(names)))]
