"""One mail to each manager after a round, however many teams they lead.

For each team they lead at most three files: its two pages, with its own give-back link, to be handed to that
team and no other; an overview of what is below it; and the pages of the teams below, in one file with
bookmarks. A director over sixty teams gets three files and not sixty.
"""

from __future__ import annotations

from collections import Counter
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
from pulse.reports.readers import WORTH_AN_OVERVIEW, Readers, readers
from pulse.reports.tables import Report
from pulse.reports.words import Sayings
from pulse.rounds import Round

RECENT = timedelta(days=2)
"""Reports built within this time may still wait for their mail, if a worker died in between."""
PATIENCE = timedelta(hours=4)
"""After the reports were asked for; a mail waits no longer for one of its reports, only for the first."""
HEAVIEST = 12_000_000
"""Bytes of PDFs in one mail; mailboxes refuse more."""
KINDS = ("team", "overview", "below")
"""The order of the files in a mail: each team's own pages, then overviews, then the pages below."""


@dataclass(frozen=True)
class _Post:
    """What one manager gets after one round."""

    requests: list[GiveBackRequest]
    """One for each team they lead, in the order of the tree."""
    reports: list[Report]
    """All that are asked for, in the order of a mail."""

    @property
    def built(self) -> list[Report]:
        return [report for report in self.reports if report.state == "built"]

    @property
    def missing(self) -> list[str]:
        """Teams whose own pages are not among what is made."""
        there = {report.team_path for report in self.built if report.kind == "team"}
        names = Counter(request.team_name for request in self.requests)
        return [
            request.team_name if names[request.team_name] == 1 else request.team_path
            for request in self.requests
            if request.team_path not in there
        ]

    def ready(self, *, waited: bool) -> bool:
        """Whether nothing is still to be made, or was `waited` for long enough; never without any team's own pages."""
        settled = waited or all(report.state in ("built", "failed") for report in self.reports)
        return settled and len(self.missing) < len(self.requests)


def post_ready() -> int:
    """Queue the mail of every manager whose reports are made; returns how many were queued."""
    since = clock.now() - RECENT
    with reading() as session:
        rounds = session.scalars(
            select(Report.round_id).where(Report.state == "built", Report.built_at > since).distinct()
        ).all()
        ready = [letter for round_id in rounds for letter in _ready(session, session.get_one(Round, round_id))]
    queued = 0
    if ready:
        with transaction() as session:
            queued = sum(mail.queue(session, **letter) for letter in ready)
    return queued


def _ready(session: Session, asked: Round) -> list[dict[str, Any]]:
    """The mails of a round that can be queued and are not yet."""
    waiting = _waiting(session, asked)
    if not waiting:
        return []
    known = readers(session, asked)
    own: dict[int, list[Report]] = {}
    overviews: dict[tuple[str, str], Report] = {}
    for report in session.scalars(select(Report).where(Report.round_id == asked.id)):
        if report.request_id is not None:
            own.setdefault(report.request_id, []).append(report)
        elif report.kind == "overview":
            overviews[report.team_path, report.language] = report
    waited = asked.reports_queued_at is not None and clock.now() > asked.reports_queued_at + PATIENCE
    ready = []
    for requests in waiting:
        found = [report for request in requests for report in own.get(request.id, [])]
        for request in requests:
            overview = overviews.get((request.team_path, request.language))
            if overview is not None and overview_read(known, request.team_path, request.person_id):
                found.append(overview)
        post = _Post(requests, sorted(found, key=lambda report: (KINDS.index(report.kind), report.team_path)))
        if post.ready(waited=waited):
            ready.append(_letter(session, asked, known, post))
    return ready


def _waiting(session: Session, asked: Round) -> list[list[GiveBackRequest]]:
    """The requests of each manager who has no mail yet, in the order of the tree; of nobody who was forgotten."""
    sent = (
        select(GiveBackRequest.person_id)
        .join(Message, (Message.about_id == GiveBackRequest.id) & (Message.kind == "report"))
        .where(GiveBackRequest.round_id == asked.id)
    )
    had = set(session.scalars(sent))
    theirs: dict[int, list[GiveBackRequest]] = {}
    for request in session.scalars(
        select(GiveBackRequest)
        .where(GiveBackRequest.round_id == asked.id, GiveBackRequest.email != "")
        .order_by(GiveBackRequest.team_path)
    ):
        if request.person_id not in had:
            theirs.setdefault(request.person_id, []).append(request)
    return list(theirs.values())


def overview_read(known: Readers, team_path: str, person_id: int) -> bool:
    """Whether a manager's mail holds the overview of the branch: of all of it, or of three teams or more."""
    return team_path == known.root or len(known.teams(team_path, person_id)) > WORTH_AN_OVERVIEW


def _letter(session: Session, asked: Round, known: Readers, post: _Post) -> dict[str, Any]:
    """The mail; about the first request of its manager, so that nobody gets two after one round."""
    first = min(post.requests, key=lambda request: request.id)
    carried = _as_heavy_as_a_mail_may_be(post.built)
    below = {report.team_path for report in carried if report.kind == "below"}
    words = translator(first.language)
    return {
        "kind": "report",
        "about_id": first.id,
        "organisation_id": asked.organisation_id,
        "address": first.email,
        "recipient": first.name,
        "language": first.language,
        "due_at": clock.now(),
        "round_id": asked.id,
        "facts": {
            "headlines": {
                str(request.id): Sayings(words, story_for(session, asked.id, request.team_path)).headline
                for request in post.requests
            },
            "overview": any(report.kind == "overview" for report in carried),
            "below": sum(len(known.in_one_file(path, first.person_id)) for path in below),
            "missing": post.missing,
            "left_out": len(post.built) - len(carried),
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
    """In their order, each that still fits; the mail says how many stay with the administrator."""
    carried: list[Report] = []
    room = HEAVIEST
    for report in reports:
        assert report.sha256 is not None
        size = mail.size_of(report.sha256)
        if size <= room:
            room -= size
            carried.append(report)
    return carried
