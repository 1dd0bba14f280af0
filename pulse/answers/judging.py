"""What counts: one rule, from visits to answers. (pure)

GESTURE and more count, unless the letter itself shows that a machine made them. SEEN alone counts only
where all visits of the round, taken together, speak for a person. Weaker evidence never overwrites
stronger; of equal evidence the latest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pulse.answers.evidence import SEEN, Asked, Kept, Visit, Who, strongest
from pulse.answers.machines import first_try, machine_made
from pulse.answers.readers import Company


def judge_round(
    everybody: Iterable[Asked[Who, Kept]], letters: Callable[[], Mapping[str, int]] = dict
) -> Iterator[tuple[Who, str, Kept]]:
    """The answers that count, of a whole round: who, question, answer.

    `letters` counts, by mail domain, all that were sent; it is asked only where somebody may only have read.

    The order of invitations and of visits does not matter, and judging again gives the same.
    """
    company = Company()
    waiting: list[tuple[Asked[Who, Kept], set[int]]] = []
    for asked in everybody:
        machines = _machines(asked.visits, asked.delivered)
        counted = strongest(visit for visit in asked.visits if visit.order not in machines)
        for visit in counted.values():
            yield asked.who, visit.question, visit.kept
        company.meet(asked, machines, list(counted.values()))
        if not counted and any(visit.evidence == SEEN for visit in asked.visits):
            waiting.append((asked, machines))
    for asked, look in company.readers(waiting, letters() if waiting else {}):
        yield asked.who, look.question, look.kept


def judge(visits: Sequence[Visit[Kept]], delivered: Sequence[float] = ()) -> dict[str, Kept]:
    """What counts of one letter on a hand's evidence alone, by question."""
    return {question: visit.kept for question, visit in counting(visits, delivered).items()}


def counting(visits: Sequence[Visit[Kept]], delivered: Sequence[float]) -> dict[str, Visit[Kept]]:
    """The visits of one letter that count on a hand's evidence alone, by question."""
    machines = _machines(visits, delivered)
    return strongest(visit for visit in visits if visit.order not in machines)


def _machines(visits: Sequence[Visit[Kept]], delivered: Sequence[float]) -> set[int]:
    machines = machine_made(visits)
    return machines | first_try(delivered, visits, machines) if len(visits) > 1 else machines
