"""The figures inside the PDF open in a spreadsheet as figures, and no name there runs as a formula."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from pulse.reports.spreadsheet import BYTE_ORDER_MARK, enclosure_of, figures_csv, plain
from tests.reports.cases import CASES


def test_dutch_and_english_machines_take_their_own_separator() -> None:
    for language, separator in (("nl", ";"), ("en", ",")):
        content = figures_csv(CASES["normal"], language)
        assert content.startswith(BYTE_ORDER_MARK)
        rows = list(csv.reader(StringIO(content.removeprefix(BYTE_ORDER_MARK)), delimiter=separator))
        # Ten published months, recognition, five returns, three promises, under one heading.
        assert len(rows) == 1 + 10 + 1 + 5 + 3
        assert {len(row) for row in rows} == {8}


def test_a_value_at_its_tail_says_so() -> None:
    rows = csv.DictReader(StringIO(figures_csv(CASES["at the tails"], "en").removeprefix(BYTE_ORDER_MARK)))

    assert {(row["Figure"], row["Value"], row["Shown as"], row["Very likely from"]) for row in rows} >= {
        ("Balance", "20", "20 or less", "0"),
        ("Recognition", "80", "80 or more", "66"),
    }


@pytest.mark.parametrize("name", ["=2+3", "+1", "-1", "@sum(a1)", "\t=2", " =cmd|'/c calc'!a1"])
def test_a_name_never_runs(name: str) -> None:
    assert plain(name) == f"'{name}"
    assert f"\r\n{name}," not in figures_csv(replace(CASES["normal"], team=name), "en")


@pytest.mark.parametrize(
    ("team", "name"),
    [("Wijkteam Oost", "wijkteam-oost"), ("Łódź / Één", "odz-een"), ("😀", "team"), ("../../etc", "etc")],
)
def test_its_name_is_one_that_every_machine_takes(team: str, name: str) -> None:
    assert enclosure_of(replace(CASES["normal"], team=team), "nl").name == f"ruil-2026-11-{name}.csv"
