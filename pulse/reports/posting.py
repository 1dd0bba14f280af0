"""One mail to each manager for each team they lead: its PDF, and those of the teams below it."""

from __future__ import annotations

from dataclasses import dataclass
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
from pulse.reports.tables import Report
from pulse.reports.words import Sayings
from pulse.results import Figure
from pulse.rounds import Round, RoundLead, RoundTeam

RECENT = timedelta(days=2)
"""Reports built within this time may still wait for their mail, if a worker died in between."""
HEAVIEST = 12_000_000
"""Bytes of PDFs in one mail; mailboxes refuse more. The nearest teams go first."""


@dataclass(frozen=True)
class Readers:
    """Who reads which reports of a round."""

    root: str
    leads: tuple[tuple[str, int], ...]
    """Team path and person."""
    worth: frozenset[str]
    """Teams that have a report: somebody leads them, or a figure is published under their name."""

    def teams(self, team_path: str, person_id: int) -> list[str]:
        """The manager's own team first, then those below it, nearest first.

        A team below that this manager also leads comes, with what is below it, in a mail of its own.
        """
        own = {path for path, person in self.leads if person == person_id} - {team_path}
        below = [
            path
            for path in self.worth
            if team_path in (above := self._above(path)) and not own & {path, *above[above.index(team_path) + 1 :]}
        ]
        return [team_path, *sorted(below, key=lambda path: (path.count(" / "), path))]

    def _above(self, path: str) -> list[str]:
        """All nodes above a path, from the root down."""
        if path == self.root:
            return []
        names = path.split(" / ")
        nodes = [" / ".join(names[:length]) for length in range(1, len(names))]
        return nodes if self.root in nodes else [self.root, *nodes]


def readers(session: Session, asked: Round) -> Readers:
    """The readers of a round, as its opening froze them."""
    leads = session.execute(select(RoundLead.team_path, RoundLead.person_id).where(RoundLead.round_id == asked.id))
    paths = set(session.scalars(select(RoundTeam.path).where(RoundTeam.round_id == asked.id)))
    blocks = set(session.scalars(select(Figure.block).where(Figure.round_id == asked.id, Figure.question == "B")))
    led = tuple((path, person) for path, person in leads)
    return Readers(asked.root_path, led, frozenset(paths & (blocks | {path for path, _ in led})))


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
    rows = session.scalars(select(Report).where(Report.round_id == asked.id))
    reports = {(report.team_path, report.language, report.request_id): report for report in rows}
    sent = select(Message.about_id).where(Message.kind == "report", Message.round_id == asked.id)
    waiting = session.scalars(
        select(GiveBackRequest).where(GiveBackRequest.round_id == asked.id, GiveBackRequest.id.not_in(sent))
    ).all()
    known = readers(session, asked) if waiting else None
    ready = []
    for request in waiting:
        assert known is not None
        own, *below = [(path, request.language) for path in known.teams(request.team_path, request.person_id)]
        copies = [reports.get((*own, request.id)) or reports.get((*own, None))]
        copies += [reports.get((*team, None)) for team in below]
        found = [report for report in copies if report is not None]
        if _complete(found, request.team_path):
            ready.append(_post(session, asked, request, [report for report in found if report.state == "built"]))
    return ready


def _complete(reports: list[Report], team_path: str) -> bool:
    """Whether nothing is still to be made, and the manager's own report has not failed."""
    if any(report.state not in ("built", "failed") for report in reports):
        return False
    return any(report.team_path == team_path and report.state == "built" for report in reports)


def _post(session: Session, asked: Round, request: GiveBackRequest, reports: list[Report]) -> dict[str, Any]:
    story = story_for(session, asked.id, request.team_path)
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
            "attachments": _attachments(reports, asked.period),
        },
    }


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
