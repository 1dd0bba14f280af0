"""What an attacker holds: groups of people, and between which totals their answers lie.

Built from the export, the roster and who answered; nothing else goes in (science.md B6.2).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.disclosure.publishing import Frozen
from benchmarks.disclosure.windows import Windows


@dataclass(frozen=True)
class Reading:
    """One published figure, read by someone who knows the method."""

    members: frozenset[str]
    low: int
    high: int


@dataclass(frozen=True)
class Groups:
    """People whom no reading tells apart stand together: for the attacker they are alike."""

    people: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[tuple[int, ...], int, int], ...]
    """For each reading the groups in it, and the least and largest total."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many people stand in each group."""
        return tuple(map(len, self.people))


def read_export(
    text: bytes, frozen: Frozen, question: str, answered: Mapping[str, Sequence[str]], windows: Windows
) -> list[Reading]:
    """Ruil's own figures of one question; `answered` is node → who answered there."""
    lines = (json.loads(line) for line in text.decode().splitlines())
    return [
        Reading(
            frozenset(name for path in line["teams"] for name in answered.get(path, ())),
            *windows.of(line["respondents"], frozen.minimum_group, line["value"]),
        )
        for line in lines
        if line["question"] == question
    ]


def groups_of(readings: Sequence[Reading]) -> Groups:
    """The people of all readings, by the readings that they are in."""
    everybody = sorted({name for reading in readings for name in reading.members})
    signed: dict[tuple[int, ...], list[str]] = {}
    for name in everybody:
        signed.setdefault(tuple(place for place, found in enumerate(readings) if name in found.members), []).append(
            name
        )
    signatures = list(signed)
    return Groups(
        people=tuple(tuple(names) for names in signed.values()),
        rows=tuple(
            (tuple(group for group, signature in enumerate(signatures) if place in signature), found.low, found.high)
            for place, found in enumerate(readings)
        ),
    )


def linked(groups: Groups) -> list[set[int]]:
    """For each group those that some chain of readings ties to it: an insider elsewhere learns nothing about it."""
    found = [{place} for place in range(len(groups.people))]
    for row, _, _ in groups.rows:
        together = set().union(*(found[place] for place in row)) if row else set()
        for place in together:
            found[place] = together
    return found
