"""The PDF a manager opens: two pages, in words and figures that the ledger holds, in our own letters."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from pulse.locale import translator
from pulse.reports.pages import page_of
from pulse.reports.render import Press
from pulse.reports.story import Story
from pulse.reports.words import Sayings
from tests.reports.stories import given, ledger, story

HOSTILE = '<b>Oost</b> {{ 7*7 }} & "x" <img src="http://127.0.0.1:9/x"> @import url(file:///etc) 😀 漢字 ﹤i﹥'


def one_level_up() -> Story:
    """A small team, whose answers count in the rest of Zorg."""
    rows = ledger([40] * 12)
    return story(
        [
            replace(row, block="Zorg", label="rest of Zorg", teams=("Zorg", "Zorg / Oost"))
            if row.block == "Zorg / Oost"
            else row
            for row in rows
        ]
    )


def hostile() -> Story:
    """A name and sentences that try to be markup, and are as long as they may be."""
    sentence = (HOSTILE + " woordenboekenlang" * 20)[:200]
    past = [
        given("2026-10", "2026-11", sentence),
        given("2026-09", "2026-10", sentence),
        given("2026-05", None, sentence),
    ]
    return story(ledger([30] * 12), name=HOSTILE[:80], past=past)


CASES = {
    "normal": story(ledger([60, 50, 50, None, 40, 50, 40, None, 40, 30, 40, 30]), past=[given("2026-10", "2026-11")]),
    "five people": story(ledger([50] * 12, respondents=5, invited=5)),
    "four hundred": story(ledger([47] * 12, respondents=330, invited=400)),
    "one level up": one_level_up(),
    "fewer than half": story(ledger([30] * 12, respondents=5, invited=14)),
    "first month": story(ledger([50]), months=1),
    "hostile": hostile(),
    "no figure": story([], months=2),
}


def text(pdf: bytes) -> str:
    """All words of a PDF, on one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", CASES)
def test_two_pages_that_say_what_is_published(case: str, language: str, press: Press, tmp_path: Path) -> None:
    told = CASES[case]
    pdf = press.draw(page_of(told, language))
    read = text(pdf)
    say = Sayings(translator(language), told)

    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 2
    for page in pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert say.headline in read
    assert say.call in read
    for value in (told.balance, told.recognition, *(returned.value for returned in told.returns)):
        assert value is None or say.number(value) in read
    if told.balance is not None:
        assert say.range(told.balance) in read
        assert say.participation in read

    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert len(pdf) <= 60_000


@pytest.mark.parametrize("case", CASES)
def test_only_our_own_letters_stand_in_it(case: str, press: Press) -> None:
    with pikepdf.open(BytesIO(press.draw(page_of(CASES[case], "nl")))) as pdf:
        fonts = {
            str(found["/BaseFont"]).split("+")[-1]
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/Font"
        }
    assert fonts and all(re.fullmatch(r"Inter(-\w+)?", font) for font in fonts), fonts


def test_the_same_story_gives_the_same_bytes() -> None:
    page = page_of(CASES["normal"], "nl")
    one, other = Press(), Press()
    try:
        first = one.draw(page)
        one.draw(page_of(CASES["hostile"], "en"))

        assert first == one.draw(page) == other.draw(page)
    finally:
        one.close()
        other.close()


def test_a_tagged_document_with_title_language_and_described_charts(press: Press) -> None:
    with pikepdf.open(BytesIO(press.draw(page_of(CASES["normal"], "nl")))) as pdf:
        metadata = pdf.open_metadata()
        alternatives = [
            str(found["/Alt"]) for found in pdf.objects if isinstance(found, pikepdf.Dictionary) and "/Alt" in found
        ]

        assert str(pdf.Root.Lang) == "nl"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert metadata["pdfuaid:part"] == "1"
        assert "Oost, november 2026" in metadata["dc:title"]
        assert "2026-11-10" in metadata["xmp:CreateDate"]
    # Balance, recognition, five returns, twelve months and the code.
    assert len(alternatives) == 9
    assert all(len(words) > 10 for words in alternatives)
    assert any("november 2026 30" in words and "niet getoond" in words for words in alternatives)


def test_a_name_that_is_markup_stays_a_name(press: Press) -> None:
    pdf = press.draw(page_of(CASES["hostile"], "en"))
    read = text(pdf)

    assert "<b>Oost</b> {{ 7*7 }} & " in read
    assert "49" not in read
    with pikepdf.open(BytesIO(pdf)) as opened:
        links = {
            str(found["/A"]["/URI"])
            for found in opened.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Subtype") == "/Link" and "/A" in found
        }
    assert all(link.startswith("https://ruil.example.org/m/") for link in links)


def test_no_letter_is_smaller_than_eight_points(press: Press, tmp_path: Path) -> None:
    for case in ("normal", "hostile"):
        file = tmp_path / f"{case}.pdf"
        file.write_bytes(press.draw(page_of(CASES[case], "nl")))
        boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
        heights = [
            float(bottom) - float(top)
            for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', boxes)
        ]
        # Inter's line is 1.21 times its size.
        assert heights and min(heights) >= 8 * 1.2
