"""Published figures -> one team's story. Nothing else is looked at, so nothing else can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pulse.giveback import PastGiveBack
from pulse.questions import SOURCES
from pulse.reports.story import Effect, Month, Promise, Return, Running, Story, Value
from pulse.results import (
    Estimate,
    PublishedFigure,
    advise,
    balance,
    change,
    change_over_three,
    interval,
    missing_return,
    months_below_zero,
    node_value,
    side,
    stood_in_the_minus,
)

NEWEST_WITHIN = 5
"""A rotating item speaks for its own round and the four after it (science.md A3)."""
LEAST_BLOCKS = 3
"""From here on the organisation's value is one to be held beside."""
MONTHS, HALF_YEAR, PROMISES = 12, 6, 3


@dataclass(frozen=True)
class Subject:
    """The team a report is about, as its round froze it."""

    organisation: str
    path: str
    name: str
    root: str
    closed_on: date
    minimum_group: int
    invited: int
    """People whose answer counts at this very team."""


@dataclass(frozen=True)
class NodeFigure(PublishedFigure):
    """A department's or organisation's value, made of its blocks, in the shape of one figure."""

    node_error: float = 0.0
    tail: str = ""

    @property
    def error(self) -> float:
        """Of the weighted mean, not of one block as large."""
        return self.node_error

    @property
    def at_tail(self) -> str:
        """A tail only where every block lies at that same tail."""
        return self.tail


class Lens:
    """Whose figures a report shows: the team's own, those below it, or those one level up."""

    def __init__(self, figures: Sequence[PublishedFigure], subject: Subject, round_id: int) -> None:
        self._blocks: dict[tuple[int, str], list[PublishedFigure]] = {}
        for figure in figures:
            self._blocks.setdefault((figure.round_id, figure.question), []).append(figure)
        self._subject = subject
        under = self._under(round_id, "B")
        above = next((found for found in self.all(round_id, "B") if subject.path in found.teams), None)
        self.above = above.block if not under and above is not None else None
        if under:
            self.counted = "own" if [found.block for found in under] == [subject.path] else "below"
        else:
            self.counted = "above" if above is not None else "none"

    def all(self, round_id: int, question: str) -> list[PublishedFigure]:
        """Every block of the organisation."""
        return self._blocks.get((round_id, question), [])

    def figure(self, round_id: int, question: str) -> PublishedFigure | None:
        """The figure of one question in one round, None where it was not shown."""
        if self.above is not None:
            return next((found for found in self.all(round_id, question) if found.block == self.above), None)
        return together(self._under(round_id, question), self._subject.path)

    def promise_kept(self, round_id: int) -> PublishedFigure | None:
        """What exactly this team noticed of its promise; a wider group was promised other things."""
        path = self._subject.path
        return next((found for found in self.all(round_id, "F") if found.teams == (path,)), None)

    def _under(self, round_id: int, question: str) -> list[PublishedFigure]:
        path = self._subject.path
        return [
            found
            for found in self.all(round_id, question)
            if path in (self._subject.root, found.block) or found.block.startswith(f"{path} / ")
        ]


def together(blocks: Sequence[PublishedFigure], path: str) -> PublishedFigure | None:
    """One block as it is; several as the value of the node above them."""
    if len(blocks) < 2:
        return blocks[0] if blocks else None
    estimate = node_value(blocks)
    assert estimate is not None
    tails = {found.at_tail for found in blocks}
    first = blocks[0]
    return NodeFigure(
        organisation_id=first.organisation_id,
        round_id=first.round_id,
        period=first.period,
        question=first.question,
        block=path,
        label=path,
        teams=tuple(sorted({team for found in blocks for team in found.teams})),
        value=round(estimate.value),
        shown=str(round(estimate.value)),
        respondents=sum(found.respondents for found in blocks),
        invited=sum(found.invited for found in blocks),
        minimum_group=first.minimum_group,
        node_error=estimate.error,
        tail=tails.pop() if len(tails) == 1 else "",
    )


def story_of(
    figures: Sequence[PublishedFigure],
    rounds: Sequence[tuple[int, str]],
    subject: Subject,
    past: Sequence[PastGiveBack],
    link: str | None,
) -> Story:
    """The story of `subject` in the last of `rounds`: (id, period) of one pulse, oldest first."""
    lens = Lens(figures, subject, rounds[-1][0])
    now = lens.figure(rounds[-1][0], "B")
    before = lens.figure(rounds[-2][0], "B") if len(rounds) > 1 else None
    series = [lens.figure(round_id, "B") for round_id, _ in rounds]
    recognition = lens.figure(rounds[-1][0], "R")
    newest = {question: _newest(lens, rounds, question) for question in (*SOURCES, "E")}
    references = _references(lens, rounds[-1][0], recognition, newest)
    flagged = stood_in_the_minus(series)
    missing = missing_return(_estimates(newest, SOURCES), references)
    promised = _promised_since(series, rounds, past)
    move, question = _advice(now, {"R": recognition, **newest}, references, flagged=flagged, promised=promised)
    ground = recognition if question == "R" else newest.get(question or "")
    return Story(
        organisation=subject.organisation,
        team=subject.name,
        period=rounds[-1][1],
        closed_on=subject.closed_on,
        minimum_group=subject.minimum_group,
        invited=now.invited if now else subject.invited,
        participation=_participation(now),
        counted=lens.counted,
        group=now.label if now else subject.path,
        balance=_value(now),
        side={"balance": "about"}.get(side(balance(now)), side(balance(now))) if now else "",
        change=_moved(before, now),
        quarter=change_over_three(series),
        first=not any(series[:-1]),
        recognition=_value(recognition),
        recognition_change=_moved(lens.figure(rounds[-2][0], "R") if len(rounds) > 1 else None, recognition),
        returns=tuple(_return(source, newest[source], references) for source in SOURCES),
        missing=missing,
        equality=_value(newest["E"]),
        months=_months(lens, rounds, past),
        running=_running(series, flagged),
        promises=tuple(_promise(lens, rounds, given) for given in past[:PROMISES]),
        effect=_effect(lens, rounds, past, now),
        move=move,
        source=question if move == "return" else None,
        ground=_value(ground),
        reference=round(references[question].value) if question in references else None,
        link=link,
    )


def _value(figure: PublishedFigure | None) -> Value | None:
    if figure is None:
        return None
    low, high = interval(figure)
    tail = figure.at_tail
    return Value(figure.value, 0.0 if tail == "low" else low, 100.0 if tail == "high" else high, tail)


def _newest(lens: Lens, rounds: Sequence[tuple[int, str]], question: str) -> PublishedFigure | None:
    recent = (lens.figure(round_id, question) for round_id, _ in reversed(rounds[-NEWEST_WITHIN:]))
    return next((figure for figure in recent if figure is not None), None)


def _estimates(figures: Mapping[str, PublishedFigure | None], questions: Sequence[str]) -> dict[str, Estimate]:
    return {
        question: Estimate(figure.value, figure.error)
        for question in questions
        if (figure := figures.get(question)) is not None
    }


def _references(
    lens: Lens,
    round_id: int,
    recognition: PublishedFigure | None,
    newest: Mapping[str, PublishedFigure | None],
) -> dict[str, Estimate]:
    """The organisation's value of each item in the round the team's figure is from."""
    found = {}
    for question, figure in (("R", recognition), *newest.items()):
        blocks = lens.all(figure.round_id if figure else round_id, question)
        value = node_value(blocks) if len(blocks) >= LEAST_BLOCKS else None
        if value is not None:
            found[question] = value
    return found


def _advice(
    now: PublishedFigure | None,
    newest: Mapping[str, PublishedFigure | None],
    references: Mapping[str, Estimate],
    *,
    flagged: bool,
    promised: bool,
) -> tuple[str, str | None]:
    """The move and the question it rests on; thin data advise nothing."""
    if now is None or not now.half_answered:
        return "none", None
    advice = advise(
        stood_in_the_minus=flagged,
        promised_since=promised,
        recognition=_estimates(newest, ("R",)).get("R"),
        sources=_estimates(newest, SOURCES),
        equality=_estimates(newest, ("E",)).get("E"),
        references=references,
    )
    return advice.move, advice.question


def _promised_since(
    series: Sequence[PublishedFigure | None],
    rounds: Sequence[tuple[int, str]],
    past: Sequence[PastGiveBack],
) -> bool:
    """Whether a report of the unbroken stretch in the minus was answered with a give-back."""
    since = None
    for number in range(len(series), 0, -1):
        if not stood_in_the_minus(series[:number]):
            break
        since = rounds[number - 1][1]
    return since is not None and any(given.period >= since for given in past)


def _participation(figure: PublishedFigure | None) -> str:
    if figure is None:
        return ""
    share = figure.respondents / figure.invited
    return "under_half" if share < 0.5 else "half" if share <= 0.75 else "more"


def _moved(before: PublishedFigure | None, after: PublishedFigure | None) -> str:
    """As `change`, and `level` where both months can be held beside each other."""
    if before is None or after is None:
        return ""
    comparable = (
        (before.block, before.teams) == (after.block, after.teams)
        and before.half_answered
        and after.half_answered
        and not (after.at_tail and before.at_tail == after.at_tail)
    )
    return change(before, after) or ("level" if comparable else "")


def _return(source: str, figure: PublishedFigure | None, references: Mapping[str, Estimate]) -> Return:
    reference = references.get(source)
    return Return(
        source=source,
        value=_value(figure),
        period=figure.period if figure else None,
        organisation=round(reference.value) if figure and reference else None,
    )


def _months(lens: Lens, rounds: Sequence[tuple[int, str]], past: Sequence[PastGiveBack]) -> tuple[Month, ...]:
    """Twelve calendar months up to this one; none from before the first round."""
    ids = {period: round_id for round_id, period in rounds}
    told = {given.told_period for given in past}
    months = []
    for period in _periods(rounds[-1][1], MONTHS):
        if period < rounds[0][1]:
            continue
        value = _value(lens.figure(ids[period], "B")) if period in ids else None
        reason = "" if value else "few" if period in ids else "no_round"
        months.append(Month(period, value, reason, period in told))
    return tuple(months)


def _periods(last: str, count: int) -> list[str]:
    year, month = (int(part) for part in last.split("-"))
    numbers = range(year * 12 + month - count, year * 12 + month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _running(series: Sequence[PublishedFigure | None], flagged: bool) -> Running | None:
    below, present = months_below_zero(series[-HALF_YEAR:])
    return Running(below, present, flagged) if 2 * present >= HALF_YEAR else None


def _promise(lens: Lens, rounds: Sequence[tuple[int, str]], given: PastGiveBack) -> Promise:
    told = next((round_id for round_id, period in rounds if period == given.told_period), None)
    noticed = _value(lens.promise_kept(told)) if told is not None else None
    return Promise(given.told_period, given.sentence, given.by, noticed)


def _effect(
    lens: Lens,
    rounds: Sequence[tuple[int, str]],
    past: Sequence[PastGiveBack],
    now: PublishedFigure | None,
) -> Effect | None:
    """The balance of the report that the newest told promise answered, and the balance now."""
    last = next((given for given in past if given.told_period is not None), None)
    answered = next((round_id for round_id, period in rounds if last and period == last.period), None)
    before = lens.figure(answered, "B") if answered is not None else None
    first, second = _value(before), _value(now)
    return Effect(first, second, _moved(before, now)) if first and second else None
