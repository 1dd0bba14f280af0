"""A story set on two pages: its words, its charts and its code, as one HTML document."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import segno
from markupsafe import Markup

from pulse.locale import Translator, translator
from pulse.reports.actions import Action, action_of
from pulse.reports.charts import DotChart, Spot, Trend, dot_chart, trend_chart
from pulse.reports.story import Story, Value
from pulse.reports.words import Sayings
from pulse.templating import environment

HALF, ROW, TREND = (239.0, 26.0), (208.0, 18.0), (448.0, 118.0)
"""Width and height of the charts, in points."""
CODE_SIDE = "92pt"


@dataclass(frozen=True)
class Drawn:
    """The charts of one story; None where there is nothing to draw."""

    balance: DotChart | None
    recognition: DotChart | None
    returns: dict[str, DotChart]
    trend: Trend | None
    trend_words: str
    code: Markup | None


def page_of(story: Story, language: str) -> str:
    """The HTML of a report: the same story and language give the same bytes."""
    words = translator(language)
    say = Sayings(words, story)
    return (
        environment("report", language)
        .get_template("team.html")
        .render(story=story, say=say, drawn=_drawn(story, say), action=_translated(story, words))
    )


def _translated(story: Story, words: Translator) -> Action:
    action = action_of(story.move, story.source)
    first, second, third = (words.gettext(step) for step in action.steps)
    return Action(words.gettext(action.title), (first, second, third))


def _drawn(story: Story, say: Sayings) -> Drawn:
    return Drawn(
        balance=_dot(story.balance, HALF, shaded=True),
        recognition=_dot(story.recognition, HALF),
        returns={
            returned.source: chart
            for returned in story.returns
            if (chart := _dot(returned.value, ROW, reference=returned.organisation)) is not None
        },
        trend=_trend(story),
        trend_words="; ".join(
            f"{say.words.month(month.period)} {say.number(month.value) if month.value else say.gap(month)}"
            for month in story.months
        ),
        code=_code(story.link, say.words.gettext("Code with the link to your give-back page")),
    )


def _spot(value: Value) -> Spot:
    return Spot(value.value, value.low, value.high, value.tail)


def _dot(
    value: Value | None, size: tuple[float, float], *, shaded: bool = False, reference: int | None = None
) -> DotChart | None:
    if value is None:
        return None
    return dot_chart(_spot(value), width=size[0], height=size[1], shaded=shaded, reference=reference)


def _trend(story: Story) -> Trend | None:
    if sum(month.value is not None for month in story.months) < 2:
        return None
    spots = [_spot(month.value) if month.value else None for month in story.months]
    return trend_chart(spots, [month.told for month in story.months], width=TREND[0], height=TREND[1])


def _code(link: str | None, title: str) -> Markup | None:
    if link is None:
        return None
    drawn = BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", xmldecl=False, border=2, title=title, omitsize=True, dark="#000", light="#fff"
    )
    svg = drawn.getvalue().decode()
    sized = svg.replace("<svg ", f'<svg width="{CODE_SIDE}" height="{CODE_SIDE}" ', 1)
    return Markup(sized)  # noqa: S704  # made of our own link and title alone; segno escapes both
