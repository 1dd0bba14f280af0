"""What the close needs of the answers: all of them sealed, and then none at all."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pulse.answers.evidence import Visit, judge
from pulse.answers.tables import SealedAnswer
from pulse.rounds import Invitation


def counted_of(session: Session, round_id: int) -> Iterator[tuple[str, str, bytes]]:
    """The answers that count, still sealed: node at which each counts, question, sealed bytes."""
    rows = session.execute(
        select(
            SealedAnswer.invitation_id,
            Invitation.counting_path,
            SealedAnswer.id,
            SealedAnswer.question,
            SealedAnswer.evidence,
            SealedAnswer.sealed,
        )
        .join(Invitation, Invitation.id == SealedAnswer.invitation_id)
        .where(Invitation.round_id == round_id)
        .order_by(SealedAnswer.invitation_id, SealedAnswer.id)
        .execution_options(yield_per=5000)
    )
    person: int | None = None
    node = ""
    visits: list[Visit[bytes]] = []
    for invitation_id, path, order, question, evidence, sealed in rows:
        if invitation_id != person:
            yield from _judged(node, visits)
            person, node, visits = invitation_id, path, []
        visits.append(Visit(order, question, evidence, sealed))
    yield from _judged(node, visits)


def delete_answers(session: Session, round_id: int) -> None:
    """Delete every sealed answer of a round. Safe to repeat."""
    asked = select(Invitation.id).where(Invitation.round_id == round_id)
    session.execute(
        delete(SealedAnswer).where(SealedAnswer.invitation_id.in_(asked)).execution_options(synchronize_session=False)
    )


def _judged(node: str, visits: list[Visit[bytes]]) -> Iterator[tuple[str, str, bytes]]:
    for question, sealed in judge(visits).items():
        yield node, question, sealed
