"""Rounds: what was sent and what came back. Who answered is on no page, also not for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Response, request
from werkzeug.exceptions import NotFound

from pulse import mail
from pulse.database import reading
from pulse.giveback import heard_back
from pulse.locale import Translator
from pulse.web.admin.door import blueprint, page, signed_in
from pulse.web.admin.standing import LEAST_INVITED, deliveries_to, rounds_of, trouble

ORDER: Final = ("accepted", "queued", "deferred", "bounced", "unknown", "cancelled")
GROUPS: Final = {"claimed": "queued", "transmitting": "queued", "rejected": "bounced"}
"""What a person need not tell apart."""


@dataclass(frozen=True)
class Count:
    """So many mails of one kind of fate, and what that means."""

    state: str
    label: str
    meaning: str
    count: int


@blueprint.get("/rounds")
def rounds() -> Response:
    """All rounds, newest first."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        lines = rounds_of(session, me)
    return page("rounds.html", section="rounds", rounds=lines)


@blueprint.get("/rounds/<int:round_id>")
def round_page(round_id: int) -> Response:
    """One round: its mails by fate, and the addresses that need a hand."""
    me = signed_in()
    sought = request.args.get("address", "").strip()[:200]
    with reading(me.organisation_id) as session:
        lines = rounds_of(session, me, round_id=round_id)
        if not lines:
            raise NotFound
        sent = counts(mail.delivery_counts(session, round_id), me.words)
        hurt = trouble(session, round_id)
        found = deliveries_to(session, round_id, sought) if sought else []
        hears = heard_back(session, round_id)
    return page(
        "round.html",
        section="rounds",
        round=lines[0],
        counts=sent,
        trouble=hurt,
        sought=sought,
        found=found,
        fate=fates(me.words),
        least=LEAST_INVITED,
        hears=hears,
    )


def counts(by_state: dict[str, int], words: Translator) -> list[Count]:
    """Mails by fate, in the order in which people ask."""
    grouped: dict[str, int] = {}
    for state, count in by_state.items():
        name = GROUPS.get(state, state)
        grouped[name] = grouped.get(name, 0) + count
    known = fates(words)
    return [Count(state, *known[state], grouped[state]) for state in ORDER if grouped.get(state)]


def fates(words: Translator) -> dict[str, tuple[str, str]]:
    """Each state of a mail in a word and a sentence."""
    _ = words.gettext
    meanings = {
        "accepted": (_("Sent"), _("The mail server of the receiver took it.")),
        "queued": (_("Waiting"), _("It goes out at its own time; you need not do anything.")),
        "deferred": (_("Put off"), _("The receiver's server asked to come back later; Ruil keeps trying.")),
        "bounced": (
            _("Refused"),
            _("The address does not exist or refuses mail. Correct it in your roster."),
        ),
        "unknown": (
            _("Uncertain"),
            _("The connection broke at the last moment; it may or may not have arrived."),
        ),
        "cancelled": (_("Not sent"), _("The round closed, or the person left, before it could go out.")),
    }
    return meanings | {state: meanings[group] for state, group in GROUPS.items()}
