"""Simulated teams: what each person would answer in the long run, and what they answer in a month (science.md A4).

A person's place on 0 to 100 is the team's centre plus a lasting part; each month adds a passing part. Together they
vary by σ = 28 as observed, half of it lasting (ρ = 0.5); the answer is the nearest of 0 to 4.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np

from pulse.results.blocks import Node, cut
from pulse.results.indices import ICC, RHO, SIGMA, PublishedFigure
from pulse.results.rounding import publish, shown

STEP = 25
LASTING = sqrt(RHO) * SIGMA
PASSING = sqrt((1 - RHO) * SIGMA**2 - STEP**2 / 12)
"""Rounding to five answers varies too; what it adds is taken from the passing part."""
BETWEEN = sqrt(SIGMA**2 * ICC / (1 - ICC))
"""How far the centres of teams lie apart."""
PATH = "Zorg / Noord"


def people(chance: np.random.Generator, count: int, centre: float) -> np.ndarray:
    """The lasting places of a team's people."""
    return centre + LASTING * chance.standard_normal(count)


def answers(chance: np.random.Generator, places: np.ndarray) -> np.ndarray:
    """What people at these places answer this month, 0 to 4."""
    felt = places + PASSING * chance.standard_normal(places.shape)
    return np.clip(np.rint(felt / STEP), 0, 4).astype(int)


@cache
def _expected_by_place() -> np.ndarray:
    """For every tenth of a point from −200 to 300 the mean answer, in points: summed, not drawn."""
    places = np.arange(-2000, 3001) / 10
    steps = np.linspace(-6, 6, 1201)
    weights = np.exp(-(steps**2) / 2)
    felt = np.clip(np.rint((places[:, None] + PASSING * steps[None, :]) / STEP), 0, 4)
    return np.asarray(STEP * (felt * weights).sum(axis=1) / weights.sum())


def truth(places: np.ndarray) -> float:
    """What this team's value would be if all of them answered for ever."""
    tenths = np.clip(np.rint(places * 10).astype(int) + 2000, 0, 5000)
    return float(_expected_by_place()[tenths].mean())


def figure(chance: np.random.Generator, places: np.ndarray, response: float, month: int) -> PublishedFigure | None:
    """One month of one team as the product publishes it; None where fewer than five answered."""
    there = answers(chance, places)[chance.random(len(places)) < response]
    found = cut({PATH: Node(PATH, None, len(places), tuple(there.tolist()))}, 5)
    if not found:
        return None
    (block,) = found
    value = publish(block.total, block.respondents)
    return PublishedFigure(
        organisation_id=1,
        round_id=month,
        period=f"{2025 + month // 12}-{month % 12 + 1:02}",
        question="B",
        block=block.path,
        label=block.label,
        teams=block.nodes,
        value=value,
        shown=shown(value, block.respondents),
        respondents=block.respondents,
        invited=block.invited,
    )
