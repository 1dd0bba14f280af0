"""An organisation with an open round, and for everybody a link and a page that can be sent back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import time
from urllib.parse import urlencode

from sqlalchemy import select

from pulse import clock, rounds
from pulse.database import transaction
from pulse.database.migrations import upgrade
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Invitation, Round
from pulse.schedule import schedule_pulse
from pulse.web import visits


@dataclass(frozen=True)
class Asked:
    """Where somebody's answer goes, and what their page sends."""

    path: str
    body: str


def ask(people: int) -> list[Asked]:
    """A fresh database with `people` asked in teams of twenty."""
    upgrade()
    lines = ["email,name,team,role,language"]
    lines += [f"p{n}@bench.example,Person {n},Company / Team {n // 20},member,nl" for n in range(people)]
    with transaction() as session:
        organisation = create_organisation(session, f"Bench {secrets.token_hex(4)}", "hr@bench.example")
        import_roster(session, organisation.id, "\n".join(lines).encode())
        pulse = schedule_pulse(
            session, organisation.id, "Bench", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam"
        )
        opened = rounds.open_round(
            session, pulse, clock.now().date(), {}, when=rounds.When(clock.now().date(), at=clock.now())
        )
        return _links(session.scalars(select(Invitation).where(Invitation.round_id == opened.id)), opened)


def _links(invitations: object, opened: Round) -> list[Asked]:
    key = rounds.link_key(opened.uid)
    assert key is not None
    found = []
    for invitation in invitations:  # type: ignore[attr-defined]  # rows of a query
        token = rounds.token(key, rounds.handle(key, invitation.uid), 3, "html")
        body = urlencode({"visit": visits.begin(token, clock.now()), "option-B": "3"})
        found.append(Asked(f"/a/{token}", body))
    return found
