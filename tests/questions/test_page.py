"""What the docs say of the bank is the bank."""

from __future__ import annotations

from pathlib import Path

from pulse.questions import QUESTIONS, WORDING_VERSION
from pulse.questions.rotation import WHEEL

PAGE = " ".join((Path(__file__).parents[2] / "docs/questions.md").read_text(encoding="utf-8").split())


def test_every_question_stands_on_the_page_with_its_construct_scale_and_source() -> None:
    for question in QUESTIONS.values():
        words = (question.text(language, "{promise}") for language in ("en", "nl"))
        cells = (question.id, question.construct, *words, question.scale, question.source)
        assert f"| {' | '.join(cells)} |" in PAGE
    assert f"This is version {WORDING_VERSION};" in PAGE


def test_every_scale_stands_on_the_page_with_its_labels() -> None:
    for question in QUESTIONS.values():
        english, dutch = (" · ".join(question.labels(language)[:5]) for language in ("en", "nl"))
        assert f"| {question.scale} | {english} | {dutch} |" in PAGE
        for language in ("en", "nl"):
            assert question.explanation(language) in PAGE
            assert all(label in PAGE for label in question.labels(language)[5:])


def test_the_wheel_stands_on_the_page() -> None:
    assert ", ".join(f"{first} and {second}" for first, second in WHEEL) in PAGE
