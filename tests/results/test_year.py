"""A year of rounds: ledger, PDF, pages, mails and export agree, and show nothing of answers but the ledger."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from demo.mailbox import Mailbox
from pulse.results import ledger
from tests.results.test_rounding import TABLE
from tests.results.year import BLOCKS, Shown, differences, live


@pytest.fixture(scope="module")
def lives() -> dict[int, Shown]:
    """Filled by the first test that lives them."""
    return {}


@pytest.fixture
def year(
    lives: dict[int, Shown], tmp_path: Path, environment: pytest.MonkeyPatch, smtp_sink: Mailbox
) -> tuple[Shown, Shown]:
    """The same year in two lives that share their ledger, and nothing else that was answered."""
    if not lives:
        for life in (1, 2):
            lives[life] = live(tmp_path / str(life), environment, smtp_sink, life=life)
    return lives[1], lives[2]


def published(options: list[int]) -> int:
    """science.md B3 once more, apart from the product: 0 to 100 from a sum."""
    step, tail = TABLE[max(size for size in TABLE if size <= len(options))]
    distance = 25 * sum(options) - 50 * len(options)  # in n-ths of a point
    steps = -((-2 * abs(distance) + len(options) * step) // (2 * len(options) * step))
    value = 50 + (steps if distance > 0 else -steps) * step
    return min(max(value, tail), 100 - tail)


def test_the_export_is_what_was_answered_figure_by_figure(year: tuple[Shown, Shown]) -> None:
    for shown in year:
        expected = {}
        for (round_id, question), nodes in shown.said.items():
            for block in BLOCKS:
                options = [option for path in block for option in nodes.get(path, [])]
                if options:
                    expected[round_id, question, block] = (published(options), len(options))
        found = {
            (line["round"], line["question"], tuple(line["teams"])): (line["value"], line["respondents"])
            for line in shown.figures
        }
        assert found == expected
        assert len({round_id for round_id, _, _ in found}) == 12


def test_two_lives_differ_in_every_answer_and_share_the_ledger(year: tuple[Shown, Shown]) -> None:
    one, other = year
    assert one.figures == other.figures
    same = [key for key in one.said if one.said[key] == other.said[key]]
    assert len(same) < 0.1 * len(one.said)


def test_no_page_mail_or_pdf_tells_the_two_lives_apart(year: tuple[Shown, Shown]) -> None:
    """So every number about answers in them is the ledger's, or computed from it alone."""
    one, other = year
    assert differences(one.texts, other.texts) == []
    kinds = {name.split()[0] for name in one.texts}
    assert kinds == {"page", "mail", "pdf"}
    assert sum(name.startswith("pdf") for name in one.texts) >= 6


SHOWN = ("B", "R", "LA", "LT", "LL", "CO", "OD")
"""What the first page of a team's report gives in numbers: this month's two, and each source's newest."""


def test_every_pdf_shows_the_figures_of_its_team_as_the_export_has_them(year: tuple[Shown, Shown]) -> None:
    shown, _ = year
    newest: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for line in shown.figures:
        newest[str(line["block"]), str(line["question"])][int(str(line["round"]))] = str(line["shown"])
    checked = 0
    for name, text in shown.texts.items():
        kind, number, who, *_ = name.split()
        team = {"mara@example.org": "Zorg / Noord", "zeno@example.org": "Zorg / Zuid"}.get(who)
        if kind != "pdf" or team is None:
            continue
        for question in SHOWN:
            figures = newest[team, question]
            value = figures[max(round_id for round_id in figures if round_id <= int(number))]
            assert as_told(value).search(text), f"{name} does not show {question} as {value}"
            checked += 1
    assert checked >= 4 * len(SHOWN)


def as_told(value: str) -> re.Pattern[str]:
    """A figure's text in the words of a report, in either language."""
    if value.startswith("≤"):
        return re.compile(rf"\b{value[2:]} (of minder|or less)")
    if value.startswith("≥"):
        return re.compile(rf"\b{value[2:]} (of meer|or more)")
    return re.compile(rf"\b{value}\b(?! (of m|or (less|more)))")


def test_a_number_that_is_not_the_ledgers_is_found(
    tmp_path: Path, environment: pytest.MonkeyPatch, smtp_sink: Mailbox
) -> None:
    """Planted: the exact total of a block, in the organisation's name."""
    write = ledger.write

    def telling(session: Any, asked: Any, blocks: Any, now: Any) -> int:
        asked.organisation_name = f"De Linde {blocks['B'][0].total}"
        return write(session, asked, blocks, now)

    planted = []
    with environment.context() as broken:
        broken.setattr(ledger, "write", telling)
        for life in (1, 2):
            planted.append(live(tmp_path / str(life), environment, smtp_sink, life=life, months=2))
    assert planted[0].figures == planted[1].figures
    assert any(name.startswith("pdf") for name in differences(planted[0].texts, planted[1].texts))
