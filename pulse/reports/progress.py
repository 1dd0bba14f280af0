"""How far the making of reports has come, and asking for one again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.reports.tables import Report

ENOUGH_FOR_ONE = 20
"""Waiting reports from which on it pays to wake one more worker."""
MOST_WORKERS = 16


@dataclass(frozen=True)
class Progress:
    """Of one round's reports: how many are asked for, made, failed."""

    all: int
    made: int
    failed: int

    @property
    def waiting(self) -> int:
        """Still to be made."""
        return self.all - self.made - self.failed


def progress_of(session: Session, round_id: int) -> Progress:
    """How far a round's reports are."""
    rows = session.execute(
        select(Report.state, func.count()).where(Report.round_id == round_id).group_by(Report.state)
    ).all()
    by_state: dict[str, int] = dict(rows)
    return Progress(sum(by_state.values()), by_state.get("built", 0), by_state.get("failed", 0))


def workers_worth_waking(session: Session) -> int:
    """For how many workers at once there is work: one to look, and more for a round of many teams."""
    waiting = session.scalar(select(func.count()).where(Report.state == "queued", Report.due_at <= clock.now()))
    return min(MOST_WORKERS, 1 + (waiting or 0) // ENOUGH_FOR_ONE)


def ask_again(session: Session, report_id: int) -> bool:
    """Try a failed report once more from the start; False where there is no such report."""
    report = session.scalar(select(Report).where(Report.id == report_id, Report.state == "failed").with_for_update())
    if report is None:
        return False
    report.state, report.attempt, report.due_at, report.reason = "queued", 0, clock.now(), None
    return True
