"""Which round, invitation or key is meant, and which rounds are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.rounds.keys import destroy_box_key, destroy_link_key, link_key, stored_keys
from pulse.rounds.links import HALF, Choice, handle_sha256, read_token
from pulse.rounds.tables import Invitation, Round

ORPHANED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class FoundLink:
    """An answer link of an open round, and what it stands for."""

    invitation: Invitation
    round: Round
    choice: Choice


def find_invitation(session: Session, token: str) -> FoundLink | None:
    """What an answer link leads to; None for anything that is not a live link of an open round."""
    token = token.lower()
    if len(token) != 2 * HALF or not token.isascii():
        return None
    found = session.execute(
        select(Invitation, Round)
        .join(Round, Round.id == Invitation.round_id)
        .where(Invitation.handle_sha256 == handle_sha256(token[:HALF]), Round.state == "open")
    ).first()
    key = link_key(found[1].uid) if found else None
    choice = read_token(key, token) if key else None
    if found is None or choice is None:
        return None
    return FoundLink(found[0], found[1], choice)


def due_rounds_to_close(session: Session, now: datetime) -> list[int]:
    """Rounds whose time is up, and rounds whose close or erasure was interrupted."""
    return list(
        session.scalars(
            select(Round.id)
            .where(Round.erased_at.is_(None), (Round.closes_at <= now) | (Round.state != "open"))
            .order_by(Round.id)
        )
    )


def rounds_to_report(session: Session) -> list[int]:
    """Closed rounds whose reports have not been asked for."""
    return list(
        session.scalars(
            select(Round.id).where(Round.state == "closed", Round.reports_queued_at.is_(None)).order_by(Round.id)
        )
    )


def key_problems(session: Session, now: datetime) -> list[str]:
    """What is not well with KEY_DIR, in sentences."""
    held = stored_keys()
    problems = []
    for asked in session.scalars(select(Round).where(Round.erased_at.is_(None))):
        if asked.state in ("open", "closing") and not {f"{asked.uid}.box", f"{asked.uid}.link"} <= held.keys():
            problems.append(f"The keys of round {asked.id} are not in KEY_DIR. Put them back, or its answers are lost.")
        if asked.closes_at < now - timedelta(days=1):
            problems.append(f"Round {asked.id} should have closed on {asked.closes_at:%d %B}. See the log.")
    return problems


def sweep_orphan_keys(session: Session) -> int:
    """Destroy keys that belong to no round in need of them: an opening that never committed, or a closed round."""
    needed = set(session.scalars(select(Round.uid).where(Round.erased_at.is_(None))))
    old = (clock.now() - ORPHANED_AFTER).timestamp()
    swept = 0
    for name, path in stored_keys().items():
        uid, kind = name.rsplit(".", 1)
        if uid not in needed and kind in {"box", "link"} and path.stat().st_mtime < old:
            (destroy_box_key if kind == "box" else destroy_link_key)(uid)
            swept += 1
    return swept
