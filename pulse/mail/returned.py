"""What is known of a mail after it was sent: that it came back, that it did leave, that nobody is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from pulse.mail.replies import HARD, REASONS, Verdict
from pulse.mail.tables import Message
from pulse.roster import Suppression, suppress, suppressed_at
from pulse.rounds import Invitation, Round

KEPT = timedelta(days=31)
"""How long the fate of a mail is kept (science.md B8: a month); so long a month's mails must be counted, too."""
LATEST = timedelta(days=30)
"""A mail that is older than this is not what came back."""
ALWAYS_SENT = ("sign_in",)
"""Whoever asks for a letter at this moment says that it arrives."""
TELLS_WHO_IS_SILENT = ("reminder",)
"""Only who has not answered gets one: so its fate is shown nowhere, and suppresses nobody."""
_ADDRESS = re.compile(r"<?[^\s<>()\"':;,=]+@[^\s<>()\"':;,]+>?")


def came_back(session: Session, message: Message, verdict: Verdict, diagnostic: str, now: datetime) -> None:
    """A mail was returned: it did leave, and has not arrived."""
    if message.kind in TELLS_WHO_IS_SILENT or message.state == "bounced":
        return
    sent = message.transmitting_at is not None or message.state in ("accepted", "unknown")
    if sent and message.state not in ("rejected", "cancelled"):
        message.state, message.finished_at, message.lease_until = "bounced", now, None
        message.reason = verdict.reason
        message.reply = without_addresses(diagnostic)
    nobody_there(session, message, verdict, diagnostic, now)


def nobody_there(session: Session, message: Message, verdict: Verdict, diagnostic: str, now: datetime) -> None:
    """Where a refusal means that nobody can be reached at this address, send no more there."""
    if verdict.kind == HARD and message.kind not in (*TELLS_WHO_IS_SILENT, *ALWAYS_SENT):
        suppress(session, message.organisation_id, message.address, verdict.reason, without_addresses(diagnostic), now)


def did_leave(message: Message) -> None:
    """Something says that a mail of unknown fate has left, so it is not sent again."""
    if message.state == "unknown":
        message.state = "accepted"


def reachable(session: Session, claimed: Iterable[Message], now: datetime) -> list[Message]:
    """What may go out among mails that were claimed; what goes to a suppressed address is cancelled."""
    claimed = list(claimed)
    addresses = {message.address for message in claimed}
    hold = select(Suppression.organisation_id, Suppression.address).where(
        Suppression.address.in_(addresses), suppressed_at(now)
    )
    unreachable = {(organisation_id, address) for organisation_id, address in session.execute(hold)}
    going = []
    for message in claimed:
        if message.kind in ALWAYS_SENT or (message.organisation_id, message.address) not in unreachable:
            going.append(message)
        else:
            message.state, message.finished_at, message.lease_until = "cancelled", now, None
            message.reason, message.reply = "suppressed", REASONS["suppressed"]
    return going


def newest_to(session: Session, addresses: Iterable[str], now: datetime) -> Message | None:
    """The last mail that one of these addresses was sent; None where organisations differ."""
    found = session.scalars(
        select(Message)
        .where(
            Message.address.in_({address.lower() for address in addresses}),
            Message.state.in_(("accepted", "unknown", "transmitting", "bounced")),
            Message.created_at > now - LATEST,
            Message.kind.not_in(TELLS_WHO_IS_SILENT),
        )
        .order_by(Message.created_at.desc())
    ).all()
    return found[0] if len({message.organisation_id for message in found}) == 1 else None


def not_reached(session: Session, round_id: int) -> dict[str, int]:
    """How many people each node asked in vain: their invitation was refused or came back.

    Of delivery alone: a mail that was sent twice is left out, since it was sent again only to whom had not
    opened it, and so is a reminder.
    """
    rows = session.execute(
        select(Invitation.counting_path, func.count())
        .join(Message, (Message.about_id == Invitation.id) & (Message.kind == "invitation"))
        .where(Invitation.round_id == round_id, Message.state.in_(("bounced", "rejected")), Message.resent.is_(False))
        .group_by(Invitation.counting_path)
    )
    return dict(rows.all())


def send_again(session: Session, organisation_id: int, address: str, now: datetime) -> bool:
    """Queue an open round's invitation that came back once more, as it was; whether there was one."""
    found = session.scalars(
        select(Message)
        .join(Round, Round.id == Message.round_id)
        .where(
            Message.organisation_id == organisation_id,
            Message.address == address,
            Message.kind == "invitation",
            Message.state.in_(("bounced", "rejected")),
            Message.expires_at > now,
            Round.state == "open",
        )
    ).all()
    for message in found:
        message.state, message.due_at, message.finished_at = "queued", now, None
        message.reason = message.reply = None
    return bool(found)


def sweep_mail(session: Session, now: datetime) -> int:
    """Forget the fate of mails that was known a month ago; of a report stays that it was sent, not to whom."""
    open_rounds = select(Round.id).where(Round.erased_at.is_(None))
    old = (Message.finished_at < now - KEPT) & or_(Message.round_id.is_(None), Message.round_id.not_in(open_rounds))
    named = old & (Message.kind == "report") & (Message.address != "")
    nameless = update(Message).where(named).values(address="", recipient="", reply=None, facts={})
    changed = 0
    for statement in (nameless, delete(Message).where(old, Message.kind != "report")):
        result = session.execute(statement.execution_options(synchronize_session=False))
        assert isinstance(result, CursorResult)
        changed += result.rowcount
    return changed


def without_addresses(text: str) -> str:
    """A server's line with addresses left out, short."""
    return " ".join(_ADDRESS.sub("…", text).split())[:300]
