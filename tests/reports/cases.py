"""The stories that a report must tell well: a plain month, and the hard ones."""

from __future__ import annotations

from dataclasses import replace

from pulse.giveback import PastGiveBack
from pulse.reports.story import Story
from pulse.results import PublishedFigure
from tests.reports.stories import figure, given, ledger, story

HOSTILE = '<b>Oost</b> {{ 7*7 }} & "x" <img src="http://127.0.0.1:9/x"> @import url(file:///etc) 😀 漢字 ﹤i﹥'
SEVERAL = "Nachtdienst Ĳsselmuiden-Łódź-Þórshöfn-Ğüzel-Ñuñez-Ångström-Żółć-Őrség-Čeština 👩🏽‍⚕️"
"""A name of eighty letters, with every kind of mark and a picture."""
SENTENCES = (
    "Het weekendrooster verdelen we voortaan samen, zodat het eerlijk loopt.",
    "Elke vrijdag noem ik in de overdracht één ding dat iemand goed deed.",
    "Vanaf nu hou ik elke woensdagochtend vrij voor wie even wil praten.",
)


def promises(noticed: tuple[int, ...] = (60, 40, 70)) -> list[PublishedFigure]:
    """What the team noticed of what it was told in November, September and August."""
    months = ("2026-11", "2026-09", "2026-08")
    return [figure(month, "F", value) for month, value in zip(months, noticed, strict=True)]


def past() -> list[PastGiveBack]:
    """Three give-backs, newest first."""
    told = (("2026-10", "2026-11"), ("2026-08", "2026-09"), ("2026-07", "2026-08"))
    return [given(period, month, words) for (period, month), words in zip(told, SENTENCES, strict=True)]


def normal() -> Story:
    """A year with two withheld months and three promises, and a return that is missing."""
    rows = ledger([60, 50, 50, None, 50, 40, 50, None, 50, 50, 40, 50])
    rows = [
        replace(row, value=30) if row.question == "LT" and row.block == "Zorg / Oost" else row for row in rows
    ] + promises()
    return story(rows, past=past())


def one_level_up() -> Story:
    """A small team, whose answers count in the rest of Zorg."""
    rows = [
        replace(row, block="Zorg", label="rest of Zorg", teams=("Zorg", "Zorg / Oost"))
        if row.block == "Zorg / Oost"
        else row
        for row in ledger([40] * 12)
    ]
    return story(rows)


def hostile() -> Story:
    """A name and sentences that try to be markup, and are as long as they may be."""
    sentence = (HOSTILE + " woordenboekenlang" * 20)[:200]
    told = (("2026-10", "2026-11"), ("2026-09", "2026-10"), ("2026-05", None))
    return story(ledger([30] * 12), name=HOSTILE[:80], past=[given(period, month, sentence) for period, month in told])


def at_the_tails() -> Story:
    """Balance at the low tail, recognition at the high one."""
    return story([replace(row, value=80) if row.question == "R" else row for row in ledger([20] * 12)])


def recovered() -> Story:
    """Half a year in the minus, then a promise, and three months that stand clearly higher."""
    rows = ledger([30] * 9 + [60, 70, 60], respondents=20, invited=24) + promises()
    return story(rows, past=past())


def withheld_now() -> Story:
    """No figure this month, after months that had one."""
    rows = [row for row in ledger([50] * 11 + [None]) if row.period != "2026-11"]
    return story(rows, past=past()[1:])


CASES = {
    "normal": normal(),
    "five people": story(ledger([50] * 12, respondents=5, invited=5)),
    "four hundred": story(ledger([47] * 12, respondents=330, invited=400)),
    "one level up": one_level_up(),
    "fewer than half": story(ledger([30] * 12, respondents=5, invited=14)),
    "first month": story(ledger([50]), months=1),
    "every mark": story(ledger([50] * 12), name=SEVERAL, past=past()),
    "in the minus": story(ledger([40] + [30] * 11)),
    "recovering": story(ledger([30] * 9 + [40, 50, 50], respondents=20, invited=24) + promises(), past=past()),
    "recovered": recovered(),
    "at the tails": at_the_tails(),
    "withheld now": withheld_now(),
    "a department": story(ledger([40] * 12), path="Zorg", name="Zorg"),
    "three months": story(ledger([70, 70, 80], respondents=12), months=3),
    "hostile": hostile(),
    "no figure": story([], months=2),
}
"""By what makes each of them hard."""
