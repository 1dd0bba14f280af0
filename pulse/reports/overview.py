"""What an overview tells about a branch of the tree, or all of it: from published figures alone. (pure)

Groups stand in the order of their shrunken value (science.md A4): a small group's month lies mostly on
chance, so it is drawn towards the middle before it is put in line. The value shown is the published one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulse.giveback import Told
from pulse.reports.story import Month, Story, Value
from pulse.reports.values import months_up_to, side_of, value_of
from pulse.results import (
    PublishedFigure,
    between_variance,
    change,
    change_over_three,
    node_value,
    recovery,
    shrunken,
    stood_in_the_minus,
)
from pulse.results.indices import TWO_SIDED

PARTED = " / "
MONTHS = 12


@dataclass(frozen=True)
class Place:
    """A node of the frozen tree."""

    path: str
    parent: str | None
    led: bool
    """Whether it has a manager, so that something may be given back to it."""
    heard: bool
    """Whether this month's letters opened with a give-back."""


@dataclass(frozen=True)
class Group:
    """One published group: a team, or what was counted together one level up."""

    path: str
    label: str
    counted: tuple[str, ...]
    """Names of the teams counted together; empty where it is the team alone."""
    invited: int
    value: Value
    side: str
    change: str
    """Of three months against the three before, or of this month against the last; empty: cannot be said."""
    stood_in_the_minus: bool
    months: tuple[Month, ...]
    heard: bool
    noticed: Value | None
    recovered: bool
    """More comes back, by more than chance explains, since the team was told a give-back."""
    order: float


@dataclass(frozen=True)
class Branch:
    """The groups below one node, beside the node's own value."""

    path: str
    value: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Overview:
    """All that an overview says."""

    story: Story
    colour: str
    """The organisation's, as `#rrggbb`."""
    whole: bool
    """Whether it is the whole organisation; else one branch of it."""
    branches: tuple[Branch, ...]
    sinking: tuple[Group, ...]
    recovered: tuple[Group, ...]
    led: int
    heard: tuple[str, ...]
    """Paths of the teams whose letters of this month opened with a give-back."""
    unheard: tuple[str, ...]
    """Paths of the teams with a manager that heard nothing."""
    moved_up: tuple[tuple[str, tuple[str, ...]], ...]
    """Each group that counts others too, with the teams that were counted in it for want of answers."""

    @property
    def groups(self) -> list[Group]:
        """All groups, branch by branch."""
        return [group for branch in self.branches for group in branch.groups]


def overview_of(
    story: Story,
    figures: Sequence[PublishedFigure],
    rounds: Sequence[tuple[int, str]],
    places: Sequence[Place],
    told: Mapping[str, Sequence[Told]],
    root: str,
    *,
    whole: bool,
    colour: str,
) -> Overview:
    """The overview of the branch at `root` in the last of `rounds`: (id, period) of one pulse, oldest first."""
    ledger = _Ledger(figures, rounds, root, whole)
    now = ledger.blocks(rounds[-1][0], "B")
    mean = node_value(now)
    spread = between_variance(now) if now else 0.0
    heard = frozenset(place.path for place in places if place.heard)
    groups = [
        _group(ledger, figure, rounds, told.get(figure.block, ()), heard, shrunken(figure, mean.value, spread))
        for figure in now
        if mean is not None
    ]
    branches = _branches(now, groups, root, {place.parent for place in places})
    inside = [place for place in places if _within(place.path, root, whole)]
    ordered = [group for branch in branches for group in branch.groups]
    return Overview(
        story=story,
        colour=colour,
        whole=whole,
        branches=branches,
        sinking=tuple(sorted((group for group in ordered if _sinks(group)), key=_weight)),
        recovered=tuple(group for group in ordered if group.recovered),
        led=sum(place.led for place in inside),
        heard=tuple(place.path for place in inside if place.heard),
        unheard=tuple(place.path for place in inside if place.led and not place.heard),
        moved_up=tuple((group.label, group.counted) for group in ordered if group.counted),
    )


class _Ledger:
    """The figures of one branch, to be looked up."""

    def __init__(
        self, figures: Sequence[PublishedFigure], rounds: Sequence[tuple[int, str]], root: str, whole: bool
    ) -> None:
        self._found: dict[tuple[int, str], dict[str, PublishedFigure]] = {}
        for figure in figures:
            if _within(figure.block, root, whole):
                self._found.setdefault((figure.round_id, figure.question), {})[figure.block] = figure

    def blocks(self, round_id: int, question: str) -> list[PublishedFigure]:
        return list(self._found.get((round_id, question), {}).values())

    def at(self, round_id: int, question: str, block: str) -> PublishedFigure | None:
        return self._found.get((round_id, question), {}).get(block)


def _within(path: str, root: str, whole: bool) -> bool:
    return whole or path == root or path.startswith(root + PARTED)


def _group(
    ledger: _Ledger,
    figure: PublishedFigure,
    rounds: Sequence[tuple[int, str]],
    told: Sequence[Told],
    heard: frozenset[str],
    order: float,
) -> Group:
    series = [ledger.at(round_id, "B", figure.block) for round_id, _ in rounds]
    value = value_of(figure)
    assert value is not None
    noticed = ledger.at(rounds[-1][0], "F", figure.block)
    return Group(
        path=figure.block,
        label=figure.label,
        counted=() if figure.teams == (figure.block,) else tuple(path for path in figure.teams if path != figure.block),
        invited=figure.invited,
        value=value,
        side=side_of(figure),
        change=change_over_three(series) or (change(series[-2], figure) if len(series) > 1 else ""),
        stood_in_the_minus=stood_in_the_minus(series),
        months=_months(series, rounds, {given.told for given in told}),
        heard=figure.block in heard,
        noticed=value_of(noticed) if noticed is not None and noticed.teams == (figure.block,) else None,
        recovered=_recovered(series, rounds, told),
        order=order,
    )


def _months(
    series: Sequence[PublishedFigure | None], rounds: Sequence[tuple[int, str]], told: set[str]
) -> tuple[Month, ...]:
    """The last twelve months, none from before the first round; one without a figure is a gap."""
    figures = {period: figure for figure, (_, period) in zip(series, rounds, strict=True)}
    return tuple(
        Month(period, value_of(figures.get(period)), "" if figures.get(period) else "few", period in told)
        for period in months_up_to(rounds[-1][1], MONTHS)
        if period >= rounds[0][1]
    )


def _recovered(
    series: Sequence[PublishedFigure | None], rounds: Sequence[tuple[int, str]], told: Sequence[Told]
) -> bool:
    """Since the newest give-back: this month against the month it answered, or three months against three."""
    periods = [period for _, period in rounds]
    given = max((one for one in told if one.told <= periods[-1]), key=lambda one: one.told, default=None)
    if given is None or given.answered not in periods:
        return False
    answered = periods.index(given.answered)
    if change(series[answered], series[-1]) == "up":
        return True
    since = recovery(series, answered)
    return since is not None and since.low(TWO_SIDED) > 0


def _branches(
    figures: Sequence[PublishedFigure], groups: Sequence[Group], root: str, parents: set[str | None]
) -> tuple[Branch, ...]:
    """Groups under the node above them, a node's rest under the node; from the lowest shrunken value up."""
    by_node: dict[str, list[Group]] = {}
    for group in groups:
        node = group.path if group.path in parents or group.path == root else group.path.rpartition(PARTED)[0]
        by_node.setdefault(node or root, []).append(group)
    published = {figure.block: figure for figure in figures}
    branches = []
    for node, found in by_node.items():
        value = node_value([published[group.path] for group in found])
        assert value is not None
        ordered = tuple(sorted(found, key=lambda group: (group.order, group.path)))
        branches.append(Branch(node, round(value.value), ordered))
    return tuple(sorted(branches, key=lambda branch: (branch.value, branch.path)))


def _sinks(group: Group) -> bool:
    return group.stood_in_the_minus or group.side == "minus" or group.change == "down"


def _weight(group: Group) -> tuple[int, float]:
    """Half a year in the minus before this month, this month before a fall."""
    return (0 if group.stood_in_the_minus else 1 if group.side == "minus" else 2, group.order)
