"""Addresses that mail does not reach: why, since when, and what an administrator can do about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.roster import COMPLAINT, KEPT, Suppression, lift, suppressions
from pulse.rounds import Invitation, Round
from pulse.web.admin.door import SignedIn, blueprint, done, page, signed_in


@dataclass(frozen=True)
class Unreachable:
    """Somebody whom mail does not reach."""

    id: int
    person_id: int
    name: str
    address: str
    reason: str
    """Why, in the reader's language; empty where it is nobody's business."""
    diagnostic: str
    """The other server's own line."""
    since: datetime | None
    until: datetime | None
    """When the address is tried again by itself."""


@blueprint.get("/people/unreachable")
def unreachable() -> Response:
    """All of them."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        found = whom_mail_does_not_reach(session, me)
    return page("unreachable.html", section="people", found=found, days=KEPT.days)


@blueprint.post("/people/unreachable/<int:suppression_id>/lift")
def lift_suppression(suppression_id: int) -> AnyResponse:
    """Mail goes out again; an invitation of an open round that came back goes out once more."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        row = session.scalars(
            select(Suppression).where(Suppression.id == suppression_id, Suppression.reason != COMPLAINT)
        ).one_or_none()
        if row is None:
            raise NotFound
        address = row.address
        lift(session, me.organisation_id, [address])
        again = mail.send_again(session, me.organisation_id, address, clock.now())
    sentence = me.words.gettext("Mail to %(address)s goes out again.")
    if again:
        sentence = me.words.gettext("Mail to %(address)s goes out again, beginning with this round's invitation.")
    return done(sentence % {"address": address}, "admin.unreachable")


def whom_mail_does_not_reach(session: Session, me: SignedIn) -> list[Unreachable]:
    """What an administrator may know of it.

    Of a wish for no more mail neither reason nor day is told, and it is told only once no round is open to that
    person: it may have come of a reminder, which only goes to who has not answered.
    """
    open_to = set(session.scalars(select(Invitation.email).join(Round).where(Round.erased_at.is_(None))))
    return [
        Unreachable(
            id=row.id,
            person_id=person.id,
            name=person.name,
            address=row.address,
            reason="" if row.reason == COMPLAINT else me.words.gettext(mail.REASONS[row.reason]),
            diagnostic=row.diagnostic or "",
            since=None if row.reason == COMPLAINT else row.suppressed_at.astimezone(me.zone),
            until=None if row.reason == COMPLAINT else (row.suppressed_at + KEPT).astimezone(me.zone),
        )
        for row, person in suppressions(session, me.organisation_id, clock.now())
        if row.reason != COMPLAINT or row.address not in open_to
    ]
