"""What managers give back, and what their teams will read of it."""

from pulse.giveback.giving import (
    LONGEST,
    MOVES,
    GiveBackRefused,
    PastGiveBack,
    default_sentence,
    give_back,
    given,
    history,
    mark_told,
    promises_to_tell,
    request_give_back,
    withdraw,
)
from pulse.giveback.tables import GiveBack, GiveBackRequest

__all__ = [
    "LONGEST",
    "MOVES",
    "GiveBack",
    "GiveBackRefused",
    "GiveBackRequest",
    "PastGiveBack",
    "default_sentence",
    "give_back",
    "given",
    "history",
    "mark_told",
    "promises_to_tell",
    "request_give_back",
    "withdraw",
]
