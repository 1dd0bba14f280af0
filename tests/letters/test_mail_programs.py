"""Every letter uses only what Outlook, Gmail, Apple Mail, Samsung, Thunderbird and Yahoo all show."""

from __future__ import annotations

import pytest

from tests.letters.all_letters import LETTERS, letter
from tests.letters.mail_programs import lacking, unsupported

pytestmark = pytest.mark.usefixtures("environment")


@pytest.mark.parametrize(("name", "language"), LETTERS)
def test_every_mail_program_shows_it(name: str, language: str) -> None:
    assert lacking(letter(name, language).html) == {}


def test_the_table_is_there() -> None:
    assert len(unsupported()) > 250
    assert "outlook.windows" in unsupported()["border-radius"]


@pytest.mark.parametrize(
    ("html", "feature"),
    [
        ('<p style="border-radius:4px">', "border-radius"),
        ('<p style="display: flex">', "display:flex"),
        ('<p style="display:none">', "display:none"),
        ('<p style="margin:1rem">', "rem unit"),
        ('<p style="color:rgba(0,0,0,.5)">', "rgba()"),
        ('<p style="width:calc(100% - 2px)">', "CSS calc() function"),
        ('<p style="font-family:system-ui">', "system-ui, ui-serif, ui-sans-serif, ui-rounded, ui-monospace"),
        ("<style>p{color:red}</style>", "<style> element"),
        ("<body>", "<body> element"),
        ("<section>", "HTML5 semantics"),
        ("<form>", "<form> element"),
        ("<svg>", "Embedded <svg> image"),
        ('<meta name="color-scheme" content="light">', "color-scheme meta tag"),
        ('<a href="#top">', "Local anchors"),
        ('<p aria-label="x">', "aria-label attribute"),
        ("<p hidden>", "hidden attribute"),
        ('<input type="hidden">', '<input type="hidden"> element'),
        ("<blink>", "<blink>"),
        ('<p style="zoom:2">', "zoom"),
    ],
)
def test_what_one_of_them_lacks_is_found(html: str, feature: str) -> None:
    assert feature in lacking(html)
