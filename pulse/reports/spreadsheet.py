"""The figures of a report as a table for a spreadsheet, to go inside its PDF. (pure)

One row a figure, as published; nothing that the two pages do not show. Names that a spreadsheet would run as a
formula are made text (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from pulse.locale import Translator, translator
from pulse.reports.story import Story, Value
from pulse.reports.words import Sayings

SEPARATORS = {"nl": ";", "en": ","}
"""What a spreadsheet in that language expects."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the letters of the machine."""


@dataclass(frozen=True)
class Enclosure:
    """A file that goes inside a PDF."""

    name: str
    title: str
    content: str


def enclosure_of(story: Story, language: str) -> Enclosure:
    """The figures of a report as a file inside it, under a name that every machine takes."""
    ascii_name = unicodedata.normalize("NFKD", story.team).encode("ascii", "ignore").decode()
    team = re.sub(r"\W+", "-", ascii_name).strip("-").lower()[:40] or "team"
    title = translator(language).gettext("The figures of these two pages")
    return Enclosure(f"ruil-{story.period}-{team}.csv", title, figures_csv(story, language))


def figures_csv(story: Story, language: str) -> str:
    """All figures of a story, each with where it very likely lies and what it is held beside."""
    words = translator(language)
    written = StringIO()
    table = csv.writer(written, delimiter=SEPARATORS[language])
    table.writerow(_headings(words))
    for what, period, value, beside in _figures(story, Sayings(words, story)):
        shown = Sayings(words, story).number(value)
        ends = (round(value.low), round(value.high))
        name = plain(story.team)
        table.writerow((name, plain(what), period, value.value, shown, *ends, "" if beside is None else beside))
    return BYTE_ORDER_MARK + written.getvalue()


def plain(cell: str) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _headings(words: Translator) -> list[str]:
    names = ("Team", "Figure", "Month", "Value", "Shown as", "Very likely from", "to", "Organisation")
    return [words.gettext(name) for name in names]


def _figures(story: Story, say: Sayings) -> Iterator[tuple[str, str, Value, int | None]]:
    """What a figure is of, its month, the figure, and the organisation's."""
    _ = say.words.gettext
    for month in story.months:
        if month.value is not None:
            yield _("Balance"), month.period, month.value, None
    if story.recognition is not None:
        yield _("Recognition"), story.period, story.recognition, None
    for returned in story.returns:
        if returned.value is not None and returned.period is not None:
            yield say.source(returned.source), returned.period, returned.value, returned.organisation
    for promise in story.promises:
        if promise.told is not None and promise.noticed is not None:
            yield _("Noticed by the team"), promise.told, promise.noticed, None
