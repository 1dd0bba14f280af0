"""The staff of a random organisation, and what a month does to it: joiners, leavers, movers, splits, merges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from pulse.rounds.counting import PARTED

SHAPES = ("single", "flat", "chain", "departments", "lopsided", "two tops")
SIZES = {"small": (1, 6), "edge": (4, 6), "mixed": (3, 14), "strict edge": (7, 11), "large": (14, 45)}
LEAVES, JOINS, MOVES, SPLITS, MERGES = 0.012, 0.015, 0.008, 0.05, 0.05
LED, LED_TOGETHER, AT_PARENT = 0.85, 0.15, 0.2


@dataclass
class Team:
    """One team; its path follows from its parents."""

    number: int
    parent: Team | None
    members: list[str] = field(default_factory=list)
    leader: str | None = None

    @property
    def path(self) -> str:
        """As the roster writes it."""
        own = f"t{self.number}"
        return f"{self.parent.path}{PARTED}{own}" if self.parent else own


class Staff:
    """Teams and people, changed month by month."""

    def __init__(self, chance: Random, name: str, people: int) -> None:
        self.name = name
        self._chance = chance
        self._teams: list[Team] = []
        self._hired = 0
        self._team_number = 0
        self.shape = shape = chance.choice(SHAPES)
        size = chance.choice(list(SIZES))
        for _ in range(2 if shape == "two tops" else 1):
            self._found(None, chance.randint(0, 6))
        while shape != "single" and sum(len(team.members) for team in self._teams) < people:
            self._found(self._place(shape), chance.randint(*SIZES[size]))
        for _ in range(people - sum(len(team.members) for team in self._teams)):
            self._join(chance.choice(self._teams))
        self._appoint()

    def paths(self) -> list[str]:
        """Every team's path."""
        return [team.path for team in self._teams]

    def people(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Name, team and led teams of everybody, in a fixed order."""
        leads: dict[str, list[str]] = {}
        for team in self._teams:
            if team.leader is not None:
                leads.setdefault(team.leader, []).append(team.path)
        for team in self._teams:
            for name in team.members:
                yield name, team.path, tuple(sorted(leads.get(name, ())))

    def live_a_month(self) -> None:
        """Some leave, some move, some come; now and then a team splits or two become one."""
        chance = self._chance
        for team in list(self._teams):
            for name in list(team.members):
                fate = chance.random()
                if fate < LEAVES:
                    team.members.remove(name)
                elif fate < LEAVES + MOVES:
                    team.members.remove(name)
                    chance.choice(self._teams).members.append(name)
                elif fate < LEAVES + MOVES + JOINS:
                    self._join(team)
        if chance.random() < SPLITS:
            self._split()
        if chance.random() < MERGES:
            self._merge()
        self._appoint()

    def _found(self, parent: Team | None, people: int) -> Team:
        team = Team(self._team_number, parent)
        self._team_number += 1
        self._teams.append(team)
        for _ in range(people):
            self._join(team)
        return team

    def _place(self, shape: str) -> Team:
        tops = [team for team in self._teams if team.parent is None]
        if shape == "chain":
            return self._teams[-1]
        if shape == "departments":
            departments = [team for team in self._teams if team.parent in tops]
            return self._chance.choice(departments) if len(departments) > 2 else tops[0]
        if shape == "flat":
            return tops[0]
        return self._chance.choice(self._teams)

    def _join(self, team: Team) -> None:
        team.members.append(f"p{self._hired}")
        self._hired += 1

    def _split(self) -> None:
        """Half of a team goes on beside it, or below it."""
        team = self._chance.choice(self._teams)
        half = len(team.members) // 2
        beside = team.parent is not None and self._chance.random() < 0.5
        part = self._found(team.parent if beside else team, 0)
        part.members, team.members = team.members[:half], team.members[half:]

    def _merge(self) -> None:
        """A team without teams below it goes up into its parent or over into a sister."""
        parents = {id(team.parent) for team in self._teams}
        leaves = [team for team in self._teams if team.parent is not None and id(team) not in parents]
        if not leaves:
            return
        gone = self._chance.choice(leaves)
        sisters = [team for team in self._teams if team.parent is gone.parent and team is not gone]
        target = self._chance.choice(sisters) if sisters else gone.parent
        assert target is not None
        target.members += gone.members
        self._teams.remove(gone)

    def _appoint(self) -> None:
        """Leaders who are still here stay; others are found among the members, the parent's people or the sisters."""
        here = {name for team in self._teams for name in team.members}
        for team in self._teams:
            if team.leader in here:
                continue
            team.leader = None
            if self._chance.random() >= LED:
                continue
            pool = list(team.members)
            if team.parent is not None and self._chance.random() < AT_PARENT:
                pool = list(team.parent.members)
            if self._chance.random() < LED_TOGETHER:
                pool = [other.leader for other in self._teams if other.leader in here and other.leader is not None]
            if pool:
                team.leader = self._chance.choice(pool)
