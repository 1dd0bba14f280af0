"""Published figures as a ledger would hold them, and the stories that follow from them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pulse.giveback import PastGiveBack
from pulse.questions import questions_for
from pulse.reports.facts import story_of
from pulse.reports.lens import Published, Subject
from pulse.reports.story import Story
from pulse.results import PublishedFigure

LINK = "https://ruil.example.org/m/" + "a" * 26
ELSEWHERE = (("Zorg / Noord", 12), ("Zorg / Zuid", 18), ("Zorg / West", 30))


def figure(  # one row of the ledger
    period: str,
    question: str,
    value: int,
    *,
    block: str = "Zorg / Oost",
    label: str | None = None,
    teams: tuple[str, ...] | None = None,
    respondents: int = 10,
    invited: int = 12,
) -> PublishedFigure:
    """One published figure; the round's id is its month's number."""
    return PublishedFigure(
        organisation_id=1,
        round_id=number(period),
        period=period,
        question=question,
        block=block,
        label=label or block,
        teams=teams or (block,),
        value=value,
        shown=str(value),
        respondents=respondents,
        invited=invited,
        minimum_group=5,
    )


def number(period: str) -> int:
    """A round's id from its period."""
    year, month = period.split("-")
    return int(year) * 12 + int(month)


def periods(count: int, last: str = "2026-11") -> list[str]:
    """The `count` months up to `last`."""
    end = number(last) - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(end - count + 1, end + 1)]


def ledger(balances: list[int | None], *, respondents: int = 10, invited: int = 12) -> list[PublishedFigure]:
    """A team's months beside three other teams; every month asks its own questions."""
    figures = []
    for period, balance in zip(periods(len(balances)), balances, strict=True):
        for question in questions_for(period, promise=False):
            if balance is not None:
                value = balance if question == "B" else 50
                figures.append(figure(period, question, value, respondents=respondents, invited=invited))
            figures += [
                figure(period, question, 60, block=block, respondents=asked, invited=asked)
                for block, asked in ELSEWHERE
            ]
    return figures


def story(  # what a test may want to turn
    figures: list[PublishedFigure],
    months: int = 12,
    *,
    path: str = "Zorg / Oost",
    name: str = "Oost",
    root: str = "Zorg",
    past: list[PastGiveBack] | None = None,
) -> Story:
    """The story of one team in November 2026."""
    subject = Subject("De Linde", path, name, root, date(2026, 11, 10), 5, 12)
    return story_of(
        Published(figures), [(number(period), period) for period in periods(months)], subject, past or [], LINK
    )


def given(period: str, told: str | None, sentence: str = "Elke vrijdag noem ik één ding.") -> PastGiveBack:
    """A give-back of Mara's."""
    return PastGiveBack(period, told, "acknowledge", sentence, "Mara Leads", datetime(2026, 10, 9, tzinfo=UTC))
