"""A story set on two pages: its words, its charts and its code, as one HTML document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import segno
from markupsafe import Markup

from pulse.locale import Translator, translator
from pulse.reports.actions import Action, action_of
from pulse.reports.charts import DotChart, Spot, Trend, dot_chart, trend_chart
from pulse.reports.spreadsheet import enclosure_of
from pulse.reports.story import Story, Value
from pulse.reports.words import Sayings
from pulse.roster import RUIL_BLUE
from pulse.templating import environment

HALF, ROW, TREND = (239.0, 22.0), (190.0, 17.0), (448.0, 124.0)
SINCE = (125.0, 17.0)
"""Width and height of the charts, in points."""
CODE_SIDE = "88pt"


@dataclass(frozen=True)
class Drawn:
    """The charts of one story; None where there is nothing to draw."""

    balance: DotChart | None
    recognition: DotChart | None
    returns: dict[str, DotChart]
    trend: Trend | None
    before: DotChart | None
    since: DotChart | None
    code: Markup | None


def page_of(story: Story, language: str) -> str:
    """The HTML of a report: the same story and language give the same bytes."""
    words = translator(language)
    say = Sayings(words, story)
    colour = story.colour if re.fullmatch("#[0-9a-f]{6}", story.colour) else RUIL_BLUE
    return (
        environment("report", language)
        .get_template("team.html")
        .render(
            story=story,
            say=say,
            drawn=drawn_of(story, words),
            action=_translated(story, words),
            colour=colour,
            room=_room(story),
            figures=enclosure_of(story, language),
        )
    )


def _translated(story: Story, words: Translator) -> Action:
    action = action_of(story.move, story.source)
    first, second, third = (words.gettext(step) for step in action.steps)
    return Action(words.gettext(action.title), (first, second, third), words.gettext(action.question))


def drawn_of(story: Story, words: Translator) -> Drawn:
    """The charts of a story, worked out."""
    effect = story.effect
    return Drawn(
        balance=_dot(story.balance, HALF, shaded=True),
        recognition=_dot(story.recognition, HALF),
        returns={
            returned.source: chart
            for returned in story.returns
            if (chart := _dot(returned.value, ROW, reference=returned.organisation)) is not None
        },
        trend=_trend(story),
        before=_dot(effect.before if effect else None, SINCE, shaded=True),
        since=_dot(effect.since if effect else None, SINCE, shaded=True),
        code=_code(story.link, words.gettext("Code with the link to your give-back page")) if story.link else None,
    )


def _room(story: Story) -> tuple[int, int]:
    """Points to add between the blocks of each page, by what the story has to say; less than none makes it dense.

    Found by setting stories on paper, so that most pages need to be set but once.
    """
    if story.balance is None:
        first = 6 if _drawable(story) else 3
    elif story.first:
        first = 5
    else:
        first = -1 if story.counted == "above" else 4
    second = (16, 10, 4, -1)[len(story.promises)]
    return first, second


def _drawable(story: Story) -> bool:
    return sum(month.value is not None for month in story.months) > 1


def _spot(value: Value) -> Spot:
    return Spot(value.value, value.low, value.high, value.tail)


def _dot(
    value: Value | None, size: tuple[float, float], *, shaded: bool = False, reference: int | None = None
) -> DotChart | None:
    if value is None:
        return None
    return dot_chart(_spot(value), width=size[0], height=size[1], shaded=shaded, reference=reference)


def _trend(story: Story) -> Trend | None:
    if not _drawable(story):
        return None
    spots = [_spot(month.value) if month.value else None for month in story.months]
    return trend_chart(spots, [month.told for month in story.months], width=TREND[0], height=TREND[1])


def _code(link: str, title: str) -> Markup:
    drawn = BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", xmldecl=False, border=2, title=title, omitsize=True, dark="#000", light="#fff"
    )
    svg = drawn.getvalue().decode()
    sized = svg.replace("<svg ", f'<svg width="{CODE_SIDE}" height="{CODE_SIDE}" ', 1)
    return Markup(sized)  # noqa: S704  # made of our own link and title alone; segno escapes both
