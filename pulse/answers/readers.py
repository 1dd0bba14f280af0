"""Which visits that only looked were people, by all that a round has seen. (pure)

A reader who touches nothing and a machine with a screen look the same. What tells them apart is what else
came from the same network and browser, and what else happened in the same mail domain: on letters that
were surely answered by hand, whoever else looked shows what machines do there, at any hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pulse.answers.evidence import GESTURE, SEEN, Asked, Kept, Visit, Who, since_delivery
from pulse.answers.machines import AT_ONCE

WHERE_SCANNED = 600.0
"""Seconds after delivery within which, in a scanned domain, a look is taken for the mail's own scan."""
SCANNED_FROM = 3
"""Letters opened at once, before a domain counts as scanned although no machine was seen."""
NO_HANDS_FROM = 3
"""Letters opened from one network and browser, before it says something that none of them was answered by hand."""
ONE_IN = 8
"""Where more than one in so many letters answered by hand was looked at by somebody else, machines look."""
FEW = 2
"""So many answer with a hand for each who only reads, where nothing more need be known."""
TOGETHER = 120.0
"""Seconds between a person and the machine that follows, or leads, each of their clicks."""


@dataclass
class Company:
    """What a round's visits tell about the networks and mail domains they come from."""

    _scanned: set[str] = field(default_factory=set)
    """Domains in which a machine was seen."""
    _machines: set[bytes] = field(default_factory=set)
    """Clusters from which one came."""
    _at_once: Counter[str] = field(default_factory=Counter)
    """By domain: letters opened right after delivery."""
    _looked_at: Counter[str] = field(default_factory=Counter)
    """By domain: letters that somebody looked at who was not seen to be a machine."""
    _opened: Counter[bytes] = field(default_factory=Counter)
    """By cluster: letters."""
    _hands: Counter[str | bytes] = field(default_factory=Counter)
    """By domain and by cluster: letters answered by hand."""
    _witnesses: list[tuple[str, list[tuple[bytes, bool]]]] = field(default_factory=list)
    """Letters answered by hand at which somebody else looked: domain; from which cluster, and whether with the hand."""

    def meet(self, asked: Asked[Who, Kept], machines: Collection[int], by_hand: Sequence[Visit[Kept]]) -> None:
        """Take one letter into account, with the visits that a machine made and those that count by a hand."""
        for visit in asked.visits:
            if visit.order in machines:
                self._scanned.add(asked.domain)
                self._machines.add(visit.cluster)
        weak = (visit for visit in asked.visits if visit.evidence < GESTURE)
        self._at_once[asked.domain] += any(_within(AT_ONCE, asked, visit) for visit in weak)
        self._looked_at[asked.domain] += any(
            visit.evidence >= SEEN and visit.order not in machines for visit in asked.visits
        )
        self._opened.update({visit.cluster for visit in asked.visits})
        if by_hand:
            self._witness(asked, machines, by_hand)

    def readers(
        self, waiting: Iterable[tuple[Asked[Who, Kept], Collection[int]]], letters: Mapping[str, int]
    ) -> Iterator[tuple[Asked[Who, Kept], Visit[Kept]]]:
        """The visits that only looked and were people, of letters that nobody answered by hand.

        `letters` counts, by domain, all that were sent.
        """
        strays, companions = self._looks_of_machines()
        found = []
        for asked, machines in waiting:
            look = self._look(asked, machines)
            hands = self._hands[asked.domain]
            if look is None or ONE_IN * strays[asked.domain] > hands:
                continue
            if ONE_IN * companions[asked.domain] <= hands or _accompanied(asked, look):
                found.append((asked, look))
        lookers: Counter[str | bytes] = Counter()
        for asked, look in found:
            lookers.update([asked.domain, look.cluster])
        for asked, look in found:
            silent = letters.get(asked.domain, 0) - self._looked_at[asked.domain]
            if self._are_few(asked.domain, look.cluster, lookers, silent):
                yield asked, look

    def _witness(self, asked: Asked[Who, Kept], machines: Collection[int], by_hand: Sequence[Visit[Kept]]) -> None:
        theirs = {visit.cluster for visit in by_hand}
        self._hands.update([asked.domain, *theirs])
        looks = [
            (visit.cluster, any(_together(visit, hand) for hand in by_hand))
            for visit in asked.visits
            if visit.evidence == SEEN
            and visit.order not in machines
            and visit.cluster not in theirs
            and not _within(AT_ONCE, asked, visit)
        ]
        if looks:
            self._witnesses.append((asked.domain, looks))

    def _looks_of_machines(self) -> tuple[Counter[str], Counter[str]]:
        """By domain, letters answered by hand at which somebody else looked: at their own hour, and with the hand."""
        strays: Counter[str] = Counter()
        companions: Counter[str] = Counter()
        for domain, looks in self._witnesses:
            together = [with_hand for cluster, with_hand in looks if not self._no_hands_at(cluster)]
            strays[domain] += not all(together)
            companions[domain] += any(together)
        return strays, companions

    def _no_hands_at(self, cluster: bytes) -> bool:
        """Whether several letters, or all of one's links, were opened from here, and none was ever answered."""
        return (cluster in self._machines or self._opened[cluster] >= NO_HANDS_FROM) and not self._hands[cluster]

    def _look(self, asked: Asked[Who, Kept], machines: Collection[int]) -> Visit[Kept] | None:
        """The last look, if all visits agree on one link that neither a machine nor the mail's own scan made."""
        scanned = asked.domain in self._scanned or self._at_once[asked.domain] >= SCANNED_FROM
        patience = WHERE_SCANNED if scanned else AT_ONCE
        left = [
            visit
            for visit in asked.visits
            if visit.order not in machines
            and not self._no_hands_at(visit.cluster)
            and (visit.evidence >= GESTURE or not _within(patience, asked, visit))
        ]
        if len({visit.link for visit in left}) > 1:
            return None
        seen = [visit for visit in left if visit.evidence == SEEN and visit.question]
        look = max(seen, key=lambda visit: visit.order, default=None)
        alike = (visit for visit in asked.visits if look and visit.cluster == look.cluster)
        if any(visit.order in machines and visit.evidence >= SEEN for visit in alike):
            return None
        return look

    def _are_few(self, domain: str, cluster: bytes, lookers: Counter[str | bytes], silent: int) -> bool:
        """Whether those who only look are the few among those with hands, in this domain and at this place.

        A machine that looks wherever nobody answers leaves few letters silent; people leave many.
        """
        shared = cluster in self._machines or self._opened[cluster] >= NO_HANDS_FROM
        if shared and lookers[cluster] > self._hands[cluster]:
            return False
        many = lookers[domain] * (1 if silent >= lookers[domain] else FEW)
        return lookers[domain] == 1 or many <= self._hands[domain]


def _accompanied(asked: Asked[Who, Kept], look: Visit[Kept]) -> bool:
    return any(visit.cluster != look.cluster and _together(visit, look) for visit in asked.visits)


def _within(seconds: float, asked: Asked[Who, Kept], visit: Visit[Kept]) -> bool:
    """Whether the visit came so soon after a letter, or before any that is known."""
    since = since_delivery(asked.delivered, visit)
    return since is None or since < seconds


def _together(one: Visit[Kept], other: Visit[Kept]) -> bool:
    return one.link == other.link and abs(one.at - other.at) <= TOGETHER
