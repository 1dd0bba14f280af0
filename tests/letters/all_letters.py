"""Every letter of every kind and branch, in both languages, as examples and as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from config import LANGUAGES
from pulse.mail.letters.examples import EXAMPLES, example
from pulse.mail.letters.letterhead import Letterhead
from pulse.mail.letters.writing import Written

HEAD = Letterhead("De Linde", "#0072b2", "HR van De Linde", "hr@delinde.example")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LETTERS = [(name, language) for name in EXAMPLES for language in LANGUAGES]


def letter(name: str, language: str, head: Letterhead = HEAD, reader: str = "Anna de Vries") -> Written:
    """One of them."""
    return example(name, language, head, NOW, reader=reader, link=link)


def link(door: str, option: int | None, part: str) -> str:
    """As long as a real one, and another in each part and for each option."""
    token = part if option is None else f"{part}{option}"
    return f"https://ruil.example/{door}/{token:x<26}"


def every() -> Iterator[tuple[str, str, Written]]:
    """All of them."""
    for name, language in LETTERS:
        yield name, language, letter(name, language)
