"""What safety costs: who keeps a figure of their own, and how far rounding moves it (science.md B5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any

from benchmarks.disclosure.derived import teams_told
from benchmarks.disclosure.naive import STRICT, USUAL, publish_naively
from benchmarks.disclosure.publishing import Frozen, published, respondents
from benchmarks.disclosure.staff import SHAPES
from benchmarks.disclosure.structure import Counted
from benchmarks.disclosure.worlds import Month
from pulse.results.indices import node_value

ENOUGH = 5
LEAST_KEPT = 0.97
"""Of the team-months with five answers or more, in ordinary organisations together: how many keep their own figure."""
ENOUGH_TEAMS = 5000
"""From how many team-months on that share is judged."""
Tally = Counter[str]


def count_month(
    tally: Tally, frozen: Frozen, month: Month, figures: Sequence[Counted], rows: Sequence[Any], shape: str
) -> None:
    """Add one month's balance figures to the tally: how many answers, teams and points."""
    said = month.answers.get("B", {})
    there = respondents(frozen, "B", month.answers)
    balance = [figure for figure in figures if figure.row.question == "B"]
    tally["answers"] += len(said)
    tally["answers heard"] += sum(len(figure.members) for figure in balance)
    if len(said) < frozen.minimum_group:
        tally["answers too few to publish"] += len(said)
    own = {figure.row.block: figure for figure in balance}
    if frozen.minimum_group == ENOUGH:
        for path, names in there.items():
            if len(names) >= ENOUGH:
                kept = path in own and not own[path].row.label.endswith(" and others")
                for where in ("teams", f"teams, {shape}"):
                    tally[where] += 1
                    tally[f"{where} with a figure"] += kept
                tally["teams alone in it"] += path in own and own[path].row.teams == [path]
    for figure in balance:
        error = figure.row.value - 25 * sum(figure.options) / len(figure.options)
        _moved(tally, "team", error, outside=_tail(figure.row.shown))
    value = node_value(published(figure.row for figure in balance))
    if value is not None:
        _moved(tally, "organisation", value.value - 25 * sum(said.values()) / len(said), outside=False)
    _count_readers(tally, frozen, month, rows)


def add(tally: Tally, other: Tally) -> None:
    """Sums of both, and the larger of what is largest."""
    largest = {name: max(tally[name], other[name]) for name in other if name.endswith("largest")}
    tally.update(other)
    for name, number in largest.items():
        tally[name] = number


def count_naive(tally: Tally, frozen: Frozen, month: Month) -> None:
    """The same team-months under the usual rule and the strict one."""
    said = month.answers.get("B", {})
    if frozen.minimum_group != ENOUGH:
        return
    for name, rule in (("usual", USUAL), ("strict", STRICT)):
        shown = publish_naively(rule, month, frozen.organisation, said)
        sizes = Counter(person.team for person in month.people if person.name in said)
        tally[f"{name} teams"] += sum(size >= ENOUGH for size in sizes.values())
        tally[f"{name} shown"] += sum(size >= ENOUGH and path in shown for path, size in sizes.items())


def _tail(shown: str) -> bool:
    return shown.startswith(("≤", "≥"))


def _moved(tally: Tally, level: str, error: float, *, outside: bool) -> None:
    tally[f"{level} figures"] += 1
    tally[f"{level} squares"] += error**2  # type: ignore[assignment]
    tally[f"{level} largest"] = max(tally[f"{level} largest"], abs(error))  # type: ignore[assignment]
    if not outside:
        tally[f"{level} figures between"] += 1
        tally[f"{level} squares between"] += error**2  # type: ignore[assignment]


def _count_readers(tally: Tally, frozen: Frozen, month: Month, rows: Sequence[Any]) -> None:
    """In how many leaders' reports their own answer is among those counted."""
    said = month.answers.get("B", {})
    for person in month.people:
        for led in person.leads:
            tally["reports"] += 1
            if person.name in said and frozen.counting[person.name] in teams_told(frozen, rows, led):
                tally["reports with the reader in them"] += 1


def too_few_kept(tally: Tally) -> bool:
    """Whether enough teams were counted to say so, and too many of them lost the figure of their own."""
    teams = tally["teams"]
    return teams >= ENOUGH_TEAMS and tally["teams with a figure"] < LEAST_KEPT * teams


def kept(tally: Tally) -> Iterator[tuple[str, str]]:
    """How many teams keep a figure of their own, in all and by the shape of the tree."""
    yield "teams with 5 answers or more that keep their figure", _share(tally["teams with a figure"], tally["teams"])
    yield "  of these with nobody else in it", _share(tally["teams alone in it"], tally["teams"])
    for shape in SHAPES:
        where = f"teams, {shape}"
        if tally[where]:
            yield f"  {shape}", _share(tally[f"{where} with a figure"], tally[where])


def lines(tally: Tally) -> Iterator[tuple[str, str]]:
    """The tally as told."""
    yield from kept(tally)
    yield "  the usual rule", _share(tally["usual shown"], tally["usual teams"])
    yield "  the strict remainder rule", _share(tally["strict shown"], tally["strict teams"])
    heard = tally["answers heard"] + tally["answers too few to publish"]
    yield "answers counted in one figure (or fewer than k in all)", _share(heard, tally["answers"])
    for level in ("team", "organisation"):
        yield (
            f"rounding error, {level}: SD; between the tails; largest",
            "; ".join(
                f"{number:.1f}"
                for number in (
                    _deviation(tally, level, ""),
                    _deviation(tally, level, " between"),
                    tally[f"{level} largest"],
                )
            ),
        )
    yield (
        "leaders' reports in which the reader's own answer counts",
        _share(tally["reports with the reader in them"], tally["reports"]),
    )


def _deviation(tally: Tally, level: str, part: str) -> float:
    count = tally[f"{level} figures{part}"]
    return sqrt(tally[f"{level} squares{part}"] / count) if count else 0.0


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.1%} ({part} of {whole})" if whole else "none"
