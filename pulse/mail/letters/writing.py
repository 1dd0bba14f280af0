"""The words of a letter: its templates, filled in, in two parts. Knows no database, so a preview is the real thing."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config import settings
from pulse.mail.letters.composing import LINE, one_line
from pulse.mail.letters.letterhead import Letterhead
from pulse.templating import environment

Facts = Mapping[str, Any]
"""Plain values that a letter's templates fill in."""


@dataclass(frozen=True)
class Written:
    """A letter as its reader sees it, without an envelope."""

    subject: str
    text: str
    html: str


def write(
    kind: str, language: str, head: Letterhead, name: str, text: Facts, html: Facts, *, test: bool = False
) -> Written:
    """Fill in the three templates of `templates/mail/<kind>`; the two parts carry links of their own."""
    templates = environment("mail", language)
    shared = {
        "organisation": one_line(head.name),
        "colour": head.colour,
        "sender": one_line(head.sender or head.name),
        "contact": head.contact,
        "name": one_line(name),
        "base_url": settings().base_url,
        "test": test,
    }
    in_text, in_html = ({fact: _plain(value) for fact, value in facts.items()} | shared for facts in (text, html))
    subject = templates.get_template(f"{kind}/subject.txt").render(in_text).strip()
    return Written(
        subject=f"[test] {subject}" if test else subject,
        text=wrapped(templates.get_template(f"{kind}/body.txt").render(in_text)),
        html=templates.get_template(f"{kind}/body.html").render(in_html),
    )


def wrapped(words: str) -> str:
    """Lines of at most 76 signs, one empty line at most between them; a line that is a link stays whole."""
    lines = [line for each in words.splitlines() for line in _wrapped(each.rstrip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip()) + "\n"


def _wrapped(line: str) -> list[str]:
    if len(line) <= LINE or re.fullmatch(r"https?://\S+", line):
        return [line]
    return textwrap.wrap(line, LINE, break_on_hyphens=False)


def _plain(value: Any) -> Any:
    """No fact can add a line of its own to a letter."""
    return one_line(value) if isinstance(value, str) else value
