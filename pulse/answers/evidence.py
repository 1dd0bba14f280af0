"""Which visit is a person, and which answer counts. (pure)

Evidence classes (email.md 1.4): 0 fetched, 1 script ran, 2 visible and focused for three seconds of the
server's clock, 3 a trusted gesture, 4 a button, a change or a further question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

FETCHED, SCRIPT_RAN, SEEN, GESTURE, PRESSED = range(5)
COUNTS_FROM = GESTURE
"""The weakest class that counts: a machine can fetch, run script and wait; it does not gesture."""

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Visit(Generic[Kept]):
    """What one visit said to one question; `order` rises with time, `kept` is whatever stands for the answer."""

    order: int
    question: str
    evidence: int
    kept: Kept


def judge(visits: Iterable[Visit[Kept]]) -> dict[str, Kept]:
    """The answer that counts for each question of one invitation.

    Weaker evidence never overwrites stronger; of equal evidence the latest counts. The order in
    which the visits are given does not matter, and judging again gives the same.
    """
    counted: dict[str, Visit[Kept]] = {}
    for visit in visits:
        if visit.evidence < COUNTS_FROM:
            continue
        standing = counted.get(visit.question)
        if standing is None or (visit.evidence, visit.order) > (standing.evidence, standing.order):
            counted[visit.question] = visit
    return {question: visit.kept for question, visit in counted.items()}
