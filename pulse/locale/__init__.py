"""Every word a person reads, in Dutch and English. English is the source; `nl/*.po` translate it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from pulse.locale.sentences import Sentence

__all__ = ["LANGUAGES", "Sentence", "Translator", "translator"]

LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Translator:
    """One language's words and dates, for templates and for sentences made in code."""

    language: str
    words: dict[str, tuple[str, ...]]

    def gettext(self, message: str) -> str:
        """The message in this language; English when it has no translation."""
        return self.words.get(message, (message,))[0]

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The singular or plural form for `count`."""
        forms = self.words.get(singular)
        return (forms or (singular, plural))[0 if count == 1 else -1]

    def number(self, value: float) -> str:
        """`4,5` or `4.5`: at most three decimals."""
        return format_decimal(value, locale=self.language)

    def say(self, said: str | Exception) -> str:
        """A sentence, or a refusal's sentence, in this language; other text as it is."""
        if isinstance(said, Exception):
            said = said.args[0] if said.args and isinstance(said.args[0], str) else str(said)
        return said.said(self) if isinstance(said, Sentence) else said

    def day(self, value: date) -> str:
        """`2 december` or `2 December`."""
        return format_date(value, "d MMMM", locale=self.language)

    def weekday(self, value: date) -> str:
        """`dinsdag 2 december`."""
        return format_date(value, "EEEE d MMMM", locale=self.language)

    def month(self, period: str) -> str:
        """The month's name of a period such as `2026-11`, with its year: `november 2026`."""
        return format_date(date.fromisoformat(f"{period}-01"), "MMMM y", locale=self.language)

    def short_month(self, period: str) -> str:
        """`nov`, from `2026-11`."""
        return format_date(date.fromisoformat(f"{period}-01"), "MMM", locale=self.language).rstrip(".")

    def moment(self, value: datetime) -> str:
        """An aware datetime in its own zone: `dinsdag 2 december 10:00`."""
        return format_datetime(value, "EEEE d MMMM HH:mm", tzinfo=value.tzinfo, locale=self.language)


@cache
def translator(language: str) -> Translator:
    """The words of `nl` or `en`."""
    if language not in LANGUAGES:
        raise ValueError(f"Ruil speaks {' and '.join(LANGUAGES)}, not {language!r}.")
    return Translator(language, _words(language))


def _words(language: str) -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for path in sorted((Path(__file__).parent / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id and message.string and not message.fuzzy:
                    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    if all(strings):
                        words[ids[0]] = tuple(str(string) for string in strings)
    return words
