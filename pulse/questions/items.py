"""The question bank: fixed wording in two languages, read from items.toml. (pure)

Administrators cannot add or edit questions: a custom question can be a trap ("are you the one who …").
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

NOT_MY_CASE = 5
"""The option of P that counts as no answer."""


@dataclass(frozen=True)
class Question:
    """One item of the bank. Options are 0 to 4 in the order shown."""

    id: str
    construct: str
    source: str
    """Where the idea comes from; the wording is our own."""
    scale: str
    words: dict[str, str]
    explanations: dict[str, str]
    options: dict[str, tuple[str, ...]]

    def text(self, language: str, promise: str = "") -> str:
        """The question; F quotes the manager's sentence."""
        return self.words[language].replace("{promise}", promise)

    def explanation(self, language: str) -> str:
        """What is meant, where the question alone does not say it; else empty."""
        return self.explanations.get(language, "")

    def labels(self, language: str) -> tuple[str, ...]:
        """The words of the options; P has a sixth, "not my case", which is the same as leaving the question."""
        return self.options[language]


def _read() -> tuple[str, dict[str, Question]]:
    bank = tomllib.loads(files("pulse.questions").joinpath("items.toml").read_text(encoding="utf-8"))
    questions = {name: _question(name, item, bank["scales"][item["scale"]]) for name, item in bank["items"].items()}
    return bank["version"], questions


def _question(name: str, item: dict[str, str], scale: dict[str, Any]) -> Question:
    languages = ("nl", "en")
    return Question(
        id=name,
        construct=item["construct"],
        source=item["source"],
        scale=item["scale"],
        words={language: item[language] for language in languages},
        explanations={
            language: item[f"explanation_{language}"] for language in languages if f"explanation_{language}" in item
        },
        options={
            language: tuple(scale[language])
            + ((scale[f"not_my_case_{language}"],) if f"not_my_case_{language}" in scale else ())
            for language in languages
        },
    )


WORDING_VERSION, QUESTIONS = _read()
