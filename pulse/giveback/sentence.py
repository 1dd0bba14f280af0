"""One sentence of a manager's own: cleaned, checked, and shown exactly so to the team.

Ruil never reads what it says. It only sees to it that it fits, can be shown, and leads nowhere.
"""

from __future__ import annotations

import re
import unicodedata

from pulse.locale import translator

SHORTEST, LONGEST = 8, 200
"""Characters in a sentence: it opens a letter, it is not one."""
JOINERS = "\u200c\u200d"
"""Invisible signs that hold some scripts and pictures together."""
LINK = re.compile(
    r"""://|\bwww\.|\bmailto:|\S@\S+\.\w|[\w-]\.(?:nl|be|de|eu|com|net|org|info|io|me|app|link|shop)(?![\w-])""",
    re.IGNORECASE,
)
"""What a mail program makes a link of: letters with links of others in them end as spam, or worse."""


class GiveBackRefused(Exception):
    """A give-back that cannot be taken; the text is a sentence."""

    def __init__(self, message: str, **values: int) -> None:
        super().__init__(message % values if values else message)
        self._message, self._values = message, values

    def in_language(self, language: str) -> str:
        """The sentence in `nl` or `en`."""
        words = translator(language).gettext(self._message)
        return words % self._values if self._values else words


def checked(sentence: str) -> str:
    """The sentence as the team will read it; raises GiveBackRefused."""
    words = " ".join("".join(sign for sign in unicodedata.normalize("NFC", sentence) if _seen(sign)).split())
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in words):
        raise GiveBackRefused("Your sentence holds characters that cannot be shown. Type it again.")
    if len(words) < SHORTEST:
        raise GiveBackRefused(
            "Your sentence has %(count)d characters. Write at least %(least)d, so that your team knows what you mean.",
            count=len(words),
            least=SHORTEST,
        )
    if len(words) > LONGEST:
        raise GiveBackRefused(
            "Your sentence has %(count)d characters. Make it %(most)d or fewer: one thing, said plainly.",
            count=len(words),
            most=LONGEST,
        )
    if LINK.search(words):
        raise GiveBackRefused("Your sentence holds a link or an address. Say it in words: letters carry no links.")
    return words


def _seen(sign: str) -> bool:
    """Whether a sign shows, or holds others together; what is invisible otherwise could mislead."""
    return unicodedata.category(sign) != "Cf" or sign in JOINERS
