"""What there is to tell administrators now. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import settings
from pulse import holding
from pulse.database import held
from pulse.locale import Translator
from pulse.mail import Message, sender_problems
from pulse.reports import Report
from pulse.roster import Organisation, people_to_ask
from pulse.rounds import Invitation, Round, rounds_without_keys
from pulse.schedule import Pulse, PulseDate, instant, next_coming, went_without

AHEAD = timedelta(days=3)
FRESH = timedelta(days=1)
"""What opened longer ago than this is no news."""
LEAST_BOUNCED, LEAST_SHARE = 5, 0.05
"""A few wrong addresses stand on the overview; this many are worth a mail."""
WAITING = timedelta(hours=1)
"""Mail that waits longer than this, because of the server, is late for its reader."""
STILL_NEWS = timedelta(days=21)
"""How long a mail about what went wrong may itself have to wait for the mail server."""


@dataclass(frozen=True)
class Notice:
    """One thing to tell the administrators of one organisation."""

    organisation_id: int
    kind: str
    """The letter: `round_coming`, `round_opened`, `problem` or `standstill`."""
    about: str
    facts: Callable[[Translator], dict[str, Any]]
    until: datetime
    """Later than this it is no news."""


def noticed(session: Session, now: datetime) -> list[Notice]:
    """Everything that could be told now; while Ruil is held, only that. `tell` leaves out what was told before."""
    if held(session):
        return list(_standstill(session, now))
    return [
        *_coming(session, now),
        *_opened(session, now),
        *_skipped(session, now),
        *_bounces(session, now),
        *_keys(session, now),
        *_reports(session, now),
        *_waiting(session, now),
    ]


def _coming(session: Session, now: datetime) -> Iterator[Notice]:
    for pulse in session.scalars(
        select(Pulse).where(Pulse.paused_at.is_(None), Pulse.due_at > now, Pulse.due_at <= now + AHEAD)
    ):
        date = next_coming(session, pulse)
        people = len(people_to_ask(session, pulse.organisation_id, date.day)) if date else 0
        # Who planned the pulse within these days knows that the round is coming.
        if date is None or not people or pulse.created_at > now - AHEAD:
            continue
        at = instant(date.day, pulse.wall_time, pulse.timezone).astimezone(ZoneInfo(pulse.timezone))

        def facts(
            words: Translator, at: datetime = at, people: int = people, pulse_id: int = pulse.id
        ) -> dict[str, Any]:
            return {
                "day": words.weekday(at.date()),
                "time": f"{at:%H:%M}",
                "people": people,
                "import_link": _admin("people/import"),
                "letters_link": _admin("letters"),
                "pulse_link": _admin(f"pulses/{pulse_id}"),
            }

        yield Notice(pulse.organisation_id, "round_coming", f"coming:{pulse.id}:{date.period}", facts, at)


def _opened(session: Session, now: datetime) -> Iterator[Notice]:
    for asked in session.scalars(select(Round).where(Round.state == "open", Round.opened_at > now - FRESH)):
        people = session.scalar(select(func.count(Invitation.id)).where(Invitation.round_id == asked.id)) or 0
        zone = ZoneInfo(session.get_one(Organisation, asked.organisation_id).timezone)

        def facts(
            words: Translator, asked: Round = asked, people: int = people, zone: ZoneInfo = zone
        ) -> dict[str, Any]:
            return {
                "month": words.month(asked.period),
                "people": people,
                "closes": words.weekday(asked.closes_at.astimezone(zone)),
                "link": _admin(f"rounds/{asked.id}"),
            }

        yield Notice(asked.organisation_id, "round_opened", f"opened:{asked.id}", facts, asked.closes_at)


def _standstill(session: Session, now: datetime) -> Iterator[Notice]:
    """One mail, however many reasons there are: the page that it leads to shows them all."""
    first = holding.standing(session)[0].id
    reasons, restored = holding.reasons(session), holding.is_restored(session)

    def facts(words: Translator) -> dict[str, Any]:
        return {"reasons": [words.say(each) for each in reasons], "restored": restored, "link": _admin("hold")}

    for organisation_id in session.scalars(select(Organisation.id)):
        yield Notice(organisation_id, "standstill", f"held:{first}", facts, now + STILL_NEWS)


def _skipped(session: Session, now: datetime) -> Iterator[Notice]:
    for date in went_without(session, now - FRESH):

        def facts(words: Translator, date: PulseDate = date) -> dict[str, Any]:
            day = {"day": words.weekday(date.planned), "why": date.skipped}
            return {"problem": "skipped", "facts": day, "link": _admin(f"pulses/{date.pulse_id}")}

        yield Notice(date.organisation_id, "problem", f"skipped:{date.id}", facts, now + STILL_NEWS)


def _bounces(session: Session, now: datetime) -> Iterator[Notice]:
    for asked in session.scalars(select(Round).where(Round.state == "open", Round.closes_at > now)):
        states = session.execute(
            select(Message.state, func.count())
            .where(Message.round_id == asked.id, Message.kind == "invitation")
            .group_by(Message.state)
        )
        counts: dict[str, int] = dict(states.all())
        lost, all_of_them = counts.get("bounced", 0) + counts.get("rejected", 0), sum(counts.values())
        if lost >= max(LEAST_BOUNCED, LEAST_SHARE * all_of_them):
            yield _problem(asked, "bounces", f"rounds/{asked.id}", asked.closes_at, count=lost, all=all_of_them)


def _keys(session: Session, now: datetime) -> Iterator[Notice]:
    for asked in rounds_without_keys(session):
        yield _problem(asked, "keys", f"rounds/{asked.id}", now + 2 * FRESH)


def _reports(session: Session, now: datetime) -> Iterator[Notice]:
    failed = (
        select(Report.round_id, func.count().label("count")).where(Report.state == "failed").group_by(Report.round_id)
    ).subquery()
    for asked, count in session.execute(select(Round, failed.c.count).join(failed, failed.c.round_id == Round.id)):
        yield _problem(asked, "reports", "reports", now + 2 * FRESH, count=count)


def _waiting(session: Session, now: datetime) -> Iterator[Notice]:
    if not sender_problems(session):
        return
    oldest = session.execute(
        select(Message.organisation_id, func.min(Message.created_at))
        .where(Message.state.in_(("queued", "deferred")), Message.due_at <= now, Message.created_at < now - WAITING)
        .group_by(Message.organisation_id)
    )
    for organisation_id, since in oldest.all():
        zone = ZoneInfo(session.get_one(Organisation, organisation_id).timezone)

        def facts(words: Translator, since: datetime = since, zone: ZoneInfo = zone) -> dict[str, Any]:
            moment = {"moment": words.moment(since.astimezone(zone))}
            return {"problem": "waiting", "facts": moment, "link": _admin("")}

        yield Notice(organisation_id, "problem", "waiting", facts, now + STILL_NEWS)


def _problem(asked: Round, problem: str, page: str, until: datetime, **counts: int) -> Notice:
    def facts(words: Translator) -> dict[str, Any]:
        return {"problem": problem, "facts": {"month": words.month(asked.period), **counts}, "link": _admin(page)}

    return Notice(asked.organisation_id, "problem", f"{problem}:{asked.id}", facts, until)


def _admin(page: str) -> str:
    return f"{settings().base_url}/admin/{page}"
