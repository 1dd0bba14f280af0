"""Taking an answer in: sealed at once, in the transaction that the thank-you waits for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse.answers.box import seal
from pulse.answers.evidence import COUNTS_FROM
from pulse.answers.tables import SealedAnswer
from pulse.questions import NOT_MY_CASE
from pulse.rounds import FoundLink, Round, RoundTeam, find_invitation

MOST = 25
"""Rows for one question of one invitation: more changes of mind than anybody has."""


class AnswerRefused(Exception):
    """An answer that cannot be taken; the text is a sentence."""


@dataclass(frozen=True)
class Recorded:
    """An answer that is in: its link, and the row's evidence."""

    link: FoundLink
    evidence: int


def record(session: Session, token: str, question: str, option: int, evidence: int, visit: str) -> Recorded | None:
    """Seal one answer in the caller's transaction; None where the link is not that of an open round."""
    link = find_invitation(session, token)
    if link is None or not _still_open(session, link.round):
        return None
    if question not in asked_of(session, link) or option not in _options(question):
        raise AnswerRefused("This question is not asked this month. Open the link in your mail again.")
    stored = session.scalar(
        select(func.count()).where(SealedAnswer.invitation_id == link.invitation.id, SealedAnswer.question == question)
    )
    if (stored or 0) >= MOST:
        raise AnswerRefused("You have changed this answer very often. The last one stands.")
    session.add(
        SealedAnswer(
            organisation_id=link.invitation.organisation_id,
            invitation_id=link.invitation.id,
            question=question,
            visit=visit,
            evidence=evidence,
            sealed=seal(link.round.public_key, option),
        )
    )
    session.flush()
    return Recorded(link, evidence)


def asked_of(session: Session, link: FoundLink) -> list[str]:
    """The questions this person is asked, in order."""
    return team_of(session, link).questions


def team_of(session: Session, link: FoundLink) -> RoundTeam:
    """The frozen node at which this person's answer counts."""
    return session.scalars(
        select(RoundTeam).where(RoundTeam.round_id == link.round.id, RoundTeam.path == link.invitation.counting_path)
    ).one()


def answered(session: Session, invitation_id: int) -> bool:
    """Whether this person has said something that counts."""
    return (
        session.scalar(
            select(SealedAnswer.id)
            .where(SealedAnswer.invitation_id == invitation_id, SealedAnswer.evidence >= COUNTS_FROM)
            .limit(1)
        )
        is not None
    )


def _still_open(session: Session, asked: Round) -> bool:
    # The shared lock makes the close wait for answers that are on their way in, and they for it.
    state = session.scalar(select(Round.state).where(Round.id == asked.id).with_for_update(read=True))
    return state == "open"


def _options(question: str) -> range:
    return range(NOT_MY_CASE + 1 if question == "P" else NOT_MY_CASE)
