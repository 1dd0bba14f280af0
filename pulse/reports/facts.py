"""Published figures -> one team's story. Nothing else is looked at, so nothing else can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulse.giveback import PastGiveBack
from pulse.questions import SOURCES
from pulse.reports.lens import Lens, Published, Subject
from pulse.reports.story import Effect, Month, Promise, Return, Running, Story
from pulse.reports.values import months_up_to, side_of, value_of
from pulse.results import (
    ONE_SIDED,
    Advice,
    Estimate,
    PublishedFigure,
    advise,
    change,
    change_over_three,
    missing_return,
    months_below_zero,
    stood_in_the_minus,
)

NEWEST_WITHIN = 5
"""A rotating item speaks for its own round and the four after it (science.md A3)."""
MONTHS, HALF_YEAR, PROMISES = 12, 6, 3


def story_of(
    published: Published,
    rounds: Sequence[tuple[int, str]],
    subject: Subject,
    past: Sequence[PastGiveBack],
    link: str | None,
) -> Story:
    """The story of `subject` in the last of `rounds`: (id, period) of one pulse, oldest first."""
    lens = Lens(published, subject, rounds[-1][0])
    before, now = _two_months(lens, rounds, "B")
    series = [lens.figure(round_id, "B") for round_id, _ in rounds]
    newest = {question: _newest(lens, rounds, question) for question in (*SOURCES, "E")}
    newest["R"] = lens.figure(rounds[-1][0], "R")
    references = _references(lens, newest)
    advice = _advice(series, newest, references, promised=_promised_since(series, rounds, past))
    question = advice.question or ""
    return Story(
        organisation=subject.organisation,
        colour=subject.colour,
        team=subject.name,
        period=rounds[-1][1],
        closed_on=subject.closed_on,
        minimum_group=subject.minimum_group,
        invited=now.invited if now else subject.invited,
        participation=_participation(now),
        counted=lens.counted,
        group=now.label if now else subject.path,
        balance=value_of(now),
        side=side_of(now),
        change=_moved(before, now),
        quarter=change_over_three(series),
        first=not any(series[:-1]),
        recovered=_recovered(series),
        recognition=value_of(newest["R"]),
        recognition_change=_moved(*_two_months(lens, rounds, "R")),
        returns=tuple(_return(lens, rounds, source, newest[source], references) for source in SOURCES),
        missing=missing_return(_estimates(newest, SOURCES), references),
        equality=value_of(newest["E"]),
        months=_months(lens, rounds, past),
        running=_running(series),
        promises=tuple(_promise(lens, rounds, given) for given in past[:PROMISES]),
        effect=_effect(lens, rounds, past, now),
        move=advice.move,
        source=question if advice.move == "return" else None,
        ground=value_of(newest.get(question)),
        reference=round(references[question].value) if question in references else None,
        sure=advice.shortfall >= ONE_SIDED,
        link=link,
    )


def _two_months(
    lens: Lens, rounds: Sequence[tuple[int, str]], question: str
) -> tuple[PublishedFigure | None, PublishedFigure | None]:
    """The figure of the round before, and of this one."""
    before = lens.figure(rounds[-2][0], question) if len(rounds) > 1 else None
    return before, lens.figure(rounds[-1][0], question)


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
        value = lens.published.whole(figure.round_id, question) if figure is not None else None
        if value is not None:
            found[question] = value
    return found


def _advice(
    series: Sequence[PublishedFigure | None],
    newest: Mapping[str, PublishedFigure | None],
    references: Mapping[str, Estimate],
    *,
    promised: bool,
) -> Advice:
    """One move and the question it rests on; thin data advise nothing."""
    now = series[-1]
    if now is None or not now.half_answered:
        return Advice("none", None, 0.0)
    return advise(
        stood_in_the_minus=stood_in_the_minus(series),
        promised_since=promised,
        recognition=_estimates(newest, ("R",)).get("R"),
        sources=_estimates(newest, SOURCES),
        equality=_estimates(newest, ("E",)).get("E"),
        references=references,
    )


def _recovered(series: Sequence[PublishedFigure | None]) -> bool:
    """A stretch in the minus that ended in the last half year; the three months since stand higher for sure."""
    if side_of(series[-1]) in ("", "minus") or stood_in_the_minus(series) or change_over_three(series) != "up":
        return False
    return any(stood_in_the_minus(series[:-ago]) for ago in range(1, HALF_YEAR + 1))


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


def _return(
    lens: Lens,
    rounds: Sequence[tuple[int, str]],
    source: str,
    figure: PublishedFigure | None,
    references: Mapping[str, Estimate],
) -> Return:
    reference = references.get(source)
    asked = (period for round_id, period in reversed(rounds[-NEWEST_WITHIN:]) if lens.published.all(round_id, source))
    return Return(
        source=source,
        value=value_of(figure),
        period=figure.period if figure else next(asked, None),
        organisation=round(reference.value) if figure and reference else None,
    )


def _months(lens: Lens, rounds: Sequence[tuple[int, str]], past: Sequence[PastGiveBack]) -> tuple[Month, ...]:
    """Twelve calendar months up to this one; none from before the first round."""
    ids = {period: round_id for round_id, period in rounds}
    told = {given.told_period for given in past}
    months = []
    for period in months_up_to(rounds[-1][1], MONTHS):
        if period < rounds[0][1]:
            continue
        value = value_of(lens.figure(ids[period], "B")) if period in ids else None
        reason = "" if value else "few" if period in ids else "no_round"
        months.append(Month(period, value, reason, period in told))
    return tuple(months)


def _running(series: Sequence[PublishedFigure | None]) -> Running | None:
    below, present = months_below_zero(series[-HALF_YEAR:])
    return Running(below, present, stood_in_the_minus(series)) if 2 * present >= HALF_YEAR else None


def _promise(lens: Lens, rounds: Sequence[tuple[int, str]], given: PastGiveBack) -> Promise:
    told = next((round_id for round_id, period in rounds if period == given.told_period), None)
    noticed = value_of(lens.promise_kept(told)) if told is not None else None
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
    first, second = value_of(before), value_of(now)
    if last is None or first is None or second is None:
        return None
    return Effect(first, second, _moved(before, now), (last.period, rounds[-1][1]))
