"""Asking people now, by hand: how many, how long it takes, and what it does to the next date."""

from __future__ import annotations

from datetime import date

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.roster import people_to_ask
from pulse.rounds import Round, RoundRefused
from pulse.schedule import Pulse
from pulse.web.admin.door import blueprint, done, page, refused, signed_in
from pulse.web.admin.pulses import duration_words, find_pulse, pulse_line, today_of


@blueprint.get("/pulses/<int:pulse_id>/send-now")
def ask_before_sending(pulse_id: int) -> Response:
    """How many people would be mailed: mail cannot be called back."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        pulse = find_pulse(session, pulse_id)
        line, today = pulse_line(session, pulse, me), today_of(me)
        people = len(people_to_ask(session, me.organisation_id, today))
        planned = mail.period_by_hand(pulse, today)
        opened = _round_of(session, pulse, planned)
        crowded = None if opened else mail.crowded_date(session, pulse, clock.now(), planned)
    return page(
        "send_now.html",
        section="pulses",
        pulse=line,
        people=people,
        estimate=duration_words(people, me.words),
        opened=opened,
        crowded=crowded,
        period=f"{planned:%Y-%m}",
    )


@blueprint.post("/pulses/<int:pulse_id>/send-now")
def send_now(pulse_id: int) -> AnyResponse:
    """Open this month's round: rows only; the mail workers find them."""
    me = signed_in()
    _ = me.words.gettext
    try:
        with transaction(me.organisation_id) as session:
            pulse = find_pulse(session, pulse_id)
            if _round_of(session, pulse, mail.period_by_hand(pulse, today_of(me))) is not None:
                sentence = _("This month's round is already open or done; a month has one round.")
                return refused(sentence, "admin.pulse_page", pulse_id=pulse_id)
            opened = mail.launch_by_hand(session, pulse, send_now=True)
    except RoundRefused:
        sentence = _("There is nobody to ask: the roster is empty, or everyone was asked in the last ten days.")
        return refused(sentence, "admin.pulse_page", pulse_id=pulse_id)
    return done(_("The round is open; the mails are on their way."), "admin.round_page", round_id=opened.id)


def _round_of(session: Session, pulse: Pulse, day: date) -> int | None:
    period = f"{day:%Y-%m}"
    return session.scalar(select(Round.id).where(Round.pulse_id == pulse.id, Round.period == period))
