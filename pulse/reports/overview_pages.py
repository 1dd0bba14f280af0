"""An overview set on as many pages of paper as it needs, in the team report's own look, or for a screen."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from markupsafe import Markup

from pulse.locale import translator
from pulse.reports import small
from pulse.reports.overview import Overview
from pulse.reports.overview_words import OverviewSayings
from pulse.reports.pages import drawn_of
from pulse.reports.story import Story
from pulse.reports.values import months_up_to
from pulse.templating import environment


def overview_page(overview: Overview, language: str) -> str:
    """The HTML of an overview: the same overview and language give the same bytes."""
    return environment("report", language).get_template("overview.html").render(_shown(overview, language))


def overview_on_screen(overview: Overview, language: str) -> Markup:
    """What stands below the headline, for a page that brings the style: `static/overview.css`."""
    body = environment("report", language).get_template("screen.html").render(_shown(overview, language))
    return Markup(body)  # noqa: S704  # our own template, which has escaped what people typed


def _shown(overview: Overview, language: str) -> dict[str, object]:
    """What the templates fill in: the facts, their words and their drawings."""
    words = translator(language)
    story = overview.story
    whole = drawn_of(_beside_nothing(story) if overview.whole else story, words)
    return {
        "overview": overview,
        "story": story,
        "say": OverviewSayings(words, overview),
        "colour": overview.colour,
        "title": story.organisation if overview.whole else f"{story.organisation}: {story.team}",
        "first_month": months_up_to(story.period, small.MONTHS)[0],
        "width": SimpleNamespace(year=small.YEAR, now=small.NOW, height=small.HEIGHT),
        "drawn": SimpleNamespace(
            balance=whole.balance,
            recognition=whole.recognition,
            returns=whole.returns,
            trend=whole.trend,
            years={group.path: small.year(group.months) for group in overview.groups},
            nows={group.path: small.now(group.value) for group in overview.groups},
        ),
    }


def _beside_nothing(story: Story) -> Story:
    """The whole organisation is not held beside itself."""
    return replace(story, returns=tuple(replace(returned, organisation=None) for returned in story.returns))
