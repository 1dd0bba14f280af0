"""Taking visits in: sealed at once, in the transaction that the thank-you waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table

from pulse.answers.box import seal
from pulse.answers.circumstances import Circumstances, Cover, cluster
from pulse.answers.evidence import GESTURE, PRESSED, PRESSED_AGAIN, SEEN, Visit
from pulse.answers.judging import counting
from pulse.answers.machines import machine_made
from pulse.answers.tables import SealedAnswer
from pulse.database import rows
from pulse.mail import delivered_to
from pulse.questions import NOT_MY_CASE
from pulse.rounds import FoundLink, find_invitations

DAY = timedelta(days=1)
CHANGES_A_DAY = 5
MOST_WEAK, MOST_BY_HAND = 60, 200
"""Rows of one invitation: a scanner that comes back for ever must not fill the disk."""


class AnswerRefused(Exception):
    """An answer that cannot be taken; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one page sent: through which link, how sure that a person did, and what was chosen."""

    token: str
    evidence: int
    visit: str
    """Random, one per page load."""
    opened_at: datetime
    address: str = ""
    agent: str = ""
    question: str = ""
    """Empty where nothing was answered."""
    option: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit that is in, and whether its answer counts by what is known now."""

    link: FoundLink
    counts: bool
    would_count: bool = False
    """Whether one more press, on the page that comes now, would count where this one does not."""


VISITS = """
    SELECT id, invitation_id, question, visit, evidence, circumstances
    FROM sealed_answer WHERE invitation_id IN (??)"""
_TABLE = cast(Table, SealedAnswer.__table__)

Outcome = Recorded | AnswerRefused | None
"""None where the link is not that of an open round."""


def record(connection: Connection, said: Said) -> Recorded | None:
    """Take in one visit in the caller's transaction; raises AnswerRefused."""
    outcome = record_all(connection, [said])[0]
    if isinstance(outcome, AnswerRefused):
        raise outcome
    return outcome


def record_all(connection: Connection, many: Sequence[Said]) -> list[Outcome]:
    """Take in several visits at once, in their order: one outcome for each."""
    links = find_invitations(connection, [said.token for said in many], hold_open=True)
    known = visits_of(connection, {link.invitation_id: link.secret for link in links.values() if link.visited})
    outcomes: list[Outcome] = []
    added: list[dict[str, Any]] = []
    for said in many:
        link = links.get(said.token)
        if link is None:
            outcomes.append(None)
            continue
        before = known[link.invitation_id]
        by_hand = any(visit.evidence >= GESTURE for visit in before)
        delivered = delivered_to(connection, link.invitation_id) if by_hand else []
        outcomes.append(_take(said, link, before, delivered, added))
    if added:
        connection.execute(_TABLE.insert(), added)
    return outcomes


def visits_of(connection: Connection, secrets: Mapping[int, bytes]) -> dict[int, list[Visit[str]]]:
    """All visits of some invitations, given by id with their round's link key; `kept` is the visit's own name."""
    found: dict[int, list[Visit[str]]] = defaultdict(list)
    if not secrets:
        return found
    for order, invitation_id, question, visit, evidence, circumstances in rows(connection, VISITS, list(secrets)):
        seen = Cover(secrets[invitation_id]).open(bytes(circumstances))
        found[invitation_id].append(
            Visit(order, question, evidence, visit, seen.at, seen.cluster, seen.link, seen.part)
        )
    return found


def answered(connection: Connection, link: FoundLink) -> bool:
    """Whether this person has said something that counts."""
    if not link.visited:
        return False
    visits = visits_of(connection, {link.invitation_id: link.secret})[link.invitation_id]
    return bool(counting(visits, delivered_to(connection, link.invitation_id) if len(visits) > 1 else ()))


def _take(
    said: Said, link: FoundLink, known: list[Visit[str]], delivered: Sequence[float], added: list[dict[str, Any]]
) -> Outcome:
    if said.question and (said.question not in link.questions or said.option not in range(NOT_MY_CASE)):
        return AnswerRefused("This question is not asked this month. Open the link in your mail again.")
    refused = _too_often(said, known) if said.evidence >= GESTURE else None
    if refused is not None:
        return refused
    if said.evidence < GESTURE and _says_nothing_new(said, known):
        return Recorded(link, False)
    opened = Circumstances(
        said.opened_at.timestamp(), cluster(link.secret, said.address, said.agent), link.mark, link.choice.part
    )
    can_count = said.question and said.evidence >= SEEN
    added.append(
        {
            "organisation_id": link.organisation_id,
            "invitation_id": link.invitation_id,
            "question": said.question if can_count else "",
            "visit": said.visit,
            "evidence": said.evidence,
            "circumstances": Cover(link.secret).seal(opened),
            "sealed": seal(link.public_key, said.option) if can_count else None,
        }
    )
    order = max((visit.order for visit in known), default=0) + 1
    known.append(Visit(order, said.question, said.evidence, "now", opened.at, opened.cluster, opened.link, opened.part))
    counts = _counts(known, delivered)
    again = [*known[:-1], replace(known[-1], evidence=PRESSED_AGAIN)]
    return Recorded(link, counts, not counts and said.evidence == PRESSED and _counts(again, delivered))


def _counts(known: list[Visit[str]], delivered: Sequence[float]) -> bool:
    """Whether the newest visit's answer is the one that counts."""
    newest = known[-1]
    return newest.evidence >= GESTURE and counting(known, delivered).get(newest.question) is newest


def _too_often(said: Said, known: list[Visit[str]]) -> AnswerRefused | None:
    by_hand = [visit for visit in known if visit.evidence >= GESTURE]
    machines = machine_made(known)
    since = (said.opened_at - DAY).timestamp()
    today = [
        visit
        for visit in by_hand
        if visit.question == said.question and visit.at > since and visit.order not in machines
    ]
    if len(today) > CHANGES_A_DAY or len(by_hand) >= MOST_BY_HAND:
        return AnswerRefused(
            "You have changed this answer five times today. The last one stands. Tomorrow you can again."
        )
    return None


def _says_nothing_new(said: Said, known: list[Visit[str]]) -> bool:
    weak = sum(visit.evidence < GESTURE for visit in known)
    return weak >= MOST_WEAK or any(visit.kept == said.visit and visit.evidence >= said.evidence for visit in known)
