"""For operators: is it alive, is it ready, and how does it do. Counts only; no name, address or token."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

from flask import Blueprint, Response, request
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from pulse import clock, tick
from pulse.database import Heartbeat, reading
from pulse.mail import Message, round_mail
from pulse.reports import Report
from pulse.rounds import Round

blueprint = Blueprint("operations", __name__)

FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")
NO_DATABASE: Final = "The database does not answer. Look at DATABASE_URL and whether the server runs.\n"


@blueprint.get("/healthz")
def health() -> Response:
    """200 when all is well; 503 with a sentence for each thing that is not."""
    try:
        with reading() as session:
            problems = tick.health(session, clock.now())
    except SQLAlchemyError:
        return _text(NO_DATABASE, 503)
    return _text("\n".join(problems) + "\n", 503) if problems else _text("All is well.\n")


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when this process can answer people: the database is there and migrated."""
    try:
        with reading() as session:
            session.scalars(select(Heartbeat.queue).limit(1)).first()
    except SQLAlchemyError:
        return _text(NO_DATABASE, 503)
    return _text("Ready.\n")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus' text format, for whoever asks from this machine itself."""
    if not _from_this_machine():
        raise NotFound
    with reading() as session:
        lines = exposition(session, clock.now())
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4; charset=utf-8")


def exposition(session: Session, now: datetime) -> list[str]:
    """All metrics, each with what it means."""
    lines: list[str] = []
    for name, label, column, help_text in (
        ("ruil_messages", "state", Message.state, "Mails by state."),
        ("ruil_rounds", "state", Round.state, "Rounds by state."),
        ("ruil_reports", "state", Report.state, "Reports by state."),
    ):
        lines += [f"# HELP {name} {help_text}", f"# TYPE {name} gauge"]
        rows = session.execute(select(column, func.count()).group_by(column).order_by(column))
        lines += [f'{name}{{{label}="{value}"}} {count}' for value, count in rows]
    lines += _round_mails(session, now)
    resent = session.scalar(select(func.count(Message.id)).where(Message.resent)) or 0
    unknown = session.scalar(select(func.count(Message.id)).where((Message.state == "unknown") | Message.resent)) or 0
    oldest = session.scalar(select(func.min(Message.due_at)).where(Message.state == "queued", Message.due_at <= now))
    lines += _counter("ruil_mail_unknown_total", "Mails whose fate the server never told.", unknown)
    lines += _counter("ruil_mail_resent_total", "Mails of unknown fate that were sent once more.", resent)
    lines += _gauge("ruil_mail_oldest_due_seconds", "How long the oldest due mail has waited.", _age(oldest, now))
    lines += [
        "# HELP ruil_heartbeat_age_seconds Time since a queue did its work.",
        "# TYPE ruil_heartbeat_age_seconds gauge",
    ]
    for beat in session.scalars(select(Heartbeat).order_by(Heartbeat.queue)):
        lines.append(f'ruil_heartbeat_age_seconds{{queue="{beat.queue}"}} {_age(beat.beat_at, now):.0f}')
    lines += _gauge("ruil_problems", "Sentences that /healthz would say.", len(tick.health(session, now)))
    return lines


def _round_mails(session: Session, now: datetime) -> list[str]:
    """The invitations of the open rounds: closed ones do not change, and would grow with history."""
    name = "ruil_round_mails"
    lines = [f"# HELP {name} Invitations of open rounds by fate.", f"# TYPE {name} gauge"]
    waits = ["# HELP ruil_round_oldest_due_seconds How long an open round's oldest due invitation has waited."]
    waits += ["# TYPE ruil_round_oldest_due_seconds gauge"]
    for round_id in session.scalars(select(Round.id).where(Round.state.in_(("open", "closing"))).order_by(Round.id)):
        standing = round_mail(session, round_id, now)
        lines += [f'{name}{{round="{round_id}",fate="{fate}"}} {count}' for fate, count in standing.counts.items()]
        waited = standing.waiting(now).total_seconds()
        waits.append(f'ruil_round_oldest_due_seconds{{round="{round_id}"}} {waited:.0f}')
    return lines + waits


def _counter(name: str, help_text: str, value: int) -> list[str]:
    return [f"# HELP {name} {help_text}", f"# TYPE {name} counter", f"{name} {value}"]


def _gauge(name: str, help_text: str, value: float) -> list[str]:
    return [f"# HELP {name} {help_text}", f"# TYPE {name} gauge", f"{name} {value:.0f}"]


def _age(since: datetime | None, now: datetime) -> float:
    if since is None:
        return 0.0
    aware = since if since.tzinfo else since.replace(tzinfo=UTC)
    return max(0.0, (now - aware).total_seconds())


def _from_this_machine() -> bool:
    """A proxy on this machine also comes from loopback, but says for whom it asks."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _text(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/plain")
