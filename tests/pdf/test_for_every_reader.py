"""Tags, language, alternative texts, bookmarks and letters: as far towards PDF/UA-1 as can be checked here.

pdfua checks 16 of the 106 rules that a machine could; nobody claims conformance.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest
from pikepdf import Dictionary

from pulse.locale import translator
from pulse.reports.words import Sayings
from tests.pdf.reading import poppler, text
from tests.reports.cases import CASES

Drawn = Callable[[str, str], bytes]
all_cases = pytest.mark.parametrize("case", CASES)


def elements(pdf: pikepdf.Pdf, role: str) -> list[pikepdf.Object]:
    """The structure elements of a role."""
    return [
        found
        for found in pdf.objects
        if isinstance(found, Dictionary) and found.get("/Type") == "/StructElem" and role == found.S
    ]


@all_cases
def test_what_can_be_checked_of_pdf_ua_holds(case: str, drawn: Drawn, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(drawn(case, "nl"))
    report = pdfua.validate(file)

    assert [(found.rule_id, found.message) for found in report.findings] == []


@all_cases
def test_only_our_own_letters_stand_in_it(case: str, drawn: Drawn) -> None:
    fonts = poppler("pdffonts", "-", pdf=drawn(case, "nl")).splitlines()[2:]

    assert fonts
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+Inter(-\w+)? ", font), font
        # Embedded, a subset, with the signs that its shapes stand for.
        assert re.search(r" yes yes yes ", font), font


def test_a_name_with_every_mark_is_read_back_and_its_picture_left_out(drawn: Drawn) -> None:
    read = text(drawn("every mark", "nl"))

    assert "Nachtdienst Ĳsselmuiden-Łódź-Þórshöfn-Ğüzel-Ñuñez-Ångström-Żółć-Őrség-Čeština ·" in read


@pytest.mark.parametrize("language", ["nl", "en"])
def test_title_language_and_bookmarks(language: str, drawn: Drawn) -> None:
    say = Sayings(translator(language), CASES["normal"])
    with pikepdf.open(BytesIO(drawn("normal", language))) as pdf:
        metadata = pdf.open_metadata()
        with pdf.open_outline() as outline:
            (first,) = outline.root
            marks = [(mark.title, len(mark.children)) for mark in first.children]

        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.MarkInfo.Marked) and bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"].startswith("Oost, ")
        assert metadata["dc:description"] == say.headline
        assert "2026-11-10" in metadata["xmp:CreateDate"]
        assert first.title == f"Oost: {say.headline}"
    # Five parts of page 1, and page 2 with five of its own.
    assert [below for _, below in marks] == [0, 0, 0, 0, 0, 5]


def test_every_chart_says_in_words_what_it_shows(drawn: Drawn) -> None:
    told = CASES["normal"]
    say = Sayings(translator("nl"), told)
    with pikepdf.open(BytesIO(drawn("normal", "nl"))) as pdf:
        figures = [str(found.get("/Alt", "")) for found in elements(pdf, "/Figure")]
    values = [told.balance, told.recognition, *(found.value for found in told.returns)]

    # Balance, recognition, five returns, twelve months, before and since, and the code.
    assert len(figures) == 11
    for value, words in zip(values, figures, strict=False):
        assert value is not None
        assert say.number(value) in words and say.range(value) in words
    assert say.months in figures
    assert "maart 2026 niet getoond" in say.months and "november 2026 50 (het team hoorde een teruggave)" in say.months


def test_the_tables_say_what_their_headers_head(drawn: Drawn) -> None:
    with pikepdf.open(BytesIO(drawn("normal", "nl"))) as pdf:
        heads = [str(found.A.Scope) for found in elements(pdf, "/TH")]
        named = [str(name) for name in pdf.Root.StructTreeRoot.IDTree.Names[::2]]
        meant = {str(name) for cell in elements(pdf, "/TD") for name in cell.A.Headers}

        assert elements(pdf, "/TD")
    # Returns, months, the effect and the promises: a row of column heads each, and a head for each row.
    assert heads.count("/Column") == 4 + 13 + 3 + 3
    assert heads.count("/Row") == 5 + 1 + 2 + 2
    assert named == sorted(named) and meant <= set(named)


def test_a_name_that_is_markup_stays_a_name(drawn: Drawn) -> None:
    pdf = drawn("hostile", "en")
    read = text(pdf)

    assert "<b>Oost</b> {{ 7*7 }} & " in read
    assert "49" not in read
    with pikepdf.open(BytesIO(pdf)) as opened:
        links = [
            str(found.A.URI)
            for found in opened.objects
            if isinstance(found, Dictionary) and "/URI" in found.get("/A", {})
        ]
    assert links == [CASES["hostile"].link]
