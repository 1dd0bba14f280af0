"""Random organisations with known answers: the ground on which every attack is tried (science.md B6.6).

A world is what only its own people know. Nothing in it is ever shown to the attacker but rosters and who answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.disclosure.staff import Staff
from pulse.questions import questions_for
from pulse.rounds.counting import PARTED

Answers = Mapping[str, Mapping[str, int]]
"""Question → person → option 0 to 4; who is not in it did not answer."""
RESPONSE = (0.15, 0.4, 0.6, 0.75, 0.8, 0.9, 1.0)
USUAL = (10, 25, 40, 20, 5)
MOODS = {
    "usual": USUAL,
    "floor": (90, 8, 2, 0, 0),
    "ceiling": (0, 0, 2, 8, 90),
    "zero": (1, 0, 0, 0, 0),
    "four": (0, 0, 0, 0, 1),
    "middle": (0, 10, 80, 10, 0),
    "parted": (50, 0, 0, 0, 50),
    "even": (1, 1, 1, 1, 1),
}
"""How a team answers: the usual way, and the ways that give most away."""
KINDS = ("ordinary", "varied")
"""Three quarters to four fifths answer, in the usual way; or any response and any mood."""
SKIPPED = {"B": 0.0, "R": 0.05, "P": 0.5}
REPEATED = 0.6


@dataclass(frozen=True)
class Person:
    """Someone on the frozen roster of a month."""

    name: str
    team: str
    leads: tuple[str, ...]


@dataclass(frozen=True)
class Month:
    """One round: its roster, the teams that hold a promise, and what was answered."""

    number: int
    period: str
    teams: tuple[str, ...]
    people: tuple[Person, ...]
    promised: frozenset[str]
    answers: Answers


@dataclass(frozen=True)
class World:
    """One organisation over its months."""

    name: str
    kind: str
    shape: str
    """What its tree looks like: one of `staff.SHAPES`."""
    minimum_group: int
    months: tuple[Month, ...]


def world(seed: int, number: int, months: int = 24, largest: int = 150, smallest: int = 30) -> World:
    """The organisation with this number under this seed: always the same one."""
    chance = Random(f"{seed}/{number}")
    minimum_group = 8 if number % 4 == 3 else 5
    name = f"Organisation {number}"
    staff = Staff(chance, name, chance.randint(min(smallest, largest), largest))
    kind = "ordinary" if number % 5 == 4 else "varied"
    return World(name, kind, staff.shape, minimum_group, tuple(_months(chance, staff, months, kind)))


def _months(chance: Random, staff: Staff, count: int, kind: str) -> Iterator[Month]:
    response = chance.uniform(0.75, 0.8) if kind == "ordinary" else chance.choice(RESPONSE)
    moods = ["usual"] if kind == "ordinary" else ["usual"] * 4 + list(MOODS)
    before: dict[str, int] = {}
    for number in range(count):
        if number:
            staff.live_a_month()
        period = f"{2025 + number // 12}-{number % 12 + 1:02}"
        teams = tuple(sorted(staff.paths()))
        people = tuple(Person(*facts) for facts in staff.people())
        promised = frozenset(team for team in teams if number and chance.random() < 0.15)
        answers = _answers(
            chance, people, questions_by_team(teams, period, promised, staff.name), response, moods, before
        )
        yield Month(number, period, teams, people, promised, answers)


def questions_by_team(
    teams: tuple[str, ...], period: str, promised: frozenset[str], organisation: str
) -> dict[str, list[str]]:
    """What each node asks this month; the organisation itself is one where there are several tops."""
    every = {PARTED.join(path.split(PARTED)[: depth + 1]) for path in teams for depth in range(path.count(PARTED) + 1)}
    return {path: questions_for(period, path in promised) for path in every | {organisation}}


def _answers(
    chance: Random,
    people: tuple[Person, ...],
    asked: Mapping[str, list[str]],
    response: float,
    moods: Sequence[str],
    before: dict[str, int],
) -> dict[str, dict[str, int]]:
    """Who answers is drawn by team, what they answer by their team's mood and their own month before."""
    ways: dict[str, tuple[float, str]] = {}
    said: dict[str, dict[str, int]] = {}
    for person in people:
        if person.team not in ways:
            jitter = 0.0 if response == 1.0 else chance.uniform(-0.15, 0.15)
            ways[person.team] = (response + jitter, chance.choice(moods))
        rate, mood = ways[person.team]
        if chance.random() >= rate:
            continue
        # Every question anybody is asked: the publishing code picks those of the node where the person counts.
        for question in sorted({question for questions in asked.values() for question in questions}):
            if chance.random() >= SKIPPED.get(question, 0.1):
                said.setdefault(question, {})[person.name] = _option(chance, person.name, mood, before)
    return said


def _option(chance: Random, name: str, mood: str, before: dict[str, int]) -> int:
    if mood != "usual" or name not in before or chance.random() >= REPEATED:
        before[name] = chance.choices(range(5), MOODS[mood])[0]
    return before[name]
