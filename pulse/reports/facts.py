"""Published figures -> one team's story. Nothing else is looked at, so nothing else can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulse.giveback import PastGiveBack
from pulse.questions import SOURCES
from pulse.reports.lens import Lens, Subject
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


def story_of(
    figures: Sequence[PublishedFigure],
    rounds: Sequence[tuple[int, str]],
    subject: Subject,
    past: Sequence[PastGiveBack],
    link: str | None,
) -> Story:
    """The story of `subject` in the last of `rounds`: (id, period) of one pulse, oldest first."""
    lens = Lens(figures, subject, rounds[-1][0])
    before, now = _two_months(lens, rounds, "B")
    series = [lens.figure(round_id, "B") for round_id, _ in rounds]
    newest = {question: _newest(lens, rounds, question) for question in (*SOURCES, "E")}
    newest["R"] = lens.figure(rounds[-1][0], "R")
    references = _references(lens, newest)
    move, question = _advice(series, newest, references, promised=_promised_since(series, rounds, past))
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
        side=_side(now),
        change=_moved(before, now),
        quarter=change_over_three(series),
        first=not any(series[:-1]),
        recognition=_value(newest["R"]),
        recognition_change=_moved(*_two_months(lens, rounds, "R")),
        returns=tuple(_return(source, newest[source], references) for source in SOURCES),
        missing=missing_return(_estimates(newest, SOURCES), references),
        equality=_value(newest["E"]),
        months=_months(lens, rounds, past),
        running=_running(series),
        promises=tuple(_promise(lens, rounds, given) for given in past[:PROMISES]),
        effect=_effect(lens, rounds, past, now),
        move=move,
        source=question if move == "return" else None,
        ground=_value(newest.get(question or "")),
        reference=round(references[question].value) if question in references else None,
        link=link,
    )


def _two_months(
    lens: Lens, rounds: Sequence[tuple[int, str]], question: str
) -> tuple[PublishedFigure | None, PublishedFigure | None]:
    """The figure of the round before, and of this one."""
    before = lens.figure(rounds[-2][0], question) if len(rounds) > 1 else None
    return before, lens.figure(rounds[-1][0], question)


def _side(figure: PublishedFigure | None) -> str:
    if figure is None:
        return ""
    found = side(balance(figure))
    return "about" if found == "balance" else found


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


def _references(lens: Lens, newest: Mapping[str, PublishedFigure | None]) -> dict[str, Estimate]:
    """The organisation's value of each item in the round the team's figure is from."""
    found = {}
    for question, figure in newest.items():
        blocks = lens.all(figure.round_id, question) if figure is not None else []
        value = node_value(blocks) if len(blocks) >= LEAST_BLOCKS else None
        if value is not None:
            found[question] = value
    return found


def _advice(
    series: Sequence[PublishedFigure | None],
    newest: Mapping[str, PublishedFigure | None],
    references: Mapping[str, Estimate],
    *,
    promised: bool,
) -> tuple[str, str | None]:
    """The move and the question it rests on; thin data advise nothing."""
    now = series[-1]
    if now is None or not now.half_answered:
        return "none", None
    advice = advise(
        stood_in_the_minus=stood_in_the_minus(series),
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


def _running(series: Sequence[PublishedFigure | None]) -> Running | None:
    below, present = months_below_zero(series[-HALF_YEAR:])
    return Running(below, present, stood_in_the_minus(series)) if 2 * present >= HALF_YEAR else None


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
