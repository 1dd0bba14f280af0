"""Which visits are people, and which answers count: one rule, from visits to answers. (pure)

A page load says how sure it is that a person looked at it (email.md 1.4):

0 DISQUALIFIED  a machine by its own word: it drives the browser, fetches ahead, or pretends to be one
1 SCRIPT_RAN    the page's script ran, as it does for most machines
2 SEEN          visible and in focus for three seconds of the server's clock
3 GESTURE       a hand on mouse, screen, wheel or keyboard
4 PRESSED       a button, a change, or a further question

GESTURE and PRESSED count, unless the same invitation shows that a machine made them. SEEN alone may
be a reader who touches nothing, or a machine with a screen: it counts only where all visits of the
round, taken together, speak for a person. Weaker evidence never overwrites stronger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

DISQUALIFIED, SCRIPT_RAN, SEEN, GESTURE, PRESSED = range(5)

BURST = 60.0
"""Seconds in which one person does not open both parts of a mail, or three of its links."""
BURST_LINKS = 3
MOST_LINKS = 4
"""Nobody answers through this many links of one mail, however long it takes."""
NEVER_BEFORE, NOT_BEFORE_WHERE_SCANNED = 120.0, 600.0
"""Seconds after delivery within which a visit that only looked is taken for the mail's own scan."""
SILENT_FROM = 3
"""Invitations that a network and browser opened without one gesture, before they look like a scanner."""

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


def judge_round(everybody: Iterable[Asked[Who, Kept]]) -> Iterator[tuple[Who, str, Kept]]:
    """The answers that count, of a whole round: who, question, answer.

    The order of invitations and of visits does not matter, and judging again gives the same.
    """
    company = Company()
    waiting: list[tuple[Asked[Who, Kept], Visit[Kept]]] = []
    for asked in everybody:
        machines = machine_made(asked.visits)
        machines |= _first_of_a_scan(asked, machines)
        people = [visit for visit in asked.visits if visit.order not in machines]
        counted = _strongest(people)
        for visit in counted.values():
            yield asked.who, visit.question, visit.kept
        only_seen = _only_seen(people)
        if only_seen is not None and only_seen.question in counted:
            only_seen = None
        company.meet(asked, machines, bool(counted), only_seen is not None)
        if only_seen is not None:
            waiting.append((asked, only_seen))
    for asked, visit in waiting:
        if company.speaks_for(asked, visit):
            yield asked.who, visit.question, visit.kept


def judge(visits: Sequence[Visit[Kept]]) -> dict[str, Kept]:
    """What counts of one invitation on a hand's evidence alone, by question."""
    machines = machine_made(visits)
    counted = _strongest(visit for visit in visits if visit.order not in machines)
    return {question: visit.kept for question, visit in counted.items()}


def machine_made(visits: Sequence[Visit[Kept]]) -> set[int]:
    """The orders of the visits that a machine made, as far as one invitation tells.

    A machine opens what no person opens: both parts of the mail, or one link after another.
    """
    if len(visits) == 1:
        return {visit.order for visit in visits if visit.evidence == DISQUALIFIED}
    found = {visit.order for visit in visits if visit.evidence == DISQUALIFIED}
    clusters: dict[bytes, list[Visit[Kept]]] = defaultdict(list)
    for visit in visits:
        clusters[visit.cluster].append(visit)
    for same in clusters.values():
        found |= _of_one_cluster(same)
    # A machine that changes its address with each link still opens them all at once.
    by_hand = [visit for visit in visits if visit.evidence >= GESTURE and visit.order not in found]
    return found | _bursts(by_hand)


def _of_one_cluster(visits: Sequence[Visit[Kept]]) -> set[int]:
    found = _bursts(visits)
    by_hand = [visit for visit in visits if visit.evidence >= GESTURE]
    handy = [visit.at for visit in by_hand if visit.order in found]
    rest = [visit for visit in by_hand if visit.order not in found]
    if handy:
        # Here a machine can move the mouse; who shares its network and browser has to press.
        found.update(visit.order for visit in rest if visit.evidence == GESTURE and visit.at > min(handy))
    if _both_parts(rest) or len({visit.link for visit in rest}) >= MOST_LINKS:
        found.update(visit.order for visit in rest)
    return found


@dataclass
class Company:
    """What a round's visits tell about the networks and mail domains they belong to."""

    _machines: set[bytes] = field(default_factory=set)
    _opened: Counter[bytes] = field(default_factory=Counter)
    _gestured: set[bytes] = field(default_factory=set)
    _scanned: set[str] = field(default_factory=set)
    _early: Counter[str] = field(default_factory=Counter)
    _by_hand: Counter[str] = field(default_factory=Counter)
    _only_seen: Counter[str] = field(default_factory=Counter)

    def meet(self, asked: Asked[Who, Kept], machines: set[int], by_hand: bool, only_seen: bool) -> None:
        """Take one invitation into account."""
        if not asked.visits:
            return
        self._by_hand[asked.domain] += by_hand
        self._only_seen[asked.domain] += only_seen
        self._opened.update({visit.cluster for visit in asked.visits})
        for visit in asked.visits:
            if visit.order in machines:
                self._machines.add(visit.cluster)
                self._scanned.add(asked.domain)
            elif visit.evidence >= GESTURE:
                self._gestured.add(visit.cluster)
        weak = (visit for visit in asked.visits if visit.evidence < GESTURE)
        self._early[asked.domain] += any(_early(asked, visit) for visit in weak)

    def speaks_for(self, asked: Asked[Who, Kept], visit: Visit[Kept]) -> bool:
        """Whether a visit that only looked was a person, by all that this round has seen."""
        if visit.cluster in self._machines:
            return False
        if self._opened[visit.cluster] >= SILENT_FROM and visit.cluster not in self._gestured:
            return False
        lookers = self._only_seen[asked.domain]
        if lookers >= SILENT_FROM and lookers > self._by_hand[asked.domain]:
            return False
        scanned = asked.domain in self._scanned or self._early[asked.domain] >= SILENT_FROM
        since = _since_delivery(asked, visit)
        return since is not None and since >= (NOT_BEFORE_WHERE_SCANNED if scanned else NEVER_BEFORE)


def _first_of_a_scan(asked: Asked[Who, Kept], machines: set[int]) -> set[int]:
    """Where a machine with hands came for all links, the gesture right after delivery was its first try."""
    if not any(visit.order in machines and visit.evidence >= GESTURE for visit in asked.visits):
        return set()
    return {visit.order for visit in asked.visits if visit.evidence == GESTURE and _early(asked, visit)}


def _strongest(visits: Iterable[Visit[Kept]]) -> dict[str, Visit[Kept]]:
    """For each question the strongest visit; of equal evidence the latest."""
    counted: dict[str, Visit[Kept]] = {}
    for visit in visits:
        if visit.evidence < GESTURE or not visit.question:
            continue
        standing = counted.get(visit.question)
        if standing is None or (visit.evidence, visit.order) > (standing.evidence, standing.order):
            counted[visit.question] = visit
    return counted


def _only_seen(people: Sequence[Visit[Kept]]) -> Visit[Kept] | None:
    """The visit of a reader who touched nothing, if all visits that are left agree on one link."""
    if len({visit.link for visit in people}) > 1:
        return None
    seen = [visit for visit in people if visit.evidence == SEEN and visit.question]
    return max(seen, key=lambda visit: visit.order, default=None)


def _bursts(visits: Sequence[Visit[Kept]]) -> set[int]:
    ordered = sorted(visits, key=lambda visit: visit.at)
    found: set[int] = set()
    for number, first in enumerate(ordered):
        window = [visit for visit in ordered[number:] if visit.at - first.at <= BURST]
        if _both_parts(window) or len({visit.link for visit in window}) >= BURST_LINKS:
            found.update(visit.order for visit in window)
    return found


def _both_parts(visits: Iterable[Visit[Kept]]) -> bool:
    return len({visit.part for visit in visits}) > 1


def _since_delivery(asked: Asked[Who, Kept], visit: Visit[Kept]) -> float | None:
    """Seconds since the letter that came last before the visit; None where none is known to have come."""
    before = [moment for moment in asked.delivered if moment <= visit.at]
    return visit.at - max(before) if before else None


def _early(asked: Asked[Who, Kept], visit: Visit[Kept]) -> bool:
    since = _since_delivery(asked, visit)
    return since is not None and since < NEVER_BEFORE
