"""When nothing may be opened, sent or closed until an administrator has looked.

Mail cannot be unsent, and a round that closed cannot be opened again. So Ruil stops by itself when the
clock jumps (reliability.md 1.3) and when its database turns out to be an older copy of itself (4, F23).
Answers are taken in as ever.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import settings
from pulse import clock, mail, schedule
from pulse.clock import Reading
from pulse.database import Hold, Instance, Instant, held, reading, reason, transaction
from pulse.locale import Sentence
from pulse.rounds import Round
from pulse.schedule import Pulse

BACK: Final = timedelta(minutes=5)
FORWARD: Final = timedelta(hours=2)
Wrong = list[tuple[str, dict[str, Any]]]
"""What is wrong: the kind of hold, and its facts."""
_last: Reading | None = None
"""What the clocks said at this process's last tick."""


@dataclass(frozen=True)
class Mark:
    """What the file beside the wake-ups says: which database, and how many ticks it has seen."""

    name: str
    turn: int


def look(now: datetime) -> bool:
    """Compare the clocks, and the database with its mark; True while Ruil is held.

    Before a tick's work. Reads only, unless something is wrong: a tick with nothing to do costs one commit.
    """
    mark, jumped = _read_mark(), _compare_clocks(clock.reading())
    with reading() as session:
        wrong = [*_compare_instance(session, mark), *(jumped or _compare_ticks(session, now))]
        if not wrong and not held(session):
            return False
    with transaction() as session:
        for kind, facts in wrong:
            _hold(session, kind, now, facts)
            if kind == "restored":
                _adopt(session, mark, now)
        _end_what_passed(session, now)
        return held(session)


def take_turn(session: Session, now: datetime) -> Mark:
    """One tick more for this database; for the transaction that ends a tick."""
    row = session.scalars(select(Instance).with_for_update()).first()
    if row is None:
        row = Instance(name=secrets.token_hex(16), turn=0, turned_at=now)
        session.add(row)
    row.turn, row.turned_at = row.turn + 1, max(row.turned_at, now)
    session.flush()
    return Mark(row.name, row.turn)


def release(by: str, now: datetime) -> int:
    """Go on, for all organisations: an administrator has looked. Returns how many holds that ended.

    After a restore nobody knows what was sent since the backup: what was due by then is not sent again,
    and a round that should have opened since is not opened again by itself (it can be, by hand).
    """
    with transaction() as session:
        ended = session.scalars(select(Hold).where(Hold.released_at.is_(None))).all()
        for hold in ended:
            if hold.kind == "restored":
                mail.doubt_due(session, hold.since)
                _skip_due(session, _moment(hold.facts.get("until")) or hold.since, hold.since)
            hold.released_at, hold.released_by = now, by
    return len(ended)


def standing(session: Session) -> list[Hold]:
    """What holds Ruil now, the oldest first."""
    return list(session.scalars(select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.id)))


def reasons(session: Session) -> list[Sentence]:
    """Why Ruil is held, each in a sentence with what to do."""
    return [reason(hold.kind, hold.facts) for hold in standing(session)]


def is_restored(session: Session) -> bool:
    """Whether one of the reasons is that this database is a copy."""
    return any(hold.kind == "restored" for hold in standing(session))


def _compare_instance(session: Session, mark: Mark | None) -> Wrong:
    """Whether this database has seen fewer ticks than its mark says, or is not the one that wrote it."""
    row = session.scalars(select(Instance)).first()
    if row is None:
        if mark is not None and session.scalar(select(func.count(Round.id))):
            return [("restored", {"until": None})]
        return []
    if mark is not None and row.turn and (mark.name != row.name or mark.turn > row.turn):
        return [("restored", {"until": row.turned_at.isoformat()})]
    return []


def _adopt(session: Session, mark: Mark | None, now: datetime) -> None:
    """Go on from what the mark says, so that the same restore is noticed once."""
    row = session.scalars(select(Instance).with_for_update()).first()
    if row is None:
        row = Instance(name=secrets.token_hex(16), turn=0, turned_at=now)
        session.add(row)
    row.turn = max(row.turn, mark.turn if mark is not None and mark.name == row.name else 0) + 1
    session.flush()
    write_mark(Mark(row.name, row.turn))


def _compare_clocks(machine: Reading | None) -> Wrong:
    """A jump is what the wall clock did since this process's last tick and the other clock did not.

    Another process's clock cannot be compared: what was no jump, it would take for one.
    """
    global _last
    before, _last = _last, machine
    if before is None or machine is None:
        return []
    expected = before.wall + timedelta(seconds=machine.running - before.running)
    return _jumped(machine.wall, expected)


def forget_clocks() -> None:
    """Compare with nothing that this process saw before: as after a restart."""
    global _last  # noqa: PLW0603  # it is this process's own
    _last = None


def _compare_ticks(session: Session, now: datetime) -> Wrong:
    """Across a restart only this can be told: that it is earlier than it has been."""
    latest = session.scalar(select(func.max(Instance.turned_at, type_=Instant)))
    return _jumped(now, max(latest or now, now)) if clock.reading() else []


def _jumped(wall: datetime, expected: datetime) -> Wrong:
    jump = wall - expected
    if -BACK <= jump <= FORWARD:
        return []
    kind = "clock_back" if jump < timedelta(0) else "clock_forward"
    return [(kind, {"until": expected.isoformat(), "seconds": round(jump.total_seconds())})]


def _hold(session: Session, kind: str, since: datetime, facts: dict[str, Any]) -> None:
    already = session.scalars(select(Hold).where(Hold.kind == kind, Hold.released_at.is_(None))).first()
    if already is None:
        session.add(Hold(kind=kind, since=since, facts=facts))
        session.flush()


def _end_what_passed(session: Session, now: datetime) -> None:
    """A clock that was set back has caught up: from here on every moment is new again."""
    for hold in session.scalars(select(Hold).where(Hold.kind == "clock_back", Hold.released_at.is_(None))):
        until = _moment(hold.facts.get("until"))
        if until is not None and now >= until:
            hold.released_at, hold.released_by = now, "the clock itself"
    session.flush()


def _skip_due(session: Session, since: datetime, until: datetime) -> None:
    for pulse in session.scalars(select(Pulse).where(Pulse.due_at <= until)):
        following = schedule.next_coming(session, pulse)
        if following and schedule.instant(following.day, pulse.wall_time, pulse.timezone) >= since - schedule.SENT_LATE:
            schedule.skip_date(session, pulse, following.planned, "restored")
            schedule.advance(session, pulse, following.planned)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read_mark() -> Mark | None:
    try:
        known = json.loads((settings().broker_dir / "instance").read_text(encoding="ascii"))
        return Mark(str(known["name"]), int(known["turn"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_mark(mark: Mark) -> None:
    """After the commit, so that the file is never ahead of its own database."""
    folder = settings().broker_dir
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"instance-{os.getpid()}-{secrets.token_hex(4)}"
    draft.write_text(json.dumps({"name": mark.name, "turn": mark.turn}), encoding="ascii")
    draft.replace(folder / "instance")
