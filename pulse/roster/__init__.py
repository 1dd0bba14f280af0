"""Who works here: organisations, people, one tree of teams, and importing them."""

from pulse.roster.importing import ImportOutcome, import_roster
from pulse.roster.organisations import RosterRefused, create_organisation, people_to_ask
from pulse.roster.tables import Organisation, Person, Team, TeamLead
from pulse.roster.wishes import disowned, wish

__all__ = [
    "ImportOutcome",
    "Organisation",
    "Person",
    "RosterRefused",
    "Team",
    "TeamLead",
    "create_organisation",
    "disowned",
    "import_roster",
    "people_to_ask",
    "wish",
]
