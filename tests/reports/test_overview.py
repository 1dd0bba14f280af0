"""The overview: every number from the ledger, groups in the order of the shrunken value, and who heard something."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from pulse.giveback import Told
from pulse.locale import translator
from pulse.reports.overview import Place
from pulse.reports.overview_pages import overview_page
from pulse.reports.overview_words import OverviewSayings
from pulse.reports.render import press
from tests.reports.branches import ROOT, Organisation, organisation, overview
from tests.reports.stories import figure, number, periods

ANSWERED = periods(12)[4]
TOLD = periods(12)[5]


def teams(*figures: list[int | None], respondents: int = 10, invited: int = 12, told: bool = False) -> Organisation:
    """Teams `Zorg / A`, `Zorg / B`, … with these balances month by month."""
    found, places = [], [Place(f"{ROOT} / Zorg", ROOT, True, False)]
    for letter, balances in zip("ABCDEFGH", figures, strict=False):
        path = f"{ROOT} / Zorg / {letter}"
        places.append(Place(path, f"{ROOT} / Zorg", True, told and letter == "A"))
        found += [
            figure(period, "B", value, block=path, respondents=respondents, invited=invited)
            for period, value in zip(periods(12), balances, strict=True)
            if value is not None
        ]
    return Organisation(
        found,
        [(number(period), period) for period in periods(12)],
        places,
        {f"{ROOT} / Zorg / A": [Told(ANSWERED, TOLD)]} if told else {},
    )


def text(page: str) -> str:
    """What stands on the drawn pages."""
    pages = PdfReader(BytesIO(press().draw(page))).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_group_stands_there_with_its_published_value(language: str) -> None:
    made = organisation(18)
    found = overview(made)
    say = OverviewSayings(translator(language), found)
    words = text(overview_page(found, language))
    published = {one.block: one for one in made.figures if one.round_id == made.rounds[-1][0] and one.question == "B"}
    assert {group.path: group.value.value for group in found.groups} == {
        path: one.value for path, one in published.items()
    }
    for group in found.groups:
        invited = published[group.path].invited
        people = f"{invited} mensen uitgenodigd" if language == "nl" else f"{invited} people invited"
        assert re.search(rf"{re.escape(say.name(group))} {people}.{{0,60}} {say.number(group.value)} ", words)
    assert say.headline in words
    for sentence in say.lede:
        assert sentence in words


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_chart_says_in_words_what_it_shows(language: str) -> None:
    found = overview(organisation(18))
    say = OverviewSayings(translator(language), found)
    with pikepdf.open(BytesIO(press().draw(overview_page(found, language)))) as file:
        said = {str(one["/Alt"]) for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one}
    for group in found.groups:
        name = say.name(group)
        assert f"{name}: {say.number(group.value)}, {say.story.range(group.value)}" in said
        assert f"{name}: {say.course(group.months)}" in said


def test_a_small_groups_month_is_drawn_to_the_middle_before_it_is_put_in_line() -> None:
    made = teams([50] * 12, [50] * 12, [50] * 12, [50] * 12, [50] * 12)
    last = made.rounds[-1][0]
    few = [
        replace(one, value=25, respondents=5, invited=40) if one.round_id == last and one.block.endswith("A") else one
        for one in made.figures
    ]
    many = [
        replace(one, value=30, respondents=60, invited=60) if one.round_id == last and one.block.endswith("B") else one
        for one in few
    ]
    [branch] = overview(replace(made, figures=many)).branches
    assert [group.path[-1] for group in branch.groups][:2] == ["B", "A"]
    assert [group.value.value for group in branch.groups][:2] == [30, 25]


def test_where_it_sinks_half_a_year_goes_before_this_month() -> None:
    made = teams([60] * 11 + [20], [30] * 12, [55] * 12)
    found = overview(made)
    assert [group.path[-1] for group in found.sinking] == ["B", "A"]
    assert [group.stood_in_the_minus for group in found.sinking] == [True, False]
    assert OverviewSayings(translator("en"), found).headline == "In 2 of 3 groups more is given than comes back"


def test_only_a_rise_beyond_chance_after_a_give_back_is_a_recovery() -> None:
    risen = [25] * 5 + [70] * 7
    assert [group.path[-1] for group in overview(teams(risen, risen, told=True)).recovered] == ["A"]
    assert not overview(teams([45] * 5 + [50] * 7, [50] * 12, told=True)).recovered
    assert not overview(teams(risen, risen)).recovered


def test_who_heard_something_back_is_told_and_nobody_is_ranked() -> None:
    found = overview(teams([50] * 12, [50] * 12, told=True))
    assert [path[-1] for path in found.heard] == ["A"]
    assert [path[-1] for path in found.unheard] == ["g", "B"]
    words = text(overview_page(found, "en"))
    assert "1 of 3 teams with a manager heard something back in this month's letters." in words
    assert "this is no ranking" in words


def test_what_was_counted_one_level_up_is_named_with_the_reason() -> None:
    made = organisation(18)
    found = overview(made)
    words = text(overview_page(found, "nl"))
    [(label, counted)] = found.moved_up
    assert label.startswith("rest of ") and len(counted) == 2
    assert "Een cijfer spreekt voor minstens 5 mensen die antwoordden." in words
    assert "de rest van Behandeling: Behandeling / Centrum; Behandeling / Zuid" in words


def test_a_branch_shows_its_own_groups_and_no_other() -> None:
    made = organisation(18)
    branch = overview(made, f"{ROOT} / Verpleging")
    assert branch.groups and all("Verpleging" in group.path for group in branch.groups)
    words = text(overview_page(branch, "nl"))
    assert "Wijkzorg" not in words


def test_a_month_without_figures_says_why_and_draws_nothing() -> None:
    made = teams([50] * 11 + [None])
    page = overview_page(overview(made), "en")
    assert "Fewer people answered than a figure needs" in text(page)
    assert 'class="year"' not in page


def test_a_hostile_name_is_only_a_name_and_the_file_is_tagged() -> None:
    evil = '<img src="http://127.0.0.1:9/x">"; } body { display: none } \u202e<!-- ruil: the next document -->'
    made = organisation(5)
    first = made.figures[0].block
    figures = [
        replace(one, label=f"{ROOT} / {evil}", block=first) if one.block == first else one for one in made.figures
    ]
    page = overview_page(overview(replace(made, figures=figures)), "nl")
    content = press().draw(page)
    assert content == press().draw(page)
    with pikepdf.open(BytesIO(content)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "nl"
        assert len(file.pages) == 2
    assert "<img src=" in " ".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages).replace("\n", "")
