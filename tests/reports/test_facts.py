"""What a team's story says follows from the published figures, and is silent where they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulse.reports.story import Story
from tests.reports.stories import figure, given, ledger, number, story


def test_a_month_is_told_as_it_was_published() -> None:
    told = story(ledger([50] * 11 + [30]))

    assert (told.balance and told.balance.value, told.side, told.counted) == (30, "minus", "own")
    assert told.recognition is not None and told.recognition.value == 50
    assert told.participation == "more"
    assert [month.value.value for month in told.months if month.value] == [50] * 11 + [30]


def test_a_value_at_its_tail_is_open_at_that_end() -> None:
    low, high = story(ledger([20] * 12)).balance, story(ledger([80] * 12)).balance

    assert low is not None and (low.tail, low.low) == ("low", 0)
    assert high is not None and (high.tail, high.high) == ("high", 100)


def test_half_a_year_below_balance_is_the_minus_and_asks_for_repair() -> None:
    told = story(ledger([30] * 12))

    assert told.running is not None and told.running.stood_in_the_minus
    assert (told.running.below, told.running.of, told.move) == (6, 6, "repair")


def test_a_promise_made_since_is_not_asked_for_again() -> None:
    assert story(ledger([30] * 12), past=[given("2026-10", "2026-11")]).move != "repair"


def test_the_first_month_has_nothing_to_compare_with() -> None:
    told = story(ledger([40]), months=1)

    assert told.first
    assert (told.change, told.quarter, told.running, len(told.months)) == ("", "", None, 1)


def test_a_month_without_a_figure_is_a_gap_with_its_reason() -> None:
    figures = ledger([50] * 5 + [None] + [50] * 6)
    without_round = [row for row in figures if row.period != "2026-03"]
    told = story(without_round)
    reasons = {month.period: month.reason for month in told.months if month.value is None}

    assert reasons == {"2026-03": "few", "2026-05": "few"}


def test_a_team_counted_one_level_up_shows_that_group() -> None:
    rest = [
        replace(row, block="Zorg", label="rest of Zorg", teams=("Zorg", "Zorg / Oost"))
        for row in ledger([40] * 12)
        if row.block == "Zorg / Oost"
    ]
    others = [row for row in ledger([40] * 12) if row.block != "Zorg / Oost"]
    told = story(rest + others)

    assert (told.counted, told.group) == ("above", "rest of Zorg")
    assert told.balance is not None and told.balance.value == 40


def test_a_department_is_made_of_its_blocks_by_who_was_invited() -> None:
    told = story(ledger([40] * 12), path="Zorg", name="Zorg")

    assert told.counted == "below"
    # (12 * 40 + (12 + 18 + 30) * 60) / 72 = 56.67
    assert told.balance is not None and told.balance.value == 57


def test_where_nothing_is_published_nothing_is_said() -> None:
    told = story([], months=3)

    assert (told.counted, told.balance, told.move, told.invited) == ("none", None, "none", 12)


def test_thin_answers_advise_nothing() -> None:
    told = story(ledger([30] * 12, respondents=5, invited=12))

    assert (told.participation, told.move, told.change) == ("under_half", "none", "")


@pytest.mark.parametrize(("share", "band"), [(6, "half"), (9, "half"), (10, "more")])
def test_participation_is_a_band(share: int, band: str) -> None:
    assert story(ledger([50] * 12, respondents=share, invited=12)).participation == band


def test_the_last_promise_shows_what_was_noticed_and_the_balance_around_it() -> None:
    figures = [*ledger([40] * 12), figure("2026-11", "F", 60)]
    told = story(figures, past=[given("2026-10", "2026-11")])

    assert told.promises[0].noticed is not None and told.promises[0].noticed.value == 60
    assert told.effect is not None and (told.effect.before.value, told.effect.change) == (40, "level")
    assert [month.period for month in told.months if month.told] == ["2026-11"]


def test_what_a_wider_group_noticed_is_not_told_as_the_teams_own() -> None:
    wider = figure("2026-11", "F", 60, block="Zorg", teams=("Zorg", "Zorg / Oost"))

    assert story([*ledger([40] * 12), wider], past=[given("2026-10", "2026-11")]).promises[0].noticed is None


def test_a_missing_return_is_named_only_where_the_organisation_has_it() -> None:
    figures = ledger([50] * 12)
    lowered = [
        replace(row, value=20) if row.question == "LA" and row.block == "Zorg / Oost" else row for row in figures
    ]

    assert story(lowered).missing == "LA"
    assert (story(lowered).move, story(lowered).source) == ("return", "LA")
    assert story(figures).missing is None


def test_a_return_older_than_four_rounds_is_not_shown() -> None:
    newest = max(row.round_id for row in ledger([50] * 12) if row.question == "LA")
    kept = [
        row
        for row in ledger([50] * 12)
        if row.question != "LA" or row.round_id < number("2026-11") - 4 or row.round_id < newest - 3
    ]
    told = {returned.source: returned.value for returned in story(kept).returns}

    assert told["LA"] is None
    assert told["CO"] is not None


def test_back_from_the_minus_is_told_only_after_it_and_only_for_sure() -> None:
    def told(balances: list[int | None]) -> bool:
        return story(ledger(balances, respondents=20, invited=24)).recovered

    assert told([30] * 9 + [60, 70, 60])
    # Never in the minus; still in it; a rise that chance explains; and a stretch that ended long ago.
    assert not told([50] * 9 + [60, 70, 60])
    assert not told([30] * 12)
    assert not told([40] * 6 + [50] * 6)
    assert not told([30] * 3 + [60] * 9)


def test_a_return_that_was_asked_and_not_shown_names_its_month() -> None:
    rows = [row for row in ledger([50] * 12) if (row.question, row.block) != ("LL", "Zorg / Oost")]
    told = {returned.source: returned for returned in story(rows).returns}

    assert (told["LL"].value, told["LL"].period) == (None, "2026-11")
    assert story([row for row in rows if row.question != "LL"]).returns[2].period is None


def test_advice_is_sure_only_where_chance_does_not_explain_the_gap() -> None:
    def lowered(value: int) -> Story:
        rows = ledger([50] * 12)
        return story(
            [
                replace(row, value=value) if row.question == "LT" and row.teams == ("Zorg / Oost",) else row
                for row in rows
            ]
        )

    assert (lowered(30).source, lowered(30).sure) == ("LT", True)
    assert (lowered(50).move, lowered(50).sure) == ("acknowledge", False)
