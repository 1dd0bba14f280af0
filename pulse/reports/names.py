"""What things are called in a report: English source words, and the names of groups."""

from __future__ import annotations

from pulse.locale import Translator

MINUS_WORDS = ("Gives much more than it gets", "Gives a bit more than it gets", "Gives slightly more than it gets")
PLUS_WORDS = ("Gets much more than it gives", "Gets a bit more than it gives", "Gets slightly more than it gives")
SOURCE_NAMES = {
    "LA": "Appreciation from the manager",
    "LT": "Time from the manager",
    "LL": "Attention from the manager",
    "CO": "Help and thanks from colleagues",
    "OD": "Room to learn and grow",
}
MOVE_GROUNDS = {
    "acknowledge": "Recognition",
    "even_out": "How evenly giving and getting are spread",
    **SOURCE_NAMES,
}


def group_name(label: str, words: Translator) -> str:
    """A block's published label in this language, without the path above it."""
    if label.startswith("rest of "):
        name = label.removeprefix("rest of ").rsplit(" / ", 1)[-1]
        return words.gettext("the rest of %(name)s") % {"name": name}
    if label.endswith(" and others"):
        name = label.removesuffix(" and others").rsplit(" / ", 1)[-1]
        return words.gettext("%(name)s and a few others") % {"name": name}
    return label.rsplit(" / ", 1)[-1]
