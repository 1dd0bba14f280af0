"""What we know of the mail server that we hand over to: whether it will have us, and how many mails a minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from config import settings
from pulse.database import insert_into
from pulse.mail.delivery.backoff import FAULT, away
from pulse.mail.delivery.limits import LEAST, SLOTS, WINDOWS, Limits, Room, parse, room, share_now, slot, slowed
from pulse.mail.tables import MailCount, MailSender

Held = tuple[datetime, str]


def sender_name() -> str:
    """The sender of SMTP_URL, without its password."""
    parts = urlsplit(settings().smtp_url)
    return f"{unquote(parts.username or '')}@{parts.hostname}:{parts.port or (465 if parts.scheme == 'smtps' else 25)}"


def held(session: Session, now: datetime) -> Held | None:
    """Until when nothing is sent, and why; None when mail may go."""
    known = session.get(MailSender, sender_name())
    if known is None or known.held_until is None or known.held_until <= now:
        return None
    return known.held_until, known.held_reason or ""


def hold(session: Session, now: datetime, reason: str, *, fault: bool) -> None:
    """Send nothing for a while: the server is away, or (`fault`) will not have us."""
    known = _known(session)
    known.failures += 1
    known.held_until = now + (FAULT if fault else away(known.failures))
    known.held_reason = reason


def welcome(session: Session) -> None:
    """The server has us again."""
    known = session.get(MailSender, sender_name())
    if known is not None and (known.failures or known.held_until):
        known.failures, known.held_until, known.held_reason = 0, None, None


def sender_problems(session: Session) -> list[str]:
    """What is not well with the sender, in sentences; empty when all is well. A sender of before is no concern."""
    known = session.get(MailSender, sender_name())
    return [known.held_reason] if known is not None and known.held_reason else []


def slow_down(session: Session, now: datetime) -> None:
    """The server asked for fewer mails: half as many from here, growing again as time passes."""
    known = _known(session)
    known.share, known.slowed_at = max(LEAST, _share(known, now) / 2), now


def limits_now(session: Session, now: datetime) -> Limits:
    """MAIL_LIMITS, or what is left of them since the server last asked for fewer."""
    limits = parse(settings().mail_limits)
    known = session.get(MailSender, sender_name())
    return limits if known is None else slowed(limits, _share(known, now))


def room_now(session: Session | Connection, limits: Limits, now: datetime) -> Room:
    """How many mails may go now."""
    if not limits:
        return Room(1_000_000)
    return room(limits, _counted(session, limits), int(now.timestamp()))


def take(connection: Connection, limits: Limits, now: datetime) -> Room:
    """Count one mail, if there is room; the room as it was before.

    Workers of one sender wait for each other here, so that together they stay within the limits: on
    PostgreSQL for the sender's row, on SQLite for the one transaction that may write.
    """
    if not limits:
        return Room(1)
    name = sender_name()
    if connection.dialect.name == "postgresql":
        connection.execute(select(MailSender.name).where(MailSender.name == name).with_for_update())
    found = room_now(connection, limits, now)
    if found.mails:
        second = int(now.timestamp())
        for window in limits:
            one = insert_into(connection, MailCount).values(
                sender=name, time_window=window, slot=slot(window, second), mails=1
            )
            more = {"mails": MailCount.mails + 1}
            connection.execute(one.on_conflict_do_update(index_elements=["sender", "time_window", "slot"], set_=more))
    return found


def sweep_counts(session: Session, now: datetime) -> None:
    """Forget the slots whose window has passed, and make sure that the sender has a row to wait for."""
    _known(session)
    for window, seconds in WINDOWS.items():
        before = int((now - timedelta(seconds=seconds + SLOTS[window])).timestamp())
        session.execute(delete(MailCount).where(MailCount.time_window == window, MailCount.slot < before))


def _counted(session: Session | Connection, limits: Limits) -> Mapping[str, Mapping[int, int]]:
    used: dict[str, dict[int, int]] = defaultdict(dict)
    rows = session.execute(
        select(MailCount.time_window, MailCount.slot, MailCount.mails).where(
            MailCount.sender == sender_name(), MailCount.time_window.in_(limits)
        )
    )
    for window, start, mails in rows:
        used[window][start] = mails
    return used


def _known(session: Session) -> MailSender:
    name = sender_name()
    row = insert_into(session.connection(), MailSender)
    session.execute(row.values(name=name, share=1.0, failures=0).on_conflict_do_nothing())
    return session.get_one(MailSender, name, with_for_update=True)


def _share(known: MailSender, now: datetime) -> float:
    return 1.0 if known.slowed_at is None else share_now(known.share, max(timedelta(), now - known.slowed_at))
