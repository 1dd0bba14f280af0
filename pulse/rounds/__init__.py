"""One month of a pulse: opened and frozen, with its keys and links, and when it reminds and closes."""

from pulse.rounds.changing import (
    dead_links,
    move_close,
    move_invitation,
    open_rounds,
    revive_links,
    unwanted_invitations,
)
from pulse.rounds.counting import Tree, counting_node, tree_of
from pulse.rounds.finding import (
    FoundLink,
    due_rounds_to_close,
    find_invitation,
    find_invitations,
    key_problems,
    people_counting_with,
    rounds_to_report,
    rounds_without_keys,
    sweep_orphan_keys,
)
from pulse.rounds.keys import box_key, destroy_box_key, destroy_link_key, link_key
from pulse.rounds.links import (
    Choice,
    handle,
    handle_sha256,
    read_signed_token,
    read_token,
    signed_token,
    token,
)
from pulse.rounds.opening import Promise, RoundRefused, When, last_asked, newest_opening, open_round
from pulse.rounds.reminding import remind_instants
from pulse.rounds.spreading import Pace
from pulse.rounds.tables import Invitation, Round, RoundLead, RoundTeam

__all__ = [
    "Choice",
    "FoundLink",
    "Invitation",
    "Pace",
    "Promise",
    "Round",
    "RoundLead",
    "RoundRefused",
    "RoundTeam",
    "Tree",
    "When",
    "box_key",
    "counting_node",
    "dead_links",
    "destroy_box_key",
    "destroy_link_key",
    "due_rounds_to_close",
    "find_invitation",
    "find_invitations",
    "handle",
    "handle_sha256",
    "key_problems",
    "last_asked",
    "link_key",
    "move_close",
    "move_invitation",
    "newest_opening",
    "open_round",
    "open_rounds",
    "people_counting_with",
    "read_signed_token",
    "read_token",
    "remind_instants",
    "revive_links",
    "rounds_to_report",
    "rounds_without_keys",
    "signed_token",
    "sweep_orphan_keys",
    "token",
    "tree_of",
    "unwanted_invitations",
]
