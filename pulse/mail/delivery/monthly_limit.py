"""Never more than three mails a month to a person, enforced where mail is claimed for sending.

Counted are all letters to one address, whoever sends them, in the calendar month of the organisation's
zone: those that went out, may have gone out, or are on their way. Only what people ask for themselves (a
sign-in link, a test) does not count. A reminder is forgotten when its round closes, for it tells who was
silent; from then on every reminder that could have gone out counts as if it had.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from pulse.giveback import most_reminders
from pulse.mail.tables import Message
from pulse.roster import Organisation, Person, TeamLead
from pulse.rounds import Invitation, Round, RoundLead

MOST = 3
ASKED_FOR = frozenset({"sign_in", "test"})
"""Letters that their reader has just asked for: they do not count and are never withheld."""
NEWS = frozenset({"round_coming", "round_opened"})
GONE_OR_GOING = ("claimed", "transmitting", "accepted", "unknown", "deferred")
KEPT_FREE_BESIDE_NEWS = 2
"""An administrator who is on the roster too: the invitation and the report go before news of the round."""
WITHHELD = "Nobody gets more than three mails from Ruil in a month, and this one would have been too many."


def withhold(session: Session, claimed: list[Message], now: datetime) -> list[Message]:
    """Cancel, with the reason in words, what is too much for its reader this month; gives what may go out.

    For the transaction that claimed the mails. Two workers that claim for one address at the same time
    wait for each other, so that together they send no fourth mail.
    """
    bound = [message for message in claimed if message.kind not in ASKED_FOR and not message.resent]
    if not bound:
        return claimed
    addresses = sorted({message.address for message in bound})
    _one_at_a_time(session, addresses)
    zones = dict(session.execute(select(Organisation.id, Organisation.timezone)).all())
    claimed_now = {message.id for message in bound}
    months = {zone: _Month(session, addresses, claimed_now, zone, now) for zone in set(zones.values())}
    kept = _kept_free(session, bound)
    for message in bound:
        month = months[zones[message.organisation_id]]
        if month.count[message.address] + kept.get(message.id, 0) < MOST:
            for each in months.values():
                each.count[message.address] += 1
        else:
            message.state, message.finished_at, message.lease_until, message.reply = "cancelled", now, None, WITHHELD
    session.flush()
    return [message for message in claimed if message.state == "claimed"]


class _Month:
    """How many mails each address has had in the calendar month of one zone, but for those claimed just now."""

    def __init__(self, session: Session, addresses: list[str], claimed_now: set[str], zone: str, now: datetime) -> None:
        self._zone = ZoneInfo(zone)
        self._month = self._of(now)
        self._start = now.astimezone(self._zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        self.count = Counter(self._seen(session, addresses, claimed_now))
        self.count.update(self._forgotten(session, addresses))

    def _of(self, moment: datetime) -> tuple[int, int]:
        local = moment.astimezone(self._zone)
        return local.year, local.month

    def _seen(self, session: Session, addresses: list[str], claimed_now: set[str]) -> Iterator[str]:
        """The address of each letter that is gone or going; those that may yet wait go this month."""
        moment = func.coalesce(Message.transmitting_at, Message.finished_at, Message.lease_until, Message.due_at)
        rows = session.execute(
            select(Message.id, Message.address)
            .outerjoin(Round, Round.id == Message.round_id)
            .where(
                Message.address.in_(addresses),
                Message.kind.not_in(ASKED_FOR),
                Message.state.in_(GONE_OR_GOING),
                or_(Message.kind != "reminder", Round.state == "open"),
                or_(Message.state.in_(("claimed", "deferred")), moment >= self._start.astimezone(UTC)),
            )
        )
        return (address for identity, address in rows if identity not in claimed_now)

    def _forgotten(self, session: Session, addresses: list[str]) -> Iterator[str]:
        """The address of each reminder that may have gone out in a round that has since closed."""
        rows = session.execute(
            select(Invitation, Round)
            .join(Round, Round.id == Invitation.round_id)
            .where(
                Invitation.email.in_(addresses),
                Invitation.closes_at >= self._start.astimezone(UTC),
                Round.state != "open",
            )
        ).all()
        most = {asked.id: most_reminders(session, asked) for asked in {asked for _, asked in rows}}
        for invitation, asked in rows:
            moments = (invitation.first_reminder_at, invitation.last_reminder_at)
            for moment in moments[: most[asked.id].get(invitation.person_id or 0)]:
                if moment is not None and self._of(moment) == self._month:
                    yield invitation.email


def _kept_free(session: Session, bound: list[Message]) -> dict[str, int]:
    """By mail, how many of the three are kept for letters that matter more to its reader."""
    reminders = [message for message in bound if message.kind == "reminder"]
    alerts = [message for message in bound if message.kind in NEWS or message.kind == "problem"]
    kept: dict[str, int] = {}
    if reminders:
        rows = session.execute(
            select(RoundLead.round_id, RoundLead.email, func.count(RoundLead.person_id.distinct()))
            .where(
                RoundLead.round_id.in_({message.round_id for message in reminders}),
                RoundLead.email.in_({message.address for message in reminders}),
            )
            .group_by(RoundLead.round_id, RoundLead.email)
        )
        reports: dict[tuple[int | None, str], int] = {(round_id, email): count for round_id, email, count in rows}
        kept |= {message.id: reports.get((message.round_id, message.address), 0) for message in reminders}
    if alerts:
        kept |= _kept_beside_alerts(session, alerts)
    return kept


def _kept_beside_alerts(session: Session, alerts: list[Message]) -> dict[str, int]:
    """A problem leaves room for the report of who leads a team; that Ruil stands still goes before everything."""
    here = select(Person.email).where(
        Person.email.in_({message.address for message in alerts}), Person.left_at.is_(None)
    )
    asked, lead = set(session.scalars(here)), set(session.scalars(here.join(TeamLead, TeamLead.person_id == Person.id)))
    return {
        message.id: KEPT_FREE_BESIDE_NEWS * (message.address in asked)
        if message.kind in NEWS
        else message.address in lead
        for message in alerts
    }


def _one_at_a_time(session: Session, addresses: list[str]) -> None:
    """On PostgreSQL, hold each address until the transaction ends; SQLite has one writer anyway.

    Always in the order of the numbers that are locked, so that no two workers wait for each other.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text(
                "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtext(address) AS key"
                " FROM unnest(CAST(:addresses AS text[])) AS address ORDER BY key) AS keys"
            ),
            {"addresses": addresses},
        )
