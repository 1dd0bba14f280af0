"""The PDF a manager opens: two full pages, in words and figures that the ledger holds."""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from pulse.locale import translator
from pulse.questions import QUESTIONS, SOURCES
from pulse.reports.actions import action_of
from pulse.reports.pages import page_of
from pulse.reports.render import Press
from pulse.reports.words import Sayings
from tests.pdf.reading import laid_out, one_line, poppler, poppler_bytes, text
from tests.reports.cases import CASES

Drawn = Callable[[str, str], bytes]
both_languages = pytest.mark.parametrize("language", ["nl", "en"])
all_cases = pytest.mark.parametrize("case", CASES)


@both_languages
@all_cases
def test_two_pages_that_say_what_is_published(case: str, language: str, drawn: Drawn) -> None:
    told = CASES[case]
    pdf = drawn(case, language)
    say = Sayings(translator(language), told)
    action = action_of(told.move, told.source)
    words = [say.headline, *say.certainty, say.call, say.counted, *say.why, say.effect, say.participation]
    words += [say.words.gettext(one) for one in (action.title, *action.steps, action.question)]
    if told.balance is not None:
        words += [say.balance, say.number(told.balance), say.recognition]
        words += [] if told.first else [say.running]
    words += [
        f"{say.nearest(found.source, found.value)} {say.number(found.value)}" for found in told.returns if found.value
    ]
    words += [f"{promise.sentence[:30]}" for promise in told.promises] if case != "hostile" else []
    words += [say.noticed(promise) for promise in told.promises]
    # Where a table or a row of columns stands, poppler goes line by line; a sentence may be cut there.
    read, lying = text(pdf), laid_out(pdf)
    for sentence in filter(None, map(one_line, words)):
        assert sentence in read or sentence in lying, sentence

    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 2
    for page in pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert len(pdf) <= 60_000


@both_languages
@pytest.mark.parametrize("case", ["first month", "no figure"])
def test_a_page_without_a_course_says_what_is_asked_and_how_to_read_what_comes(
    case: str, language: str, drawn: Drawn
) -> None:
    told = text(drawn(case, language))
    for question in ("B", "R", *SOURCES):
        assert QUESTIONS[question].text(language) in told
    coming = {
        "first month": ("From the second month", "Vanaf de tweede maand"),
        "no figure": ("One month says little", "Eén maand zegt weinig"),
    }
    assert coming[case][language == "nl"] in told


@both_languages
@all_cases
def test_no_page_has_a_hole(case: str, language: str, drawn: Drawn) -> None:
    pdf = drawn(case, language)
    for number in ("1", "2"):
        picture = poppler_bytes("pdftoppm", "-r", "25.4", "-gray", "-f", number, "-l", number, pdf=pdf)
        assert widest_blank(picture) <= 25, f"page {number}"


def widest_blank(picture: bytes) -> int:
    """Millimetres of the highest stretch without ink above the foot of a page; the picture has a dot for each."""
    head = re.match(rb"P5\n(\d+) (\d+)\n255\n", picture)
    assert head is not None
    width, height, first = int(head[1]), int(head[2]), head.end()
    rows = [picture[first + width * row : first + width * (row + 1)] for row in range(height - 16)]
    blank = "".join(" " if min(row) > 250 else "x" for row in rows)
    return max(map(len, blank.split("x")))


@all_cases
def test_every_month_stands_under_its_name(case: str, drawn: Drawn) -> None:
    told = CASES[case]
    say = Sayings(translator("nl"), told)
    if sum(month.value is not None for month in told.months) < 2:
        pytest.skip("no course to draw")
    row = " ".join(["Balans", *(say.brief(month.value) for month in told.months)])

    assert row in text(drawn(case, "nl"))


@all_cases
def test_the_figures_inside_are_those_of_the_pages(case: str, drawn: Drawn) -> None:
    told = CASES[case]
    with pikepdf.open(BytesIO(drawn(case, "en"))) as pdf:
        (name,) = pdf.attachments
        content = pdf.attachments[name].get_file().read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content)))
    values = [month.value for month in told.months] + [told.recognition] + [found.value for found in told.returns]
    values += [promise.noticed for promise in told.promises]

    assert re.fullmatch(r"ruil-2026-11-[a-z0-9-]+\.csv", name)
    assert [int(row["Value"]) for row in rows] == [found.value for found in values if found is not None]
    assert all(row["Team"] == told.team for row in rows)


@all_cases
def test_no_page_is_left_a_quarter_empty(case: str, drawn: Drawn) -> None:
    boxes = poppler("pdftotext", "-bbox", "-", "-", pdf=drawn(case, "nl"))
    for page in boxes.split("<page ")[1:]:
        bottoms = sorted(float(bottom) for bottom in re.findall(r'yMax="([\d.]+)"', page))
        foot = [bottom for bottom in bottoms if bottom < 805]

        assert max(foot) > 842 * 0.75


def test_the_same_story_gives_the_same_bytes(drawn: Drawn) -> None:
    other = Press()
    try:
        again = other.draw(page_of(CASES["normal"], "nl"))
    finally:
        other.close()

    assert again == drawn("normal", "nl")


def test_no_letter_is_smaller_than_eight_points(drawn: Drawn) -> None:
    for case in CASES:
        boxes = poppler("pdftotext", "-bbox", "-", "-", pdf=drawn(case, "nl"))
        heights = [
            float(bottom) - float(top)
            for top, bottom in re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', boxes)
        ]
        # Inter's line is 1.21 times its size.
        assert heights and min(heights) >= 8 * 1.2, case


@all_cases
def test_the_file_is_sound(case: str, drawn: Drawn, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(drawn(case, "nl"))
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
