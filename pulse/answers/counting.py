"""What the close needs of the answers: those that count, still sealed, and then none at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row, delete, func, select
from sqlalchemy.orm import Session

from pulse.answers.circumstances import Cover
from pulse.answers.evidence import GESTURE, Asked, Visit
from pulse.answers.judging import judge_round
from pulse.answers.tables import SealedAnswer
from pulse.mail import delivered_of
from pulse.rounds import Invitation, Round, link_key


class KeyMissing(Exception):
    """A round's link key is gone, so nobody can tell people from machines; the text is a sentence."""


Counted = tuple[int, str, str, bytes]
"""Invitation, node at which it counts, question, sealed answer."""


def asked_of(session: Session, round_id: int) -> Iterator[Asked[tuple[int, str], bytes | None]]:
    """Everybody who was asked in a round and of whom anything was seen, with all visits still sealed."""
    cover = _cover(session, round_id)
    delivered = delivered_of(session, round_id, _not_plain(session, round_id))
    rows = session.execute(
        select(
            SealedAnswer.invitation_id,
            Invitation.counting_path,
            Invitation.email,
            SealedAnswer.id,
            SealedAnswer.question,
            SealedAnswer.evidence,
            SealedAnswer.circumstances,
            SealedAnswer.sealed,
        )
        .join(Invitation, Invitation.id == SealedAnswer.invitation_id)
        .where(Invitation.round_id == round_id)
        .order_by(SealedAnswer.invitation_id, SealedAnswer.id)
        .execution_options(yield_per=5000)
    )
    for (invitation_id, node, email), visits in groupby(rows, key=lambda row: row[:3]):
        yield Asked(
            (invitation_id, node),
            _domain(email),
            delivered.get(invitation_id, ()),
            [_visit(row, cover) for row in visits],
        )


def judged_of(session: Session, round_id: int) -> Iterator[Counted]:
    """The answers of a round that count by all that is known now. What loses is never opened."""
    for (invitation_id, node), question, sealed in judge_round(
        asked_of(session, round_id), lambda: _letters(session, round_id)
    ):
        if sealed is not None:
            yield invitation_id, node, question, sealed


def counted_of(session: Session, round_id: int) -> Iterator[tuple[str, str, bytes]]:
    """The answers that count, without a word of who gave them: node, question, sealed answer."""
    for _, node, question, sealed in judged_of(session, round_id):
        yield node, question, sealed


def heard(session: Session, round_id: int) -> set[int]:
    """The invitations of which something counts: nobody there needs a reminder."""
    return {invitation_id for invitation_id, _, _, _ in judged_of(session, round_id)}


def arrived(session: Session, invitation_id: int) -> bool:
    """Whether a link of this invitation was opened, by whomever: then its letter has arrived."""
    query = select(SealedAnswer.id).where(SealedAnswer.invitation_id == invitation_id)
    return session.scalar(query.limit(1)) is not None


def delete_answers(session: Session, round_id: int) -> None:
    """Delete every sealed answer of a round. Safe to repeat."""
    asked = select(Invitation.id).where(Invitation.round_id == round_id)
    session.execute(
        delete(SealedAnswer).where(SealedAnswer.invitation_id.in_(asked)).execution_options(synchronize_session=False)
    )


def _letters(session: Session, round_id: int) -> Counter[str]:
    """How many were asked, by mail domain."""
    addresses = session.scalars(select(Invitation.email).where(Invitation.round_id == round_id))
    return Counter(_domain(address) for address in addresses)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _visit(row: Row[*tuple[Any, ...]], cover: Cover) -> Visit[bytes | None]:
    seen = cover.open(row.circumstances)
    return Visit(row.id, row.question, row.evidence, row.sealed, seen.at, seen.cluster, seen.link, seen.part)


def _cover(session: Session, round_id: int) -> Cover:
    uid = session.scalars(select(Round.uid).where(Round.id == round_id)).one()
    key = link_key(uid)
    if key is None:
        if not _anything_said(session, round_id):
            return Cover(b"")
        raise KeyMissing(
            f"The link key of round {round_id} is not in KEY_DIR, so people cannot be told from machines. "
            f"Put {uid}.link back. If it cannot be found, its answers are lost: flask round abandon {round_id}."
        )
    return Cover(key)


def _anything_said(session: Session, round_id: int) -> bool:
    asked = select(Invitation.id).where(Invitation.round_id == round_id)
    return session.scalar(select(SealedAnswer.id).where(SealedAnswer.invitation_id.in_(asked)).limit(1)) is not None


def _not_plain(session: Session, round_id: int) -> list[int]:
    """The invitations where it matters when the letter came: some visit only looked, or several were by hand."""
    by_hand = func.count(SealedAnswer.visit.distinct())
    return list(
        session.scalars(
            select(SealedAnswer.invitation_id)
            .join(Invitation, Invitation.id == SealedAnswer.invitation_id)
            .where(Invitation.round_id == round_id)
            .group_by(SealedAnswer.invitation_id)
            .having((func.min(SealedAnswer.evidence) < GESTURE) | (by_hand > 1))
        )
    )
