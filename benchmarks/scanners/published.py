"""What published methods would have counted, from the very same visits. (pure)

Each reads the log of what the server saw, in the order of time: for the methods and their sources see
docs/scanners.md. A method gives the option that counts, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

BOT = re.compile(r"bot|crawl|preview|headless|curl|wget|python|lynx|w3m", re.IGNORECASE)


@dataclass(frozen=True)
class Event:
    """One thing that the server saw of one invitation."""

    after: float
    """Seconds after the letter came."""
    what: str
    """GET, HEAD, POST, loaded, dwelled."""
    option: int
    agent: str


Method = Callable[[Sequence[Event]], int | None]


def _last(events: Sequence[Event], what: str) -> int | None:
    return next((event.option for event in reversed(events) if event.what == what), None)


def get_writes(events: Sequence[Event]) -> int | None:
    """Zendesk CSAT, Wootric by default: the last link opened counts."""
    return _last(events, "GET")


def post_on_load(events: Sequence[Event]) -> int | None:
    """listmonk, useSend, GOV.UK Notify: a script sends the form when the page has loaded."""
    return _last(events, "loaded")


def five_seconds(events: Sequence[Event]) -> int | None:
    """Retently: the page counts once its own clock has run for five seconds."""
    return _last(events, "dwelled")


def five_minutes(events: Sequence[Event]) -> int | None:
    """healthchecks: the script sends the form only where the link is older than 300 seconds; before, a press does."""
    for event in reversed(events):
        if event.what == "loaded" and event.after > 300:
            return event.option
        if event.what == "pressed":
            return event.option
    return None


def two_of_three(events: Sequence[Event]) -> int | None:
    """Mautic: not counted where two of three hold: within 2 s of sending, a listed address, a listed browser."""
    people = [event for event in events if not (event.after < 2 and BOT.search(event.agent))]
    return _last(people, "GET")


METHODS: dict[str, Method] = {
    "GET writes, last link wins": get_writes,
    "POST on load": post_on_load,
    "5 s by the page's clock": five_seconds,
    "300 s timer": five_minutes,
    "2 of 3 rules": two_of_three,
}
