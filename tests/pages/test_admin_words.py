"""Every sentence of the administrators' pages exists in Dutch, with the same blanks to fill in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from pulse.locale import translator

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "Sentence": None}
TEMPLATES = [*ROOT.glob("templates/web/admin/*.html"), *ROOT.glob("templates/web/sign_in*.html")]
ROOMS = ("calendar", "schedule", "roster", "rounds", "mail")
"""Whose refusals and notes are shown on these pages."""
MODULES = [
    *ROOT.glob("pulse/web/admin/*.py"),
    ROOT / "pulse/web/sign_in.py",
    ROOT / "pulse/holding.py",
    ROOT / "pulse/database/holds.py",
]
MODULES += [path for room in ROOMS for path in ROOT.glob(f"pulse/{room}/*.py")]


def sentences() -> Iterator[tuple[str, ...]]:
    """All English sentences; those that count with both their forms."""
    for path in TEMPLATES:
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ["_", "gettext", "ngettext"], [], {"silent": "false"}):
                yield forms(message)
    for path in MODULES:
        for found in extract_from_file("python", path, KEYWORDS):
            yield forms(found[1])


def forms(message: object) -> tuple[str, ...]:
    """The sentences among an extracted call's arguments."""
    parts = message if isinstance(message, (tuple, list)) else (message,)
    return tuple(part for part in parts if isinstance(part, str))


def blanks(sentence: str) -> set[str]:
    """What is filled in."""
    return set(re.findall(r"%\(\w+\)s", sentence))


@pytest.mark.parametrize("sentence", sorted(set(filter(None, sentences()))), ids=lambda sentence: sentence[0][:60])
def test_a_sentence_is_in_dutch(sentence: tuple[str, ...]) -> None:
    dutch = translator("nl").words.get(sentence[0])
    assert dutch, sentence
    assert [blanks(form) for form in dutch] == [blanks(form) for form in sentence]


def test_no_word_has_two_translations() -> None:
    """All catalogues are read as one, so the later of two would silently win."""
    seen: dict[str, tuple[str, str]] = {}
    for path in sorted((ROOT / "pulse/locale/nl").glob("*.po")):
        for message in read_po(path.open("rb")):
            if message.id:
                key, text = str(message.id), str(message.string)
                assert seen.setdefault(key, (text, path.name))[0] == text, (key, path.name, seen[key])
