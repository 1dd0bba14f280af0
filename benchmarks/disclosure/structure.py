"""One answer, one figure; managers one level up; keys that no answer moves (science.md B4b, B4c, B5, B6.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.disclosure.publishing import Frozen, close_month, respondents
from benchmarks.disclosure.worlds import Answers, Month
from pulse.results import rounding

FEWEST = 5
"""Said here once more: the harness must not learn the promise from the code it attacks."""


@dataclass(frozen=True)
class Counted:
    """One published row and the people whose answers are in it: what a reader of roster and response can work out."""

    row: Any
    members: tuple[str, ...]
    options: tuple[int, ...]


def counted(frozen: Frozen, answers: Answers, rows: Sequence[Any]) -> list[Counted]:
    """Every row with its people and, for the checks alone, what they answered."""
    by_question = {question: respondents(frozen, question, answers) for question in {row.question for row in rows}}
    found = []
    for row in rows:
        there = by_question[row.question]
        members = tuple(name for path in row.teams for name in there.get(path, ()))
        found.append(Counted(row, members, tuple(answers[row.question][name] for name in members)))
    return found


def faults(frozen: Frozen, answers: Answers, figures: Sequence[Counted]) -> Iterator[str]:
    """Every answer in exactly one figure, every figure of enough people and of nothing but their total."""
    for question in frozen.every_question():
        there = sorted(name for names in respondents(frozen, question, answers).values() for name in names)
        heard = sorted(name for figure in figures if figure.row.question == question for name in figure.members)
        if heard != there and (heard or len(there) >= frozen.minimum_group):
            yield "an answer counts in no figure, or in more than one"
    for figure in figures:
        size = len(figure.members)
        if size < FEWEST or size < frozen.minimum_group:
            yield "a figure describes too few people"
        elif figure.row.respondents != size:
            yield "a figure says another number of people than it has"
        elif figure.row.value != rounding.publish(sum(figure.options), size, frozen.minimum_group):
            yield "a figure is not the rounding of its own total"


def managers_below(frozen: Frozen, month: Month) -> Iterator[str]:
    """Nobody counts in a team they lead, nor below one; only who leads the top counts at the top."""
    root = next(path for path, parent in frozen.parents.items() if parent is None)
    for person in month.people:
        node = frozen.counting[person.name]
        for led in person.leads:
            if node != root and (node == led or node.startswith(f"{led} / ")):
                yield "a manager counts in a team they lead"


def keys(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Everything that is published but the value and its words."""
    return [(row.question, row.block, row.label, *row.teams, row.respondents, row.invited) for row in rows]


def other_answers(chance: Random, answers: Answers) -> Iterator[Answers]:
    """The same people answering otherwise: changed places, all alike at either end, and at random."""
    shuffled = {}
    for question, said in answers.items():
        options = list(said.values())
        chance.shuffle(options)
        shuffled[question] = dict(zip(said, options, strict=True))
    yield shuffled
    for option in (0, 4):
        yield {question: dict.fromkeys(said, option) for question, said in answers.items()}
    yield {question: {name: chance.randrange(5) for name in said} for question, said in answers.items()}


def seen_through(frozen: Frozen, answers: Answers, rows: Sequence[Any], chance: Random) -> Iterator[str]:
    """Whether any answer moved what is shown, or hidden, or what a group is called."""
    expected = keys(rows)
    for other in other_answers(chance, answers):
        if keys(close_month(frozen, other)) != expected:
            yield "what is shown depends on what was answered"
            return
