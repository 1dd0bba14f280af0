"""The words of a refusal, by meaning, in the languages that servers speak: `reply_words.toml`. (pure)"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

_LINK = re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)
_ADDRESS = re.compile(r"<[^<>\s]*@[^<>\s]*>|[^\s<>()\"':;,=]+@[^\s<>()\"':;,]+")
_HOST = re.compile(
    r"\b(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+\b(?:\[[^\]]*\])?|\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?", re.IGNORECASE
)
_CODE = re.compile(r"(?<![\w.])#?[245](?:\d\d\b(?:[ -]#?[245]\.\d{1,3}\.\d{1,3}\b)?|\.\d{1,3}\.\d{1,3}\b)-?")
_EXCHANGE = re.compile(r"\b(?:resolver|storedrv|routing|smtpsend|rpc|mapi)\.[\w.]+", re.IGNORECASE)
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_Meaning = dict[str, list[str]]


def plain(text: str) -> str:
    """The words alone, so that a mailbox called `full` or a host called `spam` says nothing."""
    text = _EXCHANGE.sub(lambda found: _INNER_CAPITAL.sub(" ", found[0]).replace(".", " "), text)
    for pattern in (_LINK, _ADDRESS, _HOST, _CODE):
        text = pattern.sub(" ", text)
    text = unicodedata.normalize("NFKD", text.replace("’", "'"))
    text = "".join(sign for sign in text if not unicodedata.combining(sign)).casefold()
    return re.sub(r"[\s<>\"*_|]+", " ", text).strip()


def _pattern(meaning: _Meaning, within: int, recipient: str) -> re.Pattern[str]:
    """A noun close to a verdict, in either order, or a phrase."""
    found = meaning.get("phrases", [])
    if "verdicts" in meaning:
        nouns = "|".join(meaning["nouns"]).replace("$recipient", recipient)
        verdicts = "|".join(meaning["verdicts"])
        gap = rf"[^.!?]{{0,{within}}}?"
        found = [rf"\b(?:{nouns}){gap}\b(?:{verdicts})", rf"\b(?:{verdicts}){gap}\b(?:{nouns})", *found]
    return re.compile("|".join(found))


def _meanings() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    recipient = "|".join(words.pop("recipient")["nouns"])
    return {name: _pattern(meaning, meaning.get("within", 40), recipient) for name, meaning in words.items()}


MEANINGS = _meanings()
"""Each meaning's pattern, for words as `plain` gives them."""
UNAVAILABLE = re.compile(r"mail-? ?box (?:is )?(?:currently )?unavailable|requested (?:mail )?action not taken")
ADDRESS_REJECTED = re.compile(
    r"(?:recipient|address|mail-? ?box|rcpt)(?: address)?(?: was| is)? (?:reject|refus|not accept)\w*"
)
ACCESS_DENIED = re.compile(r"recipient address rejected: access denied")
TRY_AGAIN = re.compile(r"try again|temporar\w+|servfail|timed? ?out|look-?up fail\w*|no data record")
