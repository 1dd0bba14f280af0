"""Which features of HTML and CSS a letter uses, in the words of caniemail, and which of them a mail program lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

TABLE = Path(__file__).parent / "caniemail/unsupported.json"
UNTESTED = frozenset(
    {"<a>", "<br>", "<head>", "<html>", "<meta>", "<td>", "<title>", "<tr>"}
    | {"border=", "charset=", "content=", "href=", "name=", "style=", "color", "font-family"}
)
"""What caniemail has no page for, because every mail program knows it, or, for `meta`, because nothing rests on it."""
SEMANTIC = ["article", "aside", "details", "figcaption", "figure", "footer", "header"]
SEMANTIC += ["main", "mark", "nav", "section", "summary", "time"]
ELEMENTS = {
    "HTML5 semantics": SEMANTIC,
    "Image maps": ["map", "area"],
    "Embedded <svg> image": ["svg"],
    "<h1> to <h6> elements": ["h1", "h2", "h3", "h4", "h5", "h6"],
    "<ul>, <ol> and <dl>": ["ul", "ol", "li", "dl", "dt", "dd"],
    "address": ["address"],
}
ATTRIBUTES = {"srcset and sizes attributes": ["srcset", "sizes"]}
PROPERTIES = {
    "left, right, top, bottom": ["left", "right", "top", "bottom"],
    "gap, column-gap, row-gap": ["gap", "column-gap", "row-gap"],
    "color-scheme CSS property": ["color-scheme"],
    "css column properties": ["columns", "column-fill", "column-rule", "column-span", "column-width"],
    "grid-template-* properties": ["grid-template"],
    "block-size & inline-size": ["block-size", "inline-size"],
}


@cache
def unsupported() -> dict[str, list[str]]:
    """By feature, the mail programs that lack it."""
    table: dict[str, list[str]] = json.loads(TABLE.read_text(encoding="utf-8"))["features"]
    return table


def lacking(html: str) -> dict[str, list[str]]:
    """The features of `html` that some mail program lacks, or that nobody has ever tested."""
    used = set(features(html))
    lacked = {title: clients for title in used if (clients := unsupported().get(title, []))}
    unknown = {one: ["never tested"] for one in used if one not in unsupported() and one not in UNTESTED}
    return lacked | unknown


def features(html: str) -> Iterator[str]:
    """The titles of caniemail for all that a letter uses; where there is none, the thing itself."""
    reader = _Reader()
    reader.feed(html)
    for tag, attributes in reader.elements:
        yield from _named(f"<{tag}>", _elements().get(tag, []))
        for name, value in attributes.items():
            yield from _named(f"{name}=", [*_attributes().get(name, []), *_pairs(tag, name, value)])
        for declaration in filter(str.strip, attributes.get("style", "").split(";")):
            prop, value = (part.strip().lower() for part in declaration.split(":", 1))
            yield from _declared(prop, value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


def _named(thing: str, titles: list[str]) -> list[str]:
    return titles or [thing]


def _declared(prop: str, value: str) -> Iterator[str]:
    yield from _named(
        prop,
        [title for title, names in _properties().items() if any(prop == n or prop.startswith(f"{n}-") for n in names)],
    )
    for title in unsupported():
        called = re.search(r"([a-z-]+)\(\)", title)
        if called and called[1] in re.findall(r"([a-z-]+)\(", value):
            yield title
        if title.endswith(" unit") and re.search(rf"\d{re.escape(title.removesuffix(' unit'))}(?![a-z%])", value):
            yield title
        if title.endswith(" keyword") and title.removesuffix(" keyword") in value:
            yield title
        if re.fullmatch(rf"{prop}:\s*{re.escape(value)}", title):
            yield title
        if title.startswith("system-ui") and re.search(r"\b(system-ui|ui-[a-z-]+)\b", value):
            yield title


def _pairs(tag: str, name: str, value: str) -> list[str]:
    found = [title for title in unsupported() if title == f'<{tag} {name}="{value}"> element']
    if (tag, name, value) == ("meta", "name", "color-scheme"):
        found.append("color-scheme meta tag")
    if (tag, name) == ("a", "href"):
        found += ["Local anchors"] if value.startswith("#") else []
        found += ["mailto: links"] if value.startswith("mailto:") else []
    return found


@cache
def _elements() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for title in unsupported():
        names = ELEMENTS.get(title) or re.findall(r"^<(\w+)>", title)
        for name in names:
            found.setdefault(name, []).append(title)
    return found


@cache
def _attributes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for title in unsupported():
        names = ATTRIBUTES.get(title) or re.findall(r"^([\w-]+) attribute$", title)
        for name in names:
            found.setdefault(name, []).append(title)
    return found


@cache
def _properties() -> dict[str, list[str]]:
    return {
        title: PROPERTIES.get(title) or [re.sub(r" (shorthand|property)$", "", title)]
        for title in unsupported()
        if title in PROPERTIES or re.fullmatch(r"[a-z-]+( shorthand| property)?", title)
    }
