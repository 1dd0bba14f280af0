"""An open round of any size, written in bulk: people in teams, and what each of them answered, sealed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from pulse import clock, rounds
from pulse.answers import PRESSED, SealedAnswer
from pulse.answers.box import seal
from pulse.answers.circumstances import Circumstances, Cover, cluster
from pulse.database import transaction
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Invitation, Round, RoundTeam
from pulse.schedule import schedule_pulse

QUESTIONS = ("B", "R")
"""Two answers a person: the mail's, and the first of the page."""
SEALS = 500
"""Different seals; opening one takes as long whether another row holds it too or not."""
BATCH = 20_000
RESPONSE = 10, 8
"""Eight of ten answer."""
PEOPLE_A_DEPARTMENT = 20
"""Teams under one department."""


def crowd(people: int, teams: int) -> tuple[int, int]:
    """A round of so many people in so many teams of one organisation; its id, and how many answers it holds."""
    round_id = _round()
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        common = {"organisation_id": asked.organisation_id, "round_id": round_id}
        paths = _teams(session, common, teams, asked.root_path)
        first = (session.scalar(select(func.max(Invitation.id))) or 0) + 1
        for rows in _batches(_invitations(common, first, people, paths, asked)):
            session.execute(insert(Invitation), rows)
        _count_on(session, first + people)
        key = rounds.link_key(asked.uid)
        assert key is not None
        count = 0
        for rows in _batches(_answers(asked, key, first, people, teams)):
            session.execute(insert(SealedAnswer), rows)
            count += len(rows)
        session.execute(update(Round).where(Round.id == round_id).values(closes_at=clock.now()))
    return round_id, count


def _round() -> int:
    """An organisation with one person, so that the round is opened by the product."""
    with transaction() as session:
        made = create_organisation(session, f"Bench {secrets.token_hex(4)}", "hr@bench.example")
        import_roster(session, made.id, b"email,team\nfirst@bench.example,Company")
        pulse = schedule_pulse(session, made.id, "Bench", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        today = clock.now().date()
        return rounds.open_round(session, pulse, today, {}, when=rounds.When(today, at=clock.now())).id


def _teams(session: Session, common: dict[str, Any], teams: int, root: str) -> list[str]:
    departments = [f"{root} / D{number}" for number in range(-(-teams // PEOPLE_A_DEPARTMENT))]
    paths = [f"{departments[number // PEOPLE_A_DEPARTMENT]} / T{number}" for number in range(teams)]
    session.execute(
        insert(RoundTeam),
        [
            {
                **common,
                "path": path,
                "parent_path": path.rsplit(" / ", 1)[0],
                "name": path.rsplit(" / ", 1)[1],
                "questions": list(QUESTIONS),
            }
            for path in [*departments, *paths]
        ],
    )
    return paths


def _invitations(
    common: dict[str, Any], first: int, people: int, paths: list[str], asked: Round
) -> Iterator[dict[str, Any]]:
    for number in range(people):
        path = paths[number % len(paths)]
        yield {
            **common,
            "id": first + number,
            "uid": secrets.token_hex(16),
            "person_id": None,
            "email": f"p{number}@bench.example",
            "name": "",
            "language": "nl",
            "timezone": "Europe/Amsterdam",
            "team_path": path,
            "counting_path": path,
            "send_at": asked.opens_at,
            "closes_at": asked.closes_at,
            "handle_sha256": secrets.token_hex(32),
        }


def _count_on(session: Session, following: int) -> None:
    """Rows that came with their ids have not moved PostgreSQL's counter."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('invitation_id_seq', :following, false)"), {"following": following})


def _answers(asked: Round, key: bytes, first: int, people: int, teams: int) -> Iterator[dict[str, Any]]:
    sealed = [seal(asked.public_key, number % 5) for number in range(SEALS)]
    cover = Cover(key)
    opened = (clock.now() - timedelta(hours=1)).timestamp()
    of, answer = RESPONSE
    for number in range(people):
        if (number + number // teams) % of >= answer:  # so of each team
            continue
        seen = cover.seal(Circumstances(opened, cluster(key, f"10.{number % 200}.1.1", "a browser"), b"link", "html"))
        visit = secrets.token_hex(8)
        for place, question in enumerate(QUESTIONS):
            yield {
                "organisation_id": asked.organisation_id,
                "invitation_id": first + number,
                "question": question,
                "visit": visit,
                "evidence": PRESSED,
                "circumstances": seen,
                "sealed": sealed[(7 * number + place) % SEALS],
            }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
