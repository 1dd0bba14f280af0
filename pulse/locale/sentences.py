"""A sentence with blanks: English as it is, and still able to be said in another language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date

if TYPE_CHECKING:
    from pulse.locale import Translator


class Sentence(str):
    """English text that remembers its template and what fills it, so that a page can say it in Dutch.

    Values may be dates, sentences themselves, or a tuple of sentences.

    >>> Sentence("Line %(line)s is empty.", line=3)
    'Line 3 is empty.'
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Sentence:
        """Fill the blanks in English."""
        made = super().__new__(cls, template % {name: _english(value) for name, value in values.items()})
        made.template, made.values = template, values
        return made

    def said(self, words: Translator) -> str:
        """The sentence in the reader's language."""
        return words.gettext(self.template) % {name: _in(value, words) for name, value in self.values.items()}


def _english(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(str(_english(one)) for one in value)
    return format_date(value, "EEEE d MMMM y", locale="en") if isinstance(value, date) else value


def _in(value: object, words: Translator) -> object:
    if isinstance(value, Sentence):
        return value.said(words)
    if isinstance(value, tuple):
        return ", ".join(str(_in(one, words)) for one in value)
    return format_date(value, "EEEE d MMMM y", locale=words.language) if isinstance(value, date) else value
