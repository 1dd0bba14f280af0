"""How an organisation looks to its people: the name, the colour and the sender of its letters and reports."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse.locale import Translator, translator
from pulse.roster.organisations import RosterRefused
from pulse.roster.tables import Organisation

PAPER = "#fdfdfd"
"""What letters are written on; a report's white is a little kinder."""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA): text against what it stands on."""
LONGEST_NAME = 80
LONGEST_SENDER = 60


@dataclass(frozen=True)
class Look:
    """What an organisation may choose of its letters."""

    name: str
    colour: str
    sender: str


def look_of(organisation: Organisation) -> Look:
    """What stands now."""
    return Look(organisation.name, organisation.colour, organisation.sender)


def dress(session: Session, organisation: Organisation, wished: Look) -> None:
    """From the next letter on it looks like this; raises RosterRefused. What is queued keeps its look."""
    wished = tidy(wished)
    if problems := wrong_with(session, organisation, wished, translator("en")):
        raise RosterRefused(*problems)
    for name, value in asdict(wished).items():
        setattr(organisation, name, value)
    session.flush()


def tidy(wished: Look) -> Look:
    """Single spaces, a colour in lower case with all six digits."""
    colour = wished.colour.strip().lower()
    if re.fullmatch(r"#?[0-9a-f]{3}|#?[0-9a-f]{6}", colour):
        digits = colour.removeprefix("#")
        colour = "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))
    return Look(" ".join(wished.name.split()), colour, " ".join(wished.sender.split()))


def wrong_with(session: Session, organisation: Organisation, wished: Look, words: Translator) -> list[str]:
    """What cannot be taken, each in a sentence that says what to do; empty when all is well."""
    wished = tidy(wished)
    taken = session.scalar(
        select(Organisation.id).where(Organisation.name == wished.name, Organisation.id != organisation.id)
    )
    return [
        *_wrong_name(wished.name, taken is not None, words),
        *_wrong_colour(wished.colour, words),
        *_wrong_sender(wished.sender, words),
    ]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _wrong_name(name: str, taken: bool, words: Translator) -> list[str]:
    _ = words.gettext
    if not name or " / " in name or not name.isprintable():
        return [_("Give the organisation a name, without ' / ' in it: that sign parts teams.")]
    if len(name) > LONGEST_NAME:
        return [_("Give the organisation a name of at most %(most)s characters.") % {"most": LONGEST_NAME}]
    if taken:
        return [_("There is already an organisation called %(name)s. Choose another name.") % {"name": name}]
    return []


def _wrong_colour(colour: str, words: Translator) -> list[str]:
    _ = words.gettext
    if not re.fullmatch(r"#[0-9a-f]{6}", colour):
        return [_("Write the colour as a hash sign and six digits, such as #0072b2.")]
    ratio = contrast(colour, PAPER)
    if ratio < LEAST_CONTRAST:
        sentence = _(
            "The colour %(colour)s is too light to read on white: its contrast is %(ratio)s to 1, "
            "and at least 4.5 to 1 is needed. Choose a darker shade of it."
        )
        # Cut, not rounded: 4.49 must not read as the 4.5 that would be enough.
        return [sentence % {"colour": colour, "ratio": words.number(int(ratio * 10) / 10)}]
    return []


def _wrong_sender(sender: str, words: Translator) -> list[str]:
    _ = words.gettext
    if len(sender) > LONGEST_SENDER:
        return [_("Make the sender line %(most)s characters or fewer.") % {"most": LONGEST_SENDER}]
    if not sender.isprintable() or any(sign in sender for sign in '@<>"\\'):
        return [_("Write the sender line as a name without @, quotes or angle brackets, such as: HR at Example Care.")]
    return []
