"""Rounds: what was sent and what came back. Who answered is on no page, also not for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, mail, reports
from pulse.database import reading, transaction
from pulse.giveback import heard_back
from pulse.locale import Translator
from pulse.mail import FATES
from pulse.rounds import Round, RoundRefused
from pulse.web.admin.door import blueprint, done, page, refused, signed_in
from pulse.web.admin.pulses import day_in
from pulse.web.admin.standing import LEAST_INVITED, deliveries_to, rounds_of, trouble

REFRESH: Final = 10
"""Seconds between two looks while reports are being made."""
ORDER: Final = ("accepted", "queued", "deferred", "bounced", "unknown", "cancelled")
USUAL_WAIT: Final = 5
"""Minutes: a round's mails wait for one another."""


@dataclass(frozen=True)
class Count:
    """So many mails of one kind of fate, and what that means."""

    state: str
    label: str
    meaning: str
    count: int
    reasons: list[tuple[int, str]]
    """How many for which reason, in words."""


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
        standing = mail.round_mail(session, round_id, clock.now())
        hurt = trouble(session, round_id)
        found = deliveries_to(session, round_id, sought) if sought else []
        hears = heard_back(session, round_id)
        making = reports.progress_of(session, round_id)
    return page(
        "round.html",
        section="rounds",
        round=lines[0],
        counts=counts(standing, me.words),
        late_by=waiting_words(standing.waiting(clock.now()), me.words),
        last_due=standing.last_due.astimezone(me.zone) if standing.last_due else None,
        resent=standing.resent,
        tomorrow=clock.now().astimezone(me.zone).date() + timedelta(days=1),
        trouble=hurt,
        sought=sought,
        found=found,
        fate=fates(me.words),
        least=LEAST_INVITED,
        hears=hears,
        making=making,
        refresh=REFRESH if making.waiting and not sought else None,
    )


@blueprint.post("/rounds/<int:round_id>/stop")
def stop(round_id: int) -> AnyResponse:
    """No mail and no answer more; the tick counts what came in."""
    me = signed_in()
    try:
        with transaction(me.organisation_id) as session:
            mail.stop_round(session, find_round(session, round_id), clock.now())
    except RoundRefused as refusal:
        return refused(me.words.say(refusal), "admin.round_page", round_id=round_id)
    sentence = me.words.gettext("The round is stopped. What came in is counted within minutes.")
    return done(sentence, "admin.round_page", round_id=round_id)


@blueprint.post("/rounds/<int:round_id>/close-on")
def close_on(round_id: int) -> AnyResponse:
    """Let an open round close on another day."""
    me = signed_in()
    day = day_in("day")
    try:
        with transaction(me.organisation_id) as session:
            asked = find_round(session, round_id)
            if day is None:
                return refused(me.words.gettext("Choose a day."), "admin.round_page", round_id=round_id)
            mail.move_closing_day(session, asked, day, clock.now())
    except RoundRefused as refusal:
        return refused(me.words.say(refusal), "admin.round_page", round_id=round_id)
    sentence = me.words.gettext("The round closes on %(day)s.") % {"day": me.words.weekday(day)}
    return done(sentence, "admin.round_page", round_id=round_id)


def find_round(session: Session, round_id: int) -> Round:
    """The organisation's round of that id; a page that is not there otherwise."""
    found = session.scalars(select(Round).where(Round.id == round_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def waiting_words(waited: timedelta, words: Translator) -> str:
    """How long a due mail has waited; empty below what is usual."""
    minutes = int(waited.total_seconds() // 60)
    if minutes < USUAL_WAIT:
        return ""
    if minutes < 120:
        return words.ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    return words.ngettext("%(num)s hour", "%(num)s hours", minutes // 60) % {"num": minutes // 60}


def counts(standing: mail.RoundMail, words: Translator) -> list[Count]:
    """Mails by fate, in the order in which people ask, with the reasons in words."""
    known = fates(words)
    return [
        Count(
            fate,
            *known[fate],
            standing.counts[fate],
            [(count, words.gettext(mail.REASONS[reason])) for reason, count in standing.reasons.get(fate, {}).items()],
        )
        for fate in ORDER
        if standing.counts.get(fate)
    ]


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
    return meanings | {state: meanings[fate] for state, fate in FATES.items()}
