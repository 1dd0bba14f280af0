"""An overview set on as many pages as it needs, in the team report's own look."""

from __future__ import annotations

from types import SimpleNamespace

from pulse.locale import translator
from pulse.reports import small
from pulse.reports.overview import Overview
from pulse.reports.overview_words import OverviewSayings
from pulse.reports.pages import drawn_of
from pulse.reports.values import months_up_to
from pulse.templating import environment


def overview_page(overview: Overview, language: str) -> str:
    """The HTML of an overview: the same overview and language give the same bytes."""
    words = translator(language)
    say = OverviewSayings(words, overview)
    story = overview.story
    whole = drawn_of(story, words)
    return (
        environment("report", language)
        .get_template("overview.html")
        .render(
            overview=overview,
            story=story,
            say=say,
            colour=overview.colour,
            title=story.organisation if overview.whole else f"{story.organisation}: {story.team}",
            first_month=months_up_to(story.period, small.MONTHS)[0],
            width=SimpleNamespace(year=small.YEAR, now=small.NOW, height=small.HEIGHT),
            drawn=SimpleNamespace(
                balance=whole.balance,
                recognition=whole.recognition,
                returns=whole.returns,
                trend=whole.trend,
                years={group.path: small.year(group.months) for group in overview.groups},
                nows={group.path: small.now(group.value) for group in overview.groups},
            ),
        )
    )
