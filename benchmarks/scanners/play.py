"""Letting machines and people loose: each letter's visits in the order of their time, many letters side by side."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.async_api import Error

from benchmarks.scanners import people
from benchmarks.scanners.people import HABITS, Habit
from benchmarks.scanners.scanners import Machine, driven
from benchmarks.scanners.scene import Person
from benchmarks.scanners.schedules import SCHEDULES, Click, Wave
from benchmarks.scanners.stage import Stage
from pulse.answers.machines import BURST_LINKS
from pulse.answers.readers import TOGETHER

SIDE_BY_SIDE = 8
LONGEST = 120
TEN_MINUTES = 600.0
"""Seconds for one letter; what breaks off is counted and named."""
NETWORKS = ("gateway", "cloud", "office", "swarm")
"""The scanner keeps its network, changes it with each wave or with each link, or shares that of the staff."""


@dataclass(frozen=True)
class Gateway:
    """How one company's mail is scanned; without a machine, not at all."""

    domain: str
    machine: Machine | None
    schedule: str = ""
    network: str = "gateway"


@dataclass
class Letter:
    """What happened with one letter."""

    person: Person
    gateway: Gateway
    habit: Habit | None
    click: Click = None
    option: int | None = None
    second_click: bool = False
    waves: list[Wave] = field(default_factory=list)
    failed: str = ""
    """Where a person did not get through, in the browser's words: such letters stay in the figures."""
    broke_off: bool = False
    """Our own machines ran out of time."""

    @property
    def is_limit(self) -> bool:
        """A machine with hands that opens one link, first or from elsewhere: there, it is exactly what a person is."""
        machine = self.gateway.machine
        if machine is None or not machine.has_hands or not self.waves:
            return False
        later = self.waves[1:] if self.gateway.network in {"cloud", "swarm"} else []
        alone = [self.waves[0], *later, *(wave for wave in self.waves if wave.elsewhere)]
        return any(len(wave.tokens) == 1 for wave in alone)

    @property
    def was_looked_at(self) -> bool:
        """A machine looked at an hour of its own from an address that nothing else comes from: as a reader does."""
        click = self.click[0] if self.click else 0.0
        fresh = self.gateway.network in {"cloud", "swarm"}
        return any(
            (fresh or wave.elsewhere)
            and len(wave.tokens) < BURST_LINKS
            and wave.after > TEN_MINUTES / 2
            and abs(wave.after - click) > TOGETHER
            for wave in self.waves
        )


def gateways(chance: random.Random, machines: Sequence[Machine]) -> list[Gateway]:
    """Companies: one for each machine, with all schedules and networks in turn; and two without."""
    schedules = itertools.cycle(chance.sample(sorted(SCHEDULES), len(SCHEDULES)))
    networks = itertools.cycle(NETWORKS)
    return [
        *(
            Gateway(f"m{number}.example", machine, next(schedules), next(networks))
            for number, machine in enumerate(chance.sample(machines, len(machines)))
        ),
        *(Gateway(f"clean{number}.example", None) for number in range(2)),
    ]


class Play:
    """One run."""

    def __init__(self, stage: Stage, chance: random.Random, until: float) -> None:
        self.stage = stage
        self.chance = chance
        self.until = until
        self.letters: list[Letter] = []
        self._networks = (f"127.{first}.{second}" for first in range(1, 255) for second in range(256))
        self._places: dict[str, itertools.count[int]] = {}
        self._known: dict[str, str] = {}

    def cast(self, gateway: Gateway, person: Person) -> Letter:
        """Decide what will happen with one letter: who is asked answers in six of ten cases."""
        answers = self.chance.random() < (0.6 if gateway.machine else 0.9)
        habit = self.chance.choices(HABITS, [habit.share for habit in HABITS])[0] if answers else None
        letter = Letter(person, gateway, habit)
        if habit is not None:
            letter.option = self.chance.randrange(5)
            letter.click = (self._delay(), person.html[letter.option])
        if gateway.machine is not None:
            letter.waves = SCHEDULES[gateway.schedule](self.chance, person, letter.click)
        self.letters.append(letter)
        return letter

    async def act(self) -> None:
        """Let everything happen."""
        side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        done = itertools.count(1)
        started = time.monotonic()

        async def one(letter: Letter) -> None:
            async with side_by_side:
                if time.monotonic() < self.until:
                    await self._watched(letter)
                else:
                    letter.broke_off = True
                number = next(done)
                if number % 100 == 0:
                    spent = time.monotonic() - started
                    print(f"{number} of {len(self.letters)} letters, {spent:.0f} s", file=sys.stderr, flush=True)

        self.chance.shuffle(self.letters)
        await asyncio.gather(*(one(letter) for letter in self.letters))

    async def _watched(self, letter: Letter) -> None:
        try:
            await asyncio.wait_for(self._live(letter), LONGEST)
        except TimeoutError:
            letter.broke_off = True

    async def _live(self, letter: Letter) -> None:
        steps: list[tuple[float, Wave | None]] = [(wave.after, wave) for wave in letter.waves]
        if letter.click is not None:
            steps.append((letter.click[0], None))
        for _, wave in sorted(steps, key=lambda step: step[0]):
            try:
                if wave is None:
                    await self._click(letter)
                else:
                    await self._scan(letter, wave)
            except (Error, OSError) as error:
                letter.failed = f"{type(error).__name__}: {str(error)[:200]}"
                if wave is not None or "closed" in letter.failed or "goto" in letter.failed:
                    letter.broke_off = True
                    return

    async def _scan(self, letter: Letter, wave: Wave) -> None:
        assert letter.gateway.machine is not None
        addresses = []
        for number, token in enumerate(wave.tokens):
            if number == 0 or letter.gateway.network == "swarm":
                network = next(self._networks) if wave.elsewhere else self._scanner_network(letter.gateway)
                root = await self._root(network, letter.person, wave.after)
            addresses.append(f"{root}/a/{token}")
        await letter.gateway.machine.visit(self.stage, addresses)

    async def _click(self, letter: Letter) -> None:
        assert letter.habit is not None and letter.click is not None and letter.option is not None
        after, token = letter.click
        home = self._network(letter.gateway.domain if letter.gateway.network == "office" else letter.person.email)
        root = await self._root(home, letter.person, after)
        if letter.habit.name == "forwarded link":
            elsewhere = await self._root(self._network(f"friend of {letter.person.email}"), letter.person, after)
            await driven("unseen", stay=1.0)(self.stage, [f"{elsewhere}/a/{token}"])
        others = {option: f"{root}/a/{one}" for option, one in enumerate(letter.person.html) if option != letter.option}
        browser = self.chance.choices(self.stage.staff, [4, 4, 2])[0]
        visit = people.Visit(self.stage, browser, f"{root}/a/{token}", letter.option, self.chance, others)
        clicked = people.Clicked(letter.option, second_click=not letter.habit.script)
        try:
            await people.answer(letter.habit, visit, clicked)
        finally:
            letter.option, letter.second_click = clicked.option, clicked.second_click

    def _delay(self) -> float:
        """Seconds until somebody clicks: few in the first ten minutes, most on the day itself."""
        return self.chance.choices(
            [
                self.chance.uniform(45, 600),
                self.chance.uniform(600, 8 * 3600),
                self.chance.uniform(8 * 3600, 4 * 86400),
            ],
            [6, 64, 30],
        )[0]

    def _scanner_network(self, gateway: Gateway) -> str:
        if gateway.network in {"cloud", "swarm"}:
            return next(self._networks)
        return self._network(gateway.domain if gateway.network == "office" else f"scanner of {gateway.domain}")

    def _network(self, whose: str) -> str:
        if whose not in self._known:
            self._known[whose] = next(self._networks)
        return self._known[whose]

    async def _root(self, network: str, person: Person, after: float) -> str:
        """A fresh address in this network, whose clock stands so many seconds after the letter came."""
        place = next(self._places.setdefault(network, itertools.count(1)))
        host = f"{network}.{place % 254 + 1}"
        await self.stage.be_at(host, person.delivered + after - time.time())
        return f"http://{host}:{self.stage.port}"
