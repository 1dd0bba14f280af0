"""Mail that comes back: read, judged, acted upon, and never stored."""

from pulse.returns.mailbox import MailboxUnread, collect
from pulse.returns.reading import AUTOMATIC, BOUNCE, COMPLAINT, DELAY, DELIVERED, REPLY, Returned, read
from pulse.returns.taking import OTHER, STOP, take_in, take_in_and_say

__all__ = [
    "AUTOMATIC",
    "BOUNCE",
    "COMPLAINT",
    "DELAY",
    "DELIVERED",
    "OTHER",
    "REPLY",
    "STOP",
    "MailboxUnread",
    "Returned",
    "collect",
    "read",
    "take_in",
    "take_in_and_say",
]
