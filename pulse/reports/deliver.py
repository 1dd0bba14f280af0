"""Reports asked for, drawn, kept and put in the post; a report that fails holds up no other."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.database import claim, lapsed, reading, step, transaction
from pulse.giveback import request_give_back
from pulse.reports.gathering import ReportRefused
from pulse.reports.making import build_pdf
from pulse.reports.posting import overview_read, post_ready
from pulse.reports.readers import readers
from pulse.reports.render import RenderFailed
from pulse.reports.tables import Report
from pulse.roster import Organisation
from pulse.rounds import Round, RoundLead, RoundTeam

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
BATCH = 4
MOST_TRIES = 3
TRY_AGAIN = timedelta(minutes=1)
_FIRST = ("team", "overview", "below")
"""The order in which a round's reports are made."""


def queue_reports(round_id: int) -> int:
    """Ask for every report that some manager reads, once; returns how many were asked for."""
    now = clock.now()
    with transaction() as session:
        asked = session.get_one(Round, round_id, with_for_update=True)
        if asked.closed_at is None or asked.reports_queued_at is not None:
            return 0
        wanted = _wanted(session, asked)
        for kind, path, language, request_id in sorted(wanted, key=lambda one: (_FIRST.index(one[0]), one[1], one[2])):
            session.add(
                Report(
                    organisation_id=asked.organisation_id,
                    round_id=round_id,
                    kind=kind,
                    team_path=path,
                    language=language,
                    request_id=request_id,
                    created_at=now,
                    due_at=now,
                )
            )
        asked.reports_queued_at = now
        return len(wanted)


def _wanted(session: Session, asked: Round) -> set[tuple[str, str, str, int | None]]:
    """Kind, path, language and whose: what managers get by mail, and what their administrator can fetch."""
    language = session.get_one(Organisation, asked.organisation_id).language
    names = dict(session.execute(select(RoundTeam.path, RoundTeam.name).where(RoundTeam.round_id == asked.id)).all())
    known = readers(session, asked)
    wanted: set[tuple[str, str, str, int | None]] = {("overview", asked.root_path, language, None)}
    wanted |= {("team", path, language, None) for path in known.worth}
    for lead in session.scalars(select(RoundLead).where(RoundLead.round_id == asked.id)):
        request = request_give_back(session, asked, lead, lead.team_path, names[lead.team_path])
        wanted.add(("team", lead.team_path, lead.language, request.id))
        if known.in_one_file(lead.team_path, lead.person_id):
            wanted.add(("below", lead.team_path, lead.language, request.id))
        if overview_read(known, lead.team_path, lead.person_id):
            wanted.add(("overview", lead.team_path, lead.language, None))
    return wanted


def drain_reports(limit: int = 200, budget_seconds: float = 50) -> Counter[str]:
    """Draw what is due and post what is complete; returns how many reports came to which end."""
    done: Counter[str] = Counter()
    end = time.monotonic() + budget_seconds
    while done.total() < limit and time.monotonic() < end:
        reports = _claim(min(BATCH, limit - done.total()))
        for report in reports:
            done[_build(report)] += 1
        if not reports:
            break
    done["posted"] += post_ready()
    return +done


def _claim(limit: int) -> list[Report]:
    now = clock.now()
    due = ((Report.state == "queued") & (Report.due_at <= now)) | lapsed(Report, "claimed", now)
    with transaction() as session:
        return claim(session, Report, due, order_by=Report.due_at, limit=limit, lease=LEASE, now=now)


def _build(report: Report) -> str:
    if report.attempt > MOST_TRIES:
        return _failed(report, "Drawing this report ended its worker more than once, so it is not tried again.")
    try:
        with reading() as session:
            content = build_pdf(session, report)
        digest = mail.store(content)
    except (RenderFailed, ReportRefused, mail.StoreAway) as error:
        return _failed(report, str(error))
    except Exception:
        log.exception("Report %d could not be made.", report.id)
        return _failed(report, "The report could not be made. The log of the worker says why.")
    with transaction() as session:
        held = step(
            session,
            Report,
            report.id,
            report.attempt,
            holding="claimed",
            state="built",
            built_at=clock.now(),
            sha256=digest,
            reason=None,
            lease_until=None,
        )
    return "built" if held else "lost"


def _failed(report: Report, reason: str) -> str:
    """Try again a little later; after three tries it has failed, and says why."""
    state = "failed" if report.attempt >= MOST_TRIES else "queued"
    with transaction() as session:
        held = step(
            session,
            Report,
            report.id,
            report.attempt,
            holding="claimed",
            state=state,
            reason=reason,
            due_at=clock.now() + TRY_AGAIN * report.attempt,
            lease_until=None,
        )
    return ("failed" if state == "failed" else "retried") if held else "lost"
