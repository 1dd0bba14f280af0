"""An overview set on as many pages as it needs, in the team report's own look."""

from __future__ import annotations

from types import SimpleNamespace

from pulse.locale import translator
from pulse.reports import small
from pulse.reports.overview import Overview
from pulse.reports.overview_words import OverviewSayings
from pulse.reports.pages import _drawn
from pulse.reports.values import months_up_to
from pulse.templating import environment


def overview_page(overview: Overview, language: str) -> str:
    """The HTML of an overview: the same overview and language give the same bytes."""
    say = OverviewSayings(translator(language), overview)
    story = overview.story
    whole = _drawn(story, say.story)
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
                trend_words=whole.trend_words,
                years={group.path: small.year(group.months) for group in overview.groups},
                nows={group.path: small.now(group.value) for group in overview.groups},
            ),
        )
    )
