"""Each letter's words are committed beside this test, so that a change of wording is a diff that can be read.

`UPDATE_LETTERS=1 pytest tests/letters/test_snapshots.py` writes them anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.letters.all_letters import LETTERS, letter

HERE = Path(__file__).parent / "snapshots"
pytestmark = pytest.mark.usefixtures("environment")


@pytest.mark.parametrize(("name", "language"), LETTERS)
def test_a_letter_says_what_it_said(name: str, language: str) -> None:
    written = letter(name, language)
    kept = {
        HERE / f"{name}-{language}.txt": f"Subject: {written.subject}\n\n{written.text}",
        HERE / f"{name}-{language}.html": written.html,
    }
    for path, words in kept.items():
        if os.environ.get("UPDATE_LETTERS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(words, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == words, f"{path.name} differs: look at the letter, then update"


def test_no_snapshot_is_left_of_a_letter_that_is_gone() -> None:
    assert {path.stem for path in HERE.iterdir()} == {f"{name}-{language}" for name, language in LETTERS}
