"""Jinja2 as Ruil uses it everywhere: autoescape, undefined names are errors, two languages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pulse.locale import translator

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def environment(folder: str, language: str) -> Environment:
    """The templates of `templates/<folder>` in one language.

    Inside: `{{ _("English source") }}`, `{% trans %}`, and `words`, the Translator, for dates.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        autoescape=select_autoescape(("html", "svg")),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    words = translator(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
    made.globals["words"] = words
    made.globals["language"] = language
    return made
