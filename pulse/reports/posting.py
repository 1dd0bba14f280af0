"""One mail to each manager for each team they lead, with at most three files.

The two pages of their own team, with their own link; an overview of what is below; and the pages of the
teams below, in one file with bookmarks. A director over sixty teams gets three files and not sixty.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.giveback import GiveBackRequest
from pulse.locale import translator
from pulse.mail import Message
from pulse.reports.gathering import file_name, story_for
from pulse.reports.readers import WORTH_AN_OVERVIEW, Readers, readers
from pulse.reports.tables import Report
from pulse.reports.words import Sayings
from pulse.rounds import Round

RECENT = timedelta(days=2)
"""Reports built within this time may still wait for their mail, if a worker died in between."""
HEAVIEST = 12_000_000
"""Bytes of PDFs in one mail; mailboxes refuse more."""


def post_ready() -> int:
    """Queue the mail of every manager whose reports are all made; returns how many were queued."""
    since = clock.now() - RECENT
    with reading() as session:
        rounds = session.scalars(
            select(Report.round_id).where(Report.state == "built", Report.built_at > since).distinct()
        ).all()
        ready = [post for round_id in rounds for post in _ready(session, session.get_one(Round, round_id))]
    if ready:
        with transaction() as session:
            for post in ready:
                mail.queue(session, **post)
    return len(ready)


def _ready(session: Session, asked: Round) -> list[dict[str, Any]]:
    """The mails of a round that can be queued and are not yet."""
    sent = select(Message.about_id).where(Message.kind == "report", Message.round_id == asked.id)
    waiting = session.scalars(
        select(GiveBackRequest).where(GiveBackRequest.round_id == asked.id, GiveBackRequest.id.not_in(sent))
    ).all()
    if not waiting:
        return []
    theirs: dict[int, list[Report]] = {}
    overviews: dict[tuple[str, str], Report] = {}
    for report in session.scalars(select(Report).where(Report.round_id == asked.id).order_by(Report.kind.desc())):
        if report.request_id is not None:
            theirs.setdefault(report.request_id, []).append(report)
        elif report.kind == "overview":
            overviews[report.team_path, report.language] = report
    known = readers(session, asked)
    ready = []
    for request in waiting:
        found = theirs.get(request.id, [])
        overview = overviews.get((request.team_path, request.language))
        if overview is not None and overview_read(known, request.team_path, request.person_id):
            found = [*found[:1], overview, *found[1:]]
        if _complete(found):
            ready.append(_post(session, asked, known, request, [one for one in found if one.state == "built"]))
    return ready


def overview_read(known: Readers, team_path: str, person_id: int) -> bool:
    """Whether a manager's mail holds the overview of the branch: of all of it, or of three teams or more."""
    return team_path == known.root or len(known.teams(team_path, person_id)) > WORTH_AN_OVERVIEW


def _complete(reports: list[Report]) -> bool:
    """Whether nothing is still to be made, and the manager's own report has not failed."""
    if any(report.state not in ("built", "failed") for report in reports):
        return False
    return any(report.kind == "team" and report.state == "built" for report in reports)


def _post(
    session: Session, asked: Round, known: Readers, request: GiveBackRequest, reports: list[Report]
) -> dict[str, Any]:
    story = story_for(session, asked.id, request.team_path)
    carried = _as_heavy_as_a_mail_may_be(reports)
    below = known.in_one_file(request.team_path, request.person_id)
    return {
        "kind": "report",
        "about_id": request.id,
        "organisation_id": asked.organisation_id,
        "address": request.email,
        "recipient": request.name,
        "language": request.language,
        "due_at": clock.now(),
        "round_id": asked.id,
        "facts": {
            "headline": Sayings(translator(request.language), story).headline,
            "overview": any(report.kind == "overview" for report in carried),
            "below": len(below) if any(report.kind == "below" for report in carried) else 0,
            "attachments": [[report.sha256, attachment_name(report, asked.period)] for report in carried],
        },
    }


def attachment_name(report: Report, period: str) -> str:
    """What the file is called where it is saved."""
    words = translator(report.language).gettext
    path = report.team_path
    if report.kind == "overview":
        path += f" {words('overview')}"
    elif report.kind == "below":
        path += f" {words('teams below')}"
    return file_name(path, period, report.language)


def _as_heavy_as_a_mail_may_be(reports: list[Report]) -> list[Report]:
    """The manager's own pages first; what is too much for one mail stays with the administrator."""
    carried: list[Report] = []
    weight = 0
    for report in reports:
        assert report.sha256 is not None
        weight += mail.size_of(report.sha256)
        if carried and weight > HEAVIEST:
            break
        carried.append(report)
    return carried
