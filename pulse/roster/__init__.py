"""Who works here: organisations, people, one tree of teams, and importing them."""

from pulse.roster.importing import ImportOutcome, TooManyLeaving, import_roster
from pulse.roster.look import Look, dress, look_of, wrong_with
from pulse.roster.organisations import RosterRefused, create_organisation, locations_of, people_to_ask, places_of
from pulse.roster.suppression import (
    COMPLAINT,
    KEPT,
    lift,
    suppress,
    suppressed_at,
    suppressions,
    sweep_suppressions,
)
from pulse.roster.tables import RUIL_BLUE, Organisation, Person, Suppression, Team, TeamLead
from pulse.roster.wishes import disowned, wish

__all__ = [
    "COMPLAINT",
    "KEPT",
    "RUIL_BLUE",
    "ImportOutcome",
    "Look",
    "Organisation",
    "Person",
    "RosterRefused",
    "Suppression",
    "Team",
    "TeamLead",
    "TooManyLeaving",
    "create_organisation",
    "disowned",
    "dress",
    "import_roster",
    "lift",
    "locations_of",
    "look_of",
    "people_to_ask",
    "places_of",
    "suppress",
    "suppressed_at",
    "suppressions",
    "sweep_suppressions",
    "wish",
    "wrong_with",
]
