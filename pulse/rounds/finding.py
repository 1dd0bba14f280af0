"""Which round, invitation or key is meant, and which rounds are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.rounds.keys import destroy_box_key, destroy_link_key, link_key, stored_keys
from pulse.rounds.links import HALF, Choice, handle_sha256, link_mark, read_token
from pulse.rounds.tables import Invitation, Round, RoundTeam

ORPHANED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class FoundLink:
    """An answer link of an open round: what it stands for, and what its pages say."""

    invitation_id: int
    organisation_id: int
    round_id: int
    choice: Choice
    mark: bytes
    """4 bytes that tell this link from the invitation's others, and nothing else."""
    secret: bytes
    """The round's link key; whatever is derived from it ends with the round."""
    public_key: bytes
    language: str
    timezone: str
    closes_at: datetime
    minimum_group: int
    questions: tuple[str, ...]
    """In the order asked."""
    promise: str | None
    group: str
    """The name of the group this person's answer counts in."""
    counting_path: str


def find_invitation(session: Session, token: str) -> FoundLink | None:
    """What an answer link leads to; None for anything that is not a live link of an open round."""
    return find_invitations(session, [token]).get(token)


def find_invitations(session: Session, tokens: Iterable[str], *, hold_open: bool = False) -> dict[str, FoundLink]:
    """The live links among `tokens`, each under the token as given.

    With `hold_open` their rounds cannot start to close before the transaction ends.
    """
    by_handle: dict[str, list[str]] = defaultdict(list)
    for token in tokens:
        if len(token) == 2 * HALF and token.isascii():
            by_handle[handle_sha256(token[:HALF].lower())].append(token)
    if not by_handle:
        return {}
    query = _LINKS.where(Invitation.handle_sha256.in_(by_handle)).order_by(Round.id)
    if hold_open:
        query = query.with_for_update(read=True, of=Round)
    found = {}
    for row in session.execute(query):
        for token in by_handle[row.handle_sha256]:
            link = _read_link(row, token.lower())
            if link is not None:
                found[token] = link
    return found


def people_counting_with(session: Session, link: FoundLink) -> int:
    """How many people are asked whose answers count in the same group."""
    return (
        session.scalar(
            select(func.count()).where(
                Invitation.round_id == link.round_id, Invitation.counting_path == link.counting_path
            )
        )
        or 0
    )


_LINKS = (
    select(
        Invitation.id,
        Invitation.organisation_id,
        Invitation.handle_sha256,
        Invitation.language,
        Invitation.timezone,
        Invitation.closes_at,
        Invitation.counting_path,
        Round.id.label("round_id"),
        Round.uid,
        Round.public_key,
        Round.minimum_group,
        RoundTeam.name,
        RoundTeam.questions,
        RoundTeam.promise,
    )
    .join(Round, Round.id == Invitation.round_id)
    .join(RoundTeam, (RoundTeam.round_id == Round.id) & (RoundTeam.path == Invitation.counting_path))
    .where(Round.state == "open")
)


def _read_link(row: Row[*tuple[Any, ...]], token: str) -> FoundLink | None:
    key = link_key(row.uid)
    choice = read_token(key, token) if key else None
    if key is None or choice is None:
        return None
    return FoundLink(
        invitation_id=row.id,
        organisation_id=row.organisation_id,
        round_id=row.round_id,
        choice=choice,
        mark=link_mark(key, token),
        secret=key,
        public_key=row.public_key,
        language=row.language,
        timezone=row.timezone,
        closes_at=row.closes_at,
        minimum_group=row.minimum_group,
        questions=tuple(row.questions),
        promise=row.promise,
        group=row.name,
        counting_path=row.counting_path,
    )


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
