"""Reports asked for, drawn, kept and put in the post; a report that fails holds up no other."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.database import claim, lapsed, reading, step, transaction
from pulse.giveback import request_give_back
from pulse.reports.gathering import ReportRefused, file_name, page_for
from pulse.reports.posting import post_ready, readers
from pulse.reports.render import RenderFailed, press
from pulse.reports.tables import Report
from pulse.rounds import Round, RoundLead, RoundTeam

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
BATCH = 10
MOST_TRIES = 3
TRY_AGAIN = timedelta(minutes=1)


def queue_reports(round_id: int) -> int:
    """Ask for every report that some manager reads, once; returns how many were asked for."""
    now = clock.now()
    with transaction() as session:
        asked = session.get_one(Round, round_id, with_for_update=True)
        if asked.closed_at is None or asked.reports_queued_at is not None:
            return 0
        wanted: set[tuple[str, str, int | None]] = set()
        names = dict(
            session.execute(select(RoundTeam.path, RoundTeam.name).where(RoundTeam.round_id == round_id)).all()
        )
        reading_it = readers(session, asked)
        for lead in session.scalars(select(RoundLead).where(RoundLead.round_id == round_id)):
            request = request_give_back(session, asked, lead, lead.team_path, names[lead.team_path])
            own, *below = reading_it.teams(lead.team_path, lead.person_id)
            wanted.add((own, lead.language, request.id))
            wanted |= {(path, lead.language, None) for path in below}
        for path, language, request_id in sorted(wanted, key=lambda copy: (*copy[:2], copy[2] or 0)):
            session.add(
                Report(
                    organisation_id=asked.organisation_id,
                    round_id=round_id,
                    team_path=path,
                    language=language,
                    request_id=request_id,
                    created_at=now,
                    due_at=now,
                )
            )
        asked.reports_queued_at = now
        return len(wanted)


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


def build_pdf(session: Session, round_id: int, team_path: str, language: str, request_id: int | None = None) -> bytes:
    """One team's two pages; the session is closed before they are drawn."""
    page = page_for(session, round_id, team_path, language, request_id)
    session.close()
    return press().draw(page)


def write_reports(round_id: int, out: Path, team_path: str | None) -> Iterator[Path]:
    """Write PDFs into a folder: one team's, or those of every team with a manager."""
    with reading() as session:
        asked = session.get(Round, round_id)
        if asked is None:
            raise ReportRefused(f"There is no round {round_id}. See: flask round list.")
        leads = session.execute(
            select(RoundLead.team_path, RoundLead.language).where(RoundLead.round_id == round_id)
        ).all()
        wanted = sorted({(path, language) for path, language in leads if team_path in (None, path)})
        period = asked.period
    if team_path is not None and not wanted:
        wanted = [(team_path, "nl")]
    out.mkdir(parents=True, exist_ok=True)
    for path, language in wanted:
        with reading() as session:
            content = build_pdf(session, round_id, path, language)
        file = out / file_name(path, period, language)
        file.write_bytes(content)
        yield file


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
            content = build_pdf(session, report.round_id, report.team_path, report.language, report.request_id)
        digest = mail.store(content)
    except (RenderFailed, ReportRefused) as error:
        return _failed(report, str(error))
    except Exception as error:
        log.exception("Report %d could not be made.", report.id)
        return _failed(report, f"The report could not be made ({type(error).__name__}). The log says more.")
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
