"""Letters to people: launched with a round, kept in an outbox, sent once."""

from pulse.mail.addresses import (
    bounce_address,
    message_id,
    messages_bounced,
    people_stopping,
    unsubscribe_address,
)
from pulse.mail.attachments import FileMissing, file_of, store, stored
from pulse.mail.composing import Unrenderable
from pulse.mail.launching import launch, launch_due
from pulse.mail.letters import KINDS, compose
from pulse.mail.outbox import delivered_of, delivery_counts, forget_round, queue, reclaim
from pulse.mail.sending import drain
from pulse.mail.tables import Message

__all__ = [
    "KINDS",
    "FileMissing",
    "Message",
    "Unrenderable",
    "bounce_address",
    "compose",
    "delivered_of",
    "delivery_counts",
    "drain",
    "file_of",
    "forget_round",
    "launch",
    "launch_due",
    "message_id",
    "messages_bounced",
    "people_stopping",
    "queue",
    "reclaim",
    "store",
    "stored",
    "unsubscribe_address",
]
