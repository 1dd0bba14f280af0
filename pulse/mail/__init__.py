"""Letters to people: launched with a round, kept in an outbox, sent once."""

from pulse.mail.addresses import (
    bounce_address,
    message_id,
    messages_bounced,
    people_stopping,
    unsubscribe_address,
)
from pulse.mail.attachments import FileMissing, StoreAway, size_of, store, stored
from pulse.mail.changing import move_closing_day, stop_round, withdraw_alerts
from pulse.mail.delivery.forwarding import NotForwarded, forward, was_forwarded
from pulse.mail.delivery.lateness import catch_up_mail, doubt_due, stop_for_leavers
from pulse.mail.delivery.limits import Limits, duration_of
from pulse.mail.delivery.limits import parse as parse_limits
from pulse.mail.delivery.sender import sender_problems
from pulse.mail.delivery.sending import drain
from pulse.mail.launching import crowded_date, launch, launch_by_hand, launch_due, pace, period_by_hand
from pulse.mail.letters.composing import Unrenderable
from pulse.mail.letters.kinds import KINDS, compose
from pulse.mail.letters.rehearsing import Rehearsed, queue_test, rehearsed
from pulse.mail.outbox import delivered_of, delivered_to, delivery_counts, forget_round, queue, reclaim
from pulse.mail.replies import REASONS, Verdict, classify
from pulse.mail.returned import (
    came_back,
    did_leave,
    newest_to,
    nobody_there,
    not_reached,
    send_again,
    sweep_mail,
    without_addresses,
)
from pulse.mail.standing import FATES, RoundMail, round_mail
from pulse.mail.tables import Message

__all__ = [
    "FATES",
    "KINDS",
    "REASONS",
    "FileMissing",
    "Limits",
    "Message",
    "NotForwarded",
    "Rehearsed",
    "RoundMail",
    "StoreAway",
    "Unrenderable",
    "Verdict",
    "bounce_address",
    "came_back",
    "catch_up_mail",
    "classify",
    "compose",
    "crowded_date",
    "delivered_of",
    "delivered_to",
    "delivery_counts",
    "did_leave",
    "doubt_due",
    "drain",
    "duration_of",
    "forget_round",
    "forward",
    "launch",
    "launch_by_hand",
    "launch_due",
    "message_id",
    "messages_bounced",
    "move_closing_day",
    "newest_to",
    "nobody_there",
    "not_reached",
    "pace",
    "parse_limits",
    "people_stopping",
    "period_by_hand",
    "queue",
    "queue_test",
    "reclaim",
    "rehearsed",
    "round_mail",
    "send_again",
    "sender_problems",
    "size_of",
    "stop_for_leavers",
    "stop_round",
    "store",
    "stored",
    "sweep_mail",
    "unsubscribe_address",
    "was_forwarded",
    "withdraw_alerts",
    "without_addresses",
]
