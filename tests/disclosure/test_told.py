"""What works councils and employees are told is what the program does: the guarantee, the table, the example."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from benchmarks.disclosure.windows import coalition_size
from pulse.results.blocks import Node, cut
from pulse.results.indices import PublishedFigure, node_value
from pulse.results.rounding import grain, publish, shown

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": DOCS / "confidentiality.md", "nl": DOCS / "confidentiality.nl.md"}
GUARANTEE = (
    "Take everything ever published, over any number of months and levels. Take a reader who knows the method, all "
    "team lists, exactly who answered, and the answers of up to C(n) respondents in every block of n. Then for "
    "every other person, month and question (a) at least three of the five answers remain possible: there is "
    "another full set of answers, with the same answers of those colleagues, that would have been published "
    "identically to the last byte; so the reader cannot know that this person stands in the minus, or in the plus; "
    "(b) no published number, and no combination of published numbers, describes fewer than five respondents; (c) "
    "what was shown or hidden did not depend on any answer."
)


def told(language: str) -> str:
    """A page of the docs."""
    return PAGES[language].read_text(encoding="utf-8")


def quoted(language: str) -> str:
    """The guarantee as the docs quote it."""
    lines = re.findall(r"^> (.*)$", told(language), re.M)
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_guarantee_in_the_product_is_that_of_the_docs_word_for_word(app: Flask, language: str) -> None:
    page = app.test_client().get(f"/privacy?language={language}").text
    found = re.search(r'<blockquote id="guarantee">(.*?)</blockquote>', page, re.S)
    assert found is not None
    assert found[1] == quoted(language)


def test_the_guarantee_is_the_one_that_was_decided() -> None:
    assert quoted("en") == GUARANTEE


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_table_of_steps_and_tails_is_the_one_that_rounds(language: str) -> None:
    rows = re.findall(r"^\| (\d+)(?:–(\d+)| \w+ \w+) \| (\d+) \| ≤ (\d+) \| ≥ (\d+) \| (\d) \|$", told(language), re.M)
    sizes = [(int(least), int(most or 400)) for least, most, *_ in rows]
    assert sizes[0][0] == 5
    assert all(most + 1 == least for (_, most), (least, _) in pairwise(sizes))
    for (least, most), (*_, step, low, high, pooled) in zip(sizes, rows, strict=True):
        for respondents in range(least, most + 1):
            size = grain(respondents)
            assert (size.step, size.tail, 100 - size.tail) == (int(step), int(low), int(high))
            assert coalition_size(respondents, 5) == int(pooled)


EXAMPLE = {"North": (8, 7, 12), "South": (6, 5, 4), "Night": (4, 3, 8), "": (4, 4, 7)}
"""Asked, answered, and what the answers add up to; the top's own people last."""


def spread(answered: int, total: int) -> tuple[int, ...]:
    """Any answers that add up."""
    each, more = divmod(total, answered)
    return tuple([each + 1] * more + [each] * (answered - more))


@pytest.mark.parametrize(
    ("language", "top", "names"),
    [("en", "Care", {}), ("nl", "Zorg", {"North": "Noord", "South": "Zuid", "Night": "Nacht"})],
)
def test_the_example_is_what_the_program_makes_of_it(language: str, top: str, names: dict[str, str]) -> None:
    page, nodes = told(language), {}
    for name, (asked, answered, total) in EXAMPLE.items():
        path = f"{top} / {names.get(name, name)}" if name else top
        nodes[path] = Node(path, top if name else None, asked, spread(answered, total))
        assert f"| {asked} | {answered} | {total} |" in page
    figures = []
    for block in cut(nodes, 5):
        value = publish(block.total, block.respondents)
        label = block.label.replace("rest of", "rest van") if language == "nl" else block.label
        exact = f"{25 * block.total / block.respondents:.1f}".removesuffix(".0")
        exact = exact.replace(".", ",") if language == "nl" else exact
        assert f"| {label} | {block.respondents} | {exact} | {shown(value, block.respondents)} |" in page
        figures.append(
            PublishedFigure(
                1, 1, "2026-11", "B", block.path, label, block.nodes, value, "", block.respondents, block.invited
            )
        )
    whole = node_value(figures)
    assert whole is not None
    assert f"= {whole.value:.0f}." in page
    # South's tail holds every total from 0 to 6, as the page says.
    assert [total for total in range(21) if publish(total, 5) == 30] == list(range(7))


@pytest.mark.parametrize("name", ["dpia", "register", "notice"])
def test_every_template_to_copy_stands_in_both_languages_with_the_same_parts(name: str) -> None:
    texts = [(DOCS / "privacy" / f"{name}.{language}.md").read_text(encoding="utf-8") for language in ("en", "nl")]
    parts = [
        (text.count("\n## "), text.count("\n|"), text.count("\n- "), len(re.findall(r"\*\*", text))) for text in texts
    ]
    assert parts[0] == parts[1]


def test_no_link_of_these_pages_is_dead() -> None:
    for page in [*PAGES.values(), DOCS / "questions.md", *(DOCS / "privacy").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
