"""Which round, invitation or key is meant, and which rounds are due."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.database import document, instant, rows
from pulse.rounds.keys import destroy_box_key, destroy_link_key, link_key, stored_keys
from pulse.rounds.links import HALF, Choice, handle_sha256, link_mark, read_token
from pulse.rounds.tables import Round

ORPHANED_AFTER = timedelta(hours=1)
RECENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
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
    visited: bool
    """Whether anything was sent from one of this invitation's pages before."""


def find_invitation(connection: Connection, token: str) -> FoundLink | None:
    """What an answer link leads to; None for anything that is not a live link of an open round."""
    return find_invitations(connection, [token]).get(token)


def find_invitations(connection: Connection, tokens: Iterable[str], *, hold_open: bool = False) -> dict[str, FoundLink]:
    """The live links among `tokens`, each under the token as given.

    With `hold_open` their rounds cannot start to close before the transaction ends.
    """
    by_handle: dict[str, list[str]] = defaultdict(list)
    for token in tokens:
        if len(token) == 2 * HALF and token.isascii():
            by_handle[handle_sha256(token[:HALF].lower())].append(token)
    if not by_handle:
        return {}
    # SQLite lets only one transaction write, so there a round is held open already.
    hold = " ORDER BY round.id FOR SHARE OF round" if hold_open and connection.dialect.name != "sqlite" else ""
    found = {}
    for row in rows(connection, LINKS + hold, list(by_handle)):
        handle, uid, *frozen = row
        for token in by_handle[handle]:
            link = _read_link(token.lower(), uid, frozen)
            if link is not None:
                found[token] = link
    return found


def people_counting_with(connection: Connection, link: FoundLink) -> int:
    """How many people are asked whose answers count in the same group."""
    query = "SELECT count(*) FROM invitation WHERE round_id = ? AND counting_path = ?"
    return int(rows(connection, query, [link.round_id, link.counting_path])[0][0])


LINKS = """
    WITH asked AS MATERIALIZED (SELECT * FROM invitation WHERE handle_sha256 IN (??))
    SELECT asked.handle_sha256, round.uid,
           asked.id, asked.organisation_id, round.id, round.public_key,
           asked.language, asked.timezone, asked.closes_at, round.minimum_group,
           round_team.questions, round_team.promise, round_team.name, asked.counting_path,
           EXISTS (SELECT 1 FROM sealed_answer WHERE sealed_answer.invitation_id = asked.id)
    FROM asked
    JOIN round ON round.id = asked.round_id
    JOIN round_team ON round_team.round_id = round.id AND round_team.path = asked.counting_path
    WHERE round.state = 'open'"""
"""The handles first: right after an opening PostgreSQL cannot know how many are asked, and would read them all."""


def _read_link(token: str, round_uid: str, frozen: Sequence[Any]) -> FoundLink | None:
    key = _recent_link_key(round_uid)
    choice = read_token(key, token) if key else None
    if key is None or choice is None:
        return None
    invitation_id, organisation_id, round_id, public_key, language, timezone, closes_at, minimum_group, *words = frozen
    questions, promise, group, counting_path, visited = words
    return FoundLink(
        invitation_id=invitation_id,
        organisation_id=organisation_id,
        round_id=round_id,
        choice=choice,
        mark=link_mark(key, token),
        secret=key,
        public_key=bytes(public_key),
        language=language,
        timezone=timezone,
        closes_at=instant(closes_at),
        minimum_group=minimum_group,
        questions=tuple(document(questions)),
        promise=promise,
        group=group,
        counting_path=counting_path,
        visited=bool(visited),
    )


_recent: dict[str, tuple[datetime, bytes]] = {}


def _recent_link_key(round_uid: str) -> bytes | None:
    """The link key of an open round, read from disk at most once a minute."""
    now = clock.now()
    read_at, key = _recent.get(round_uid, (now, b""))
    if key and read_at <= now < read_at + RECENT:
        return key
    for uid in [uid for uid, (moment, _) in list(_recent.items()) if not moment <= now < moment + RECENT]:
        _recent.pop(uid, None)
    found = link_key(round_uid)
    if found is not None:
        _recent[round_uid] = (now, found)
    return found


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


def rounds_without_keys(session: Session) -> list[Round]:
    """Rounds that run and whose keys are not in KEY_DIR."""
    held = stored_keys()
    running = select(Round).where(Round.erased_at.is_(None), Round.state.in_(("open", "closing")))
    return [
        asked
        for asked in session.scalars(running.order_by(Round.id))
        if not {f"{asked.uid}.box", f"{asked.uid}.link"} <= held.keys()
    ]


def key_problems(session: Session, now: datetime) -> list[str]:
    """What is not well with KEY_DIR, in sentences."""
    held = stored_keys()
    problems = [
        f"The keys of round {asked.id} are not in KEY_DIR. Put them back; if they cannot be found, "
        f"its answers are lost: flask round abandon {asked.id}."
        for asked in rounds_without_keys(session)
    ]
    for asked in session.scalars(select(Round).where(Round.erased_at.is_(None))):
        if asked.closes_at < now - timedelta(days=1):
            problems.append(f"Round {asked.id} should have closed on {asked.closes_at:%d %B}. See the log.")
    return problems + _outlived(session, held, now) + _readable(held)


def _outlived(session: Session, held: Mapping[str, Path], now: datetime) -> list[str]:
    """Keys that are older than their round: what they opened may still lie in a backup."""
    needed = set(session.scalars(select(Round.uid).where(Round.erased_at.is_(None))))
    over = sorted(
        name
        for name, path in held.items()
        if name.rsplit(".", 1)[0] not in needed and _written_before(path, now - 2 * ORPHANED_AFTER)
    )
    if not over:
        return []
    return [
        f"KEY_DIR holds {len(over)} keys of rounds that are over, such as {over[0]}. Start the worker: its upkeep "
        "destroys them. If they came out of a backup, leave KEY_DIR out of the backups and delete it there."
    ]


def _readable(held: Mapping[str, Path]) -> list[str]:
    open_to_others = sorted(name for name, path in held.items() if (key := _stat(path)) and key.st_mode & 0o077)
    if not open_to_others:
        return []
    return [f"Others can read {open_to_others[0]} in KEY_DIR. Run: chmod 600 on it, and ask who may have read it."]


def sweep_orphan_keys(session: Session) -> int:
    """Destroy keys that belong to no round in need of them: an opening that never committed, or a closed round."""
    needed = set(session.scalars(select(Round.uid).where(Round.erased_at.is_(None))))
    old = clock.now() - ORPHANED_AFTER
    swept = 0
    for name, path in stored_keys().items():
        uid, kind = name.rsplit(".", 1)
        if uid not in needed and _written_before(path, old):
            (destroy_box_key if kind == "box" else destroy_link_key)(uid)
            swept += 1
    return swept


def _written_before(key: Path, moment: datetime) -> bool:
    known = _stat(key)
    return known is not None and known.st_mtime < moment.timestamp()


def _stat(key: Path) -> os.stat_result | None:
    """None where a close or another upkeep has just destroyed it."""
    try:
        return key.stat()
    except FileNotFoundError:
        return None
