"""Who works here: organisations, people, one tree of teams, and importing them."""

from pulse.roster.importing import ImportOutcome, import_roster
from pulse.roster.look import Look, dress, look_of, wrong_with
from pulse.roster.organisations import RosterRefused, create_organisation, people_to_ask
from pulse.roster.tables import Organisation, Person, Team, TeamLead
from pulse.roster.wishes import disowned, wish

__all__ = [
    "ImportOutcome",
    "Look",
    "Organisation",
    "Person",
    "RosterRefused",
    "Team",
    "TeamLead",
    "create_organisation",
    "disowned",
    "dress",
    "import_roster",
    "look_of",
    "people_to_ask",
    "wish",
    "wrong_with",
]
