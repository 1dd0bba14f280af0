"""What managers give back, and what their teams will read of it."""

from pulse.giveback.giving import (
    MOVES,
    PastGiveBack,
    asked_together,
    decided,
    default_sentence,
    give_back,
    given,
    given_by_another,
    history,
    mark_told,
    promises_to_tell,
    request_give_back,
    unanswered,
    withdraw,
)
from pulse.giveback.hearing import TeamHears, Told, heard_back, told_to
from pulse.giveback.letters import most_reminders, to_be_asked
from pulse.giveback.sentence import LONGEST, GiveBackRefused
from pulse.giveback.tables import GiveBack, GiveBackRequest

__all__ = [
    "LONGEST",
    "MOVES",
    "GiveBack",
    "GiveBackRefused",
    "GiveBackRequest",
    "PastGiveBack",
    "TeamHears",
    "Told",
    "asked_together",
    "decided",
    "default_sentence",
    "give_back",
    "given",
    "given_by_another",
    "heard_back",
    "history",
    "mark_told",
    "most_reminders",
    "promises_to_tell",
    "request_give_back",
    "to_be_asked",
    "told_to",
    "unanswered",
    "withdraw",
]
