"""Organisations of any size as their ledger would hold them: departments, teams, a year, and some give-backs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from pulse.giveback import Told
from pulse.questions import questions_for
from pulse.reports.facts import story_of
from pulse.reports.lens import Published, Subject
from pulse.reports.overview import Overview, Place, overview_of
from pulse.results import PublishedFigure
from pulse.results.rounding import publish, shown
from tests.reports.stories import number, periods

ROOT = "Stichting De Linde"
DEPARTMENTS = ("Wijkzorg", "Verpleging", "Behandeling", "Dagbesteding", "Thuisbegeleiding", "Jeugd", "Bedrijfsvoering")
PLACES = ("Noord", "Zuid", "Oost", "West", "Centrum", "De Haven", "Park", "Molenwijk", "Singel", "Lindenhof")
LAST = "2026-11"


@dataclass(frozen=True)
class Organisation:
    """What an overview is made of."""

    figures: list[PublishedFigure]
    rounds: list[tuple[int, str]]
    places: list[Place]
    told: dict[str, list[Told]]


def organisation(teams: int, months: int = 12) -> Organisation:
    """So many teams below departments; every ninth is too small and counts with its department's rest."""
    chance = Random(teams)
    paths = [_path(number, teams) for number in range(teams)]
    rounds = [(number(period), period) for period in periods(months, LAST)]
    middles = {path: chance.gauss(-4, 11) for path in paths}
    sizes = {path: chance.randint(7, 26) for path in paths}
    told = {
        path: [Told(periods(months)[-6], periods(months)[-5])] for path in paths[:: max(2, teams // 9)] if months > 6
    }
    figures = []
    for index, (round_id, period) in enumerate(rounds):
        for question in questions_for(period, promise=False):
            for block, label, counted in _blocks(paths):
                invited = sum(sizes[path] for path in counted)
                n = max(5, round(invited * chance.uniform(0.55, 0.95)))
                lift = 22 if told.get(block) and index > months - 6 else 0
                drift = chance.gauss(middles[counted[0]] + lift, 6) if question == "B" else chance.gauss(6, 10)
                total = sum(min(4, max(0, round((50 + chance.gauss(drift, 24)) / 25))) for _ in range(n))
                if chance.random() < 0.04:
                    continue
                figures.append(_figure(round_id, period, question, block, label, counted, total, n, invited))
    places = [
        Place(path, path.rpartition(" / ")[0], index % 7 != 3, index % 3 == 0) for index, path in enumerate(paths)
    ]
    nodes = {place.parent for place in places if place.parent}
    places += [Place(node, ROOT, True, False) for node in sorted(nodes)]
    return Organisation(figures, rounds, places, told)


def overview(made: Organisation, path: str = ROOT) -> Overview:
    """The overview of all of it, or of one branch."""
    subject = Subject(ROOT, path, path.rsplit(" / ", 1)[-1], ROOT, date(2026, 11, 10), 5, 0)
    story = story_of(Published(made.figures), made.rounds, subject, [], None)
    return overview_of(
        story, made.figures, made.rounds, made.places, made.told, path, whole=path == ROOT, colour="#7a1f5c"
    )


def _path(number: int, teams: int) -> str:
    departments = DEPARTMENTS[: max(1, min(len(DEPARTMENTS), teams // 6))]
    department, place = departments[number % len(departments)], number // len(departments)
    name = PLACES[place % len(PLACES)] + (f" {place // len(PLACES) + 1}" if place >= len(PLACES) else "")
    return f"{ROOT} / {department} / {name}"


def _blocks(paths: list[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    small = {path for index, path in enumerate(paths) if index % 9 == 5}
    own = [(path, path, (path,)) for path in paths if path not in small]
    rests: dict[str, list[str]] = {}
    for path in sorted(small):
        rests.setdefault(path.rpartition(" / ")[0], []).append(path)
    return own + [(node, f"rest of {node}", tuple(found)) for node, found in rests.items()]


def _figure(
    round_id: int,
    period: str,
    question: str,
    block: str,
    label: str,
    counted: tuple[str, ...],
    total: int,
    n: int,
    invited: int,
) -> PublishedFigure:
    value = publish(total, n, 5)
    return PublishedFigure(
        1, round_id, period, question, block, label, counted, value, shown(value, n, 5), n, max(invited, n)
    )
