"""Companies without browsers: letters, people and machines of any kind, met by the page's own logic and the real rule.

A door does what the page does: once something counts, every link is neutral, a hand there answers nothing,
and only a second press does. What each visitor can give is their evidence class.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pulse.answers.evidence import GESTURE, PRESSED, PRESSED_AGAIN, SCRIPT_RAN, SEEN, Asked, Visit
from pulse.answers.judging import judge, judge_round

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
Wave = tuple[float, Sequence[tuple[str, int]]]
"""Seconds after delivery, and the links that are opened then: part and option."""
Schedule = Callable[[random.Random, float | None, int | None], list[Wave]]
"""From chance, and from when and what a person clicks, if anybody does."""


@dataclass
class Letter:
    """One letter with its door, delivered at 0."""

    visits: list[Visit[int]] = field(default_factory=list)
    thanked: int | None = None
    """What somebody was last thanked for."""

    def open(self, link: tuple[str, int], at: float, cluster: bytes, able: int) -> bool:
        """Open a link as somebody who can give this evidence; whether they are thanked."""
        part, option = link
        is_in = bool(judge(self.visits, (0.0,)))
        self._add(SCRIPT_RAN, "", option, at, cluster, part)
        if able == SCRIPT_RAN:
            return False
        self._add(able, "" if is_in or able < SEEN else "B", option, at, cluster, part)
        return able >= GESTURE and not is_in and self._is_thanked(option)

    def press_again(self, link: tuple[str, int], at: float, cluster: bytes) -> bool:
        """Press what a press has brought to light."""
        self._add(PRESSED_AGAIN, "B", link[1], at, cluster, link[0])
        return self._is_thanked(link[1])

    def _is_thanked(self, option: int) -> bool:
        counts = judge(self.visits, (0.0,)).get("B") == option
        self.thanked = option if counts else self.thanked
        return counts

    def _add(self, evidence: int, question: str, option: int, at: float, cluster: bytes, part: str) -> None:
        link = f"{part}{option}".encode()
        self.visits.append(Visit(len(self.visits), question, evidence, option, at, cluster, link, part))


@dataclass(frozen=True)
class Person:
    """Who answers: when, what, from where, and what of it a page can see."""

    at: float
    option: int
    cluster: bytes
    able: int


@dataclass(frozen=True)
class Machine:
    """What it can give, and whether its address stays, changes with each wave or with each link."""

    able: int
    network: str
    pace: float
    """Seconds between two links of a wave."""


@dataclass(frozen=True)
class Outcome:
    """Of one letter."""

    person: Person | None
    pressed: int
    counted: int | None


def people(chance: random.Random, many: int, share: float, readers: float) -> list[Person | None]:
    """So many letters, of which a share is answered; some of whom answers only read, from ten minutes on."""
    found: list[Person | None] = []
    for number in range(many):
        if chance.random() > share:
            found.append(None)
            continue
        reads = chance.random() < readers
        able = SEEN if reads else chance.choice([GESTURE, GESTURE, GESTURE, PRESSED])
        at = chance.uniform(610 if reads else 45, 8 * HOUR)
        home = b"office" if chance.random() < 0.4 else f"home {number}".encode()
        found.append(Person(at, chance.randrange(5), home, able))
    return found


def play(
    chance: random.Random, everybody: Sequence[Person | None], machine: Machine | None, schedule: Schedule
) -> list[Outcome]:
    """Let everything happen to one company's letters, in the order of time; what the round counts of each."""
    letters, pressed = [Letter() for _ in everybody], []
    for number, (letter, person) in enumerate(zip(letters, everybody, strict=True)):
        steps: list[tuple[float, Callable[[], int]]] = []
        if machine is not None:
            waves = schedule(chance, person.at if person else None, person.option if person else None)
            steps += [step for count, wave in enumerate(waves) for step in _scan(letter, machine, wave, number, count)]
        if person is not None:
            steps.append((person.at, _answering(letter, person)))
        presses = [act() for _, act in sorted(steps, key=lambda step: step[0])]
        pressed.append(sum(presses))
    asked = [Asked(number, "a.example", (0.0,), letter.visits) for number, letter in enumerate(letters)]
    counted = {
        who: option
        for who, _, option in judge_round((one for one in asked if one.visits), lambda: {"a.example": len(asked)})
    }
    return [Outcome(person, pressed[number], counted.get(number)) for number, person in enumerate(everybody)]


def _answering(letter: Letter, person: Person) -> Callable[[], int]:
    def answer() -> int:
        """Answer by one click; whoever is not thanked presses, and presses again. Readers do not."""
        link = ("html", person.option)
        if letter.open(link, person.at, person.cluster, person.able) or person.able == SEEN:
            return 0
        is_in = bool(judge(letter.visits, (0.0,)))
        if not is_in and letter.open(link, person.at + 5, person.cluster, PRESSED):
            return 1
        letter.press_again(link, person.at + 9, person.cluster)
        return 2

    return answer


def _scan(
    letter: Letter, machine: Machine, wave: Wave, number: int, count: int
) -> list[tuple[float, Callable[[], int]]]:
    steps = []
    for turn, link in enumerate(wave[1]):
        name = {"gateway": "gateway", "office": "office", "cloud": f"{number} {count}"}
        cluster = name.get(machine.network, f"{number} {count} {turn}").encode()
        at = wave[0] + machine.pace * turn
        steps.append((at, _opening(letter, link, at, cluster, machine.able)))
    return steps


def _opening(letter: Letter, link: tuple[str, int], at: float, cluster: bytes, able: int) -> Callable[[], int]:
    def look() -> int:
        letter.open(link, at, cluster, able)
        return 0

    return look
