"""Organisations with closed rounds behind them, written straight into the tables: only their number matters here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from pulse import clock
from pulse.database import transaction
from pulse.mail import Message
from pulse.roster import Person, create_organisation, import_roster
from pulse.rounds import Invitation, Round
from pulse.schedule import Pulse, schedule_pulse


def add_organisations(count: int, people: int) -> list[Pulse]:
    """So many organisations of so many people, each with a pulse; the pulses."""
    pulses = []
    roster = "\n".join(["email,team", *(f"p{number}@example.org,Team {number // 10}" for number in range(people))])
    for number in range(count):
        with transaction() as session:
            made = create_organisation(session, f"Organisation {number}", "hr@example.org", "nl", "Europe/Amsterdam")
            import_roster(session, made.id, roster.encode())
            pulse = schedule_pulse(session, made.id, "M", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
            # Whatever the day on which this runs, nothing is due.
            pulse.due_at = clock.now() + timedelta(days=9)
            pulses.append(pulse)
    return pulses


def add_months(pulses: Iterable[Pulse], months_ago: Iterable[int]) -> None:
    """For each pulse and month a closed round, reported, with an accepted invitation for everybody."""
    opened = [clock.now() - timedelta(days=40 + 30 * back) for back in months_ago]
    for pulse in pulses:
        with transaction() as session:
            people = list(session.scalars(select(Person.id).where(Person.organisation_id == pulse.organisation_id)))
            for moment in opened:
                asked = _round(pulse, moment)
                session.add(asked)
                session.flush()
                session.execute(insert(Invitation), [_invitation(asked, person) for person in people])
                invited = session.scalars(select(Invitation.id).where(Invitation.round_id == asked.id)).all()
                session.execute(insert(Message), [_message(asked, one) for one in invited])


def _round(pulse: Pulse, opened: datetime) -> Round:
    closed = opened + timedelta(days=7)
    return Round(
        uid=uuid.uuid4().hex,
        organisation_id=pulse.organisation_id,
        pulse_id=pulse.id,
        period=f"{opened:%Y-%m}-{opened:%d}",
        organisation_name="",
        root_path="",
        state="closed",
        opens_at=opened,
        closes_at=closed,
        opened_at=opened,
        closed_at=closed,
        erased_at=closed,
        reports_queued_at=closed,
        wording_version="1",
        public_key=b"",
    )


def _invitation(asked: Round, person: int) -> dict[str, Any]:
    return {
        "uid": uuid.uuid4().hex,
        "organisation_id": asked.organisation_id,
        "round_id": asked.id,
        "person_id": person,
        "email": f"p{person}@example.org",
        "name": "",
        "language": "nl",
        "timezone": "Europe/Amsterdam",
        "team_path": "",
        "counting_path": "",
        "send_at": asked.opens_at,
        "closes_at": asked.closes_at,
    }


def _message(asked: Round, invitation: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "organisation_id": asked.organisation_id,
        "kind": "invitation",
        "about_id": invitation,
        "round_id": asked.id,
        "address": "p@example.org",
        "language": "nl",
        "state": "accepted",
        "created_at": asked.opens_at,
        "due_at": asked.opens_at,
        "expires_at": asked.closes_at,
        "finished_at": asked.opens_at,
    }
