"""What one visit shows, and what a letter is to the rule. (pure)

A page load says how sure it is that a person looked at it (email.md 1.4):

0 DISQUALIFIED   a machine by its own word: it drives the browser, fetches ahead, or pretends to be one
1 SCRIPT_RAN     the page's script ran, as it does for most machines
2 SEEN           visible and in focus for three seconds of the server's clock
3 GESTURE        a hand on mouse, screen, wheel or keyboard
4 PRESSED        a button of the page that the link opened
5 PRESSED_AGAIN  a button that came to light by another: a change, a further question, "it was me"

The rule has three parts: `machines` tells from one letter which visits a machine made, `readers` tells
from the whole round which visits that only looked were people, and `judging` gives what counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

DISQUALIFIED, SCRIPT_RAN, SEEN, GESTURE, PRESSED, PRESSED_AGAIN = range(6)

Who = TypeVar("Who")
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Visit(Generic[Kept]):
    """What one visit said; `kept` is whatever stands for the answer."""

    order: int
    """Rises as visits come in."""
    question: str
    """Empty where the visit answered nothing."""
    evidence: int
    kept: Kept
    at: float = 0.0
    """When the page was opened, in seconds."""
    cluster: bytes = b""
    """The network and the browser, as a hash that only this round can make."""
    link: bytes = b""
    """Which link was opened: tells two links apart, not what they stand for."""
    part: str = "html"
    """The part of the mail in which this link stands."""


@dataclass(frozen=True, slots=True)
class Asked(Generic[Who, Kept]):
    """One invitation with all its visits."""

    who: Who
    domain: str
    """Of the mail address: a gateway scans for a whole domain."""
    delivered: Sequence[float]
    """When its letters were accepted, in seconds."""
    visits: Sequence[Visit[Kept]]


def strongest(people: Iterable[Visit[Kept]]) -> dict[str, Visit[Kept]]:
    """For each question the strongest visit by hand; of equal evidence the latest."""
    counted: dict[str, Visit[Kept]] = {}
    for visit in people:
        if visit.evidence < GESTURE or not visit.question:
            continue
        standing = counted.get(visit.question)
        if standing is None or (visit.evidence, visit.order) > (standing.evidence, standing.order):
            counted[visit.question] = visit
    return counted


def since_delivery(delivered: Sequence[float], visit: Visit[Kept]) -> float | None:
    """Seconds since the letter that came last before the visit; None where none is known to have come."""
    before = [moment for moment in delivered if moment <= visit.at]
    return visit.at - max(before) if before else None
