"""Telling administrators, each thing once; a problem that is over and comes back is told again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import mail
from pulse.accounts import Administrator
from pulse.alerts.noticing import Notice
from pulse.alerts.tables import Alert
from pulse.database import held, insert_into
from pulse.locale import translator

QUIET = timedelta(days=1)
"""A problem that comes and goes is told once a day at most."""
ONCE = ("coming:", "opened:", "skipped:")
"""What happens once is never over."""


def tell(session: Session, notices: Iterable[Notice], now: datetime) -> int:
    """Queue what was not told yet, to every administrator; returns how many mails. Problems that are over settle."""
    here = {(notice.organisation_id, notice.about): notice for notice in notices}
    standing = {
        (alert.organisation_id, alert.about): alert
        for alert in session.scalars(select(Alert).where(Alert.standing.is_not(None)))
    }
    if not held(session):
        _settle(session, [alert for key, alert in standing.items() if key not in here], now)
    return sum(_tell(session, notice, now) for key, notice in here.items() if key not in standing)


def _settle(session: Session, gone: Iterable[Alert], now: datetime) -> None:
    """What is over may be told again one day. A mail that still waits to tell of it would not be true any more.

    Only that mail had to wait is told when it is over.
    """
    over = [alert for alert in gone if not alert.about.startswith(ONCE)]
    for alert in over:
        alert.standing, alert.settled_at = None, now
    mail.withdraw_alerts(session, [alert.id for alert in over if alert.about != "waiting"], now)
    session.flush()


def _tell(session: Session, notice: Notice, now: datetime) -> int:
    lately = select(Alert.id).where(
        Alert.organisation_id == notice.organisation_id, Alert.about == notice.about, Alert.settled_at > now - QUIET
    )
    if session.scalar(lately.limit(1)) is not None:
        return 0
    alert_id = _raise(session, notice, now)
    if alert_id is None:
        return 0
    administrators = session.scalars(
        select(Administrator).where(Administrator.organisation_id == notice.organisation_id).order_by(Administrator.id)
    )
    return sum(
        mail.queue(
            session,
            kind=notice.kind,
            about_id=alert_id,
            number=administrator.id,
            organisation_id=notice.organisation_id,
            address=administrator.email,
            recipient="",
            language=administrator.language,
            due_at=now,
            expires_at=notice.until,
            facts=notice.facts(translator(administrator.language)),
        )
        for administrator in administrators
    )


def _raise(session: Session, notice: Notice, now: datetime) -> int | None:
    """The alert's number; None where another tick raised it at the same moment."""
    return session.scalar(
        insert_into(session.connection(), Alert)
        .values(organisation_id=notice.organisation_id, about=notice.about, standing=notice.about, raised_at=now)
        .on_conflict_do_nothing(index_elements=["organisation_id", "standing"])
        .returning(Alert.id)
    )
