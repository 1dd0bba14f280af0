"""What holds for every letter there is: small, plain, readable, the same in both parts, and nothing hidden in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from pulse.mail.letters.composing import Draft, to_bytes
from pulse.mail.letters.letterhead import Letterhead
from pulse.roster.look import PAPER, contrast
from tests.letters.all_letters import HEAD, LETTERS, NOW, letter

pytestmark = [pytest.mark.usefixtures("environment"), pytest.mark.parametrize(("name", "language"), LETTERS)]
URL = re.compile(r"https?://[^\s\"<>]+")
PLAIN = {"html", "head", "meta", "title", "table", "tr", "td", "p", "h1", "h2", "a", "strong", "br"}
OURS = ("https://ruil.example/", "http://127.0.0.1:8000/")
LONG = Letterhead(
    "Stichting " + "Ouderenzorg " * 5, "#7a1f5c", "HR en Organisatieontwikkeling, Ouderenzorg", "hr@x.example"
)


class Page(HTMLParser):
    """Words with the colours they stand in, links with their words, and all elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[tuple[str, str, str]] = []
        self.links: list[list[str]] = []
        self._open: list[tuple[str, str, str]] = [("", "#000000", "#ffffff")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element and what it does to colours."""
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        style = attributes.get("style", "")
        _, ink, paper = self._open[-1]
        ink = found[1] if (found := re.search(r"(?<![-a-z])color:(#\w{6})", style)) else ink
        paper = found[1] if (found := re.search(r"background-color:(#\w{6})", style)) else paper
        if tag not in {"meta", "br"}:
            self._open.append((tag, ink, paper))
        if tag == "a":
            self.links.append([attributes["href"], ""])

    def handle_endtag(self, tag: str) -> None:
        """Back to the colours of outside."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Note words."""
        tag, ink, paper = self._open[-1]
        if data.strip() and tag != "title":
            self.words.append((" ".join(data.split()), ink, paper))
        if tag == "a":
            self.links[-1][1] += data


def test_it_is_small(name: str, language: str) -> None:
    written = letter(name, language, LONG, "Ä" * 80)
    draft = Draft(
        "x", ("HR", "hr@x.example"), "a@x.example", "Ä" * 80, written.subject, NOW, written.text, written.html, []
    )
    assert len(to_bytes(draft)) < 20_000


def test_nothing_is_fetched_and_nothing_hidden(name: str, language: str) -> None:
    written = letter(name, language)
    page = Page(written.html)
    assert {tag for tag, _ in page.elements} <= PLAIN
    assert all(address.startswith(OURS) for address in URL.findall(written.html + written.text))
    assert "url(" not in written.html
    assert not re.search(r"display:none|visibility|font-size:[0-9]px|opacity|text-indent|max-height", written.html)
    sizes = [int(size) for size in re.findall(r"font-size:(\d+)px", written.html)]
    assert min(sizes) >= 14


def test_every_word_can_be_read(name: str, language: str) -> None:
    page = Page(letter(name, language).html)
    assert page.words
    for words, ink, paper in page.words:
        assert contrast(ink, paper) >= 4.5, (words, ink, paper)
        assert (ink, paper) != ("#000000", "#ffffff"), f"{words!r} stands on no colour of ours"
    assert PAPER in letter(name, language).html


def test_it_is_a_letter_for_screen_readers_too(name: str, language: str) -> None:
    html = letter(name, language).html
    page = Page(html)
    assert f'<html lang="{language}">' in html
    assert re.search(r"<title>[^<]{5,}</title>", html)
    assert [tag for tag, _ in page.elements].count("h1") == 1
    assert all(attributes.get("role") == "presentation" for tag, attributes in page.elements if tag == "table")
    assert all(len(words.strip()) > 5 and not URL.search(words) for _, words in page.links)


def test_the_text_part_says_the_same(name: str, language: str) -> None:
    written = letter(name, language)
    text = re.sub(r"[\s“”]+", " ", f"{written.subject} {written.text}")
    for words, _, _ in Page(written.html).words:
        assert words == HEAD.name or re.sub(r"[\s“”]+", " ", words).strip() in text


def test_the_text_part_is_narrow_with_one_link_a_line(name: str, language: str) -> None:
    for line in letter(name, language, LONG, "Ä" * 100).text.splitlines():
        assert len(line) <= 76 or URL.fullmatch(line)
        assert not URL.search(line) or URL.fullmatch(line), line
        assert line == line.rstrip()


def test_the_two_parts_carry_other_answer_links(name: str, language: str) -> None:
    written = letter(name, language)
    text, html = (set(re.findall(r"/a/(\w+)", part)) for part in (written.text, written.html))
    assert not text & html
    assert len(text) == len(html)


def test_a_test_says_so_in_both_parts(name: str, language: str) -> None:
    from pulse.mail.letters.examples import example

    written = example(name, language, HEAD, NOW, test=True)
    says = {"nl": "Dit is een test.", "en": "This is a test."}[language]
    assert written.subject.startswith("[test] ")
    assert says in written.text
    assert says in written.html
    assert says not in letter(name, language).html
