"""Which visits of one letter a machine made. (pure)

Nothing is known about any engine: a machine shows by doing what no person does, and whatever else comes
from its network and browser is taken for the machine too, up to the strongest evidence that the machine
was seen to give there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from pulse.answers.evidence import (
    DISQUALIFIED,
    GESTURE,
    PRESSED,
    PRESSED_AGAIN,
    Kept,
    Visit,
    since_delivery,
)

BURST = 60.0
"""Seconds in which one person does not open both parts of a mail, or three of its links."""
BURST_LINKS = 3
MOST_LINKS = 4
"""Nobody answers through this many links of one mail, however long it takes."""
AT_ONCE = 120.0
"""Seconds after delivery in which the mail's own scan comes."""


def machine_made(visits: Sequence[Visit[Kept]]) -> set[int]:
    """The orders of the visits that a machine made: it opened both parts of the mail, or one link after another."""
    found = {visit.order for visit in visits if visit.evidence == DISQUALIFIED}
    if len(visits) == 1:
        return found
    clusters: dict[bytes, list[Visit[Kept]]] = defaultdict(list)
    for visit in visits:
        clusters[visit.cluster].append(visit)
    for same in clusters.values():
        found |= _of_one_cluster(same)
    # A machine that changes its address with each link still opens them all at once.
    left = [visit for visit in visits if visit.order not in found]
    hands = [visit for visit in left if visit.evidence >= GESTURE]
    found |= _bursts([visit for visit in left if visit.evidence < GESTURE]) | _bursts(hands)
    return found | _dripping([visit for visit in hands if visit.order not in found])


def first_try(delivered: Sequence[float], visits: Sequence[Visit[Kept]], machines: Collection[int]) -> set[int]:
    """The orders of answers given right after delivery that turn out to be the first try of a machine with hands.

    Later hands opened another of this letter's links, no weaker ones, and answered nothing by it or were a
    machine's: whoever wants to change an answer presses one, and that counts.
    """
    hands = [visit for visit in visits if visit.evidence >= GESTURE]
    idle = [visit for visit in hands if visit.order in machines or not visit.question]
    found = set()
    for visit in hands:
        like = [one.at for one in idle if one.link != visit.link and one.evidence >= visit.evidence]
        if not like or visit.evidence == PRESSED_AGAIN or visit.at >= min(like):
            continue
        since = since_delivery(delivered, visit)
        if since is not None and since < AT_ONCE:
            found.add(visit.order)
    return found


def _of_one_cluster(visits: Sequence[Visit[Kept]]) -> set[int]:
    found = _bursts(visits)
    hands = [visit for visit in visits if visit.evidence >= GESTURE]
    handy = [visit for visit in hands if visit.order in found]
    if handy:
        # Whoever shares network and browser with a machine has to do what it was not seen to do.
        seen_to_do = min(PRESSED, max(visit.evidence for visit in handy))
        since = min(visit.at for visit in handy)
        found.update(visit.order for visit in hands if visit.evidence <= seen_to_do and visit.at > since)
    rest = [visit for visit in hands if visit.order not in found]
    if _both_parts(rest):
        # One machine gave this much in either part; who gave more in one of them may be somebody else.
        best = (max(visit.evidence for visit in rest if visit.part == part) for part in ("text", "html"))
        seen_to_do = min(PRESSED, *best)
        found.update(visit.order for visit in rest if visit.evidence <= seen_to_do)
    return found | _dripping([visit for visit in rest if visit.order not in found])


def _dripping(hands: Sequence[Visit[Kept]]) -> set[int]:
    """Of one link after the other, hours apart: what hands did at as many links as nobody answers through."""
    found: set[int] = set()
    for seen_to_do in (GESTURE, PRESSED):
        if len({visit.link for visit in hands if visit.evidence == seen_to_do}) >= MOST_LINKS:
            found.update(visit.order for visit in hands if visit.evidence <= seen_to_do)
    return found


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
