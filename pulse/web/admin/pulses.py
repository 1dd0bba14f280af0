"""Pulses: plan one in two steps, see its next dates in words, pause, resume, or ask people now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, mail, schedule
from pulse.database import reading, transaction
from pulse.roster import people_to_ask
from pulse.rounds import Round, RoundRefused
from pulse.schedule import Pulse, ScheduleRefused, coming_dates, schedule_pulse
from pulse.web.admin import rules
from pulse.web.admin.door import SignedIn, blueprint, done, page, refused, signed_in
from pulse.web.admin.sizes import too_small

MONTHS_AHEAD: Final = 12


@dataclass(frozen=True)
class PulseLine:
    """A pulse as its page shows it."""

    id: int
    title: str
    said: str
    begun: str
    """The same as the beginning of a sentence."""
    wall_time: time
    timezone: str
    open_days: int
    one_link: bool
    strict: bool
    paused: bool
    dates: list[date]


@dataclass(frozen=True)
class Check:
    """What a planned pulse would mean, to look at before it is planned."""

    pulse: PulseLine
    people: int
    small: list[str]
    """Teams too small for a figure of their own."""


@dataclass(frozen=True)
class PulseForm:
    """What the form holds; the defaults are a good choice for most."""

    title: str = ""
    every: str = "weekday"
    nth: str = "1"
    weekday: str = "TU"
    month_day: str = "1"
    working_day: str = "1"
    at: str = "10:00"
    open_days: str = "7"
    one_link: str = ""
    strict: str = ""


@blueprint.get("/pulses")
def pulses() -> Response:
    """All pulses."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        lines = [_line(session, pulse, me) for pulse in session.scalars(select(Pulse).order_by(Pulse.id))]
    return page("pulses.html", section="pulses", pulses=lines)


@blueprint.get("/pulses/new")
def new_pulse() -> Response:
    """The form."""
    return _form(PulseForm(title=signed_in().words.gettext("Monthly pulse")), [])


@blueprint.post("/pulses/new")
def plan() -> AnyResponse:
    """First show what the form means: dates, people, teams too small. Then, on a second press, plan it."""
    me = signed_in()
    form = PulseForm(**{name: request.form.get(name, "")[:100] for name in PulseForm.__dataclass_fields__})
    problems = wrong_with(form, me)
    if problems or "change" in request.form:
        return _form(form, problems)
    rule = rules.rule_of(form.every, form.nth, form.weekday, form.month_day, form.working_day)
    try:
        with transaction(me.organisation_id) as session:
            pulse = schedule_pulse(
                session,
                me.organisation_id,
                form.title,
                rule,
                time.fromisoformat(form.at),
                me.timezone,
                int(form.open_days),
                one_link=bool(form.one_link),
                strict=bool(form.strict),
            )
            shown = _check(session, pulse, me)
            if "confirm" not in request.form:
                session.rollback()
    except ScheduleRefused as refusal:
        return _form(form, [str(refusal)])
    if "confirm" not in request.form:
        return page(
            "pulse_check.html",
            section="pulses",
            form=form,
            pulse=shown.pulse,
            people=shown.people,
            small=shown.small,
        )
    return done(me.words.gettext("The pulse is planned."), "admin.pulse_page", pulse_id=pulse.id)


@blueprint.get("/pulses/<int:pulse_id>")
def pulse_page(pulse_id: int) -> Response:
    """One pulse and its next dates."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        line = _line(session, _find(session, pulse_id), me)
    return page("pulse.html", section="pulses", pulse=line)


@blueprint.post("/pulses/<int:pulse_id>/pause")
def pause(pulse_id: int) -> AnyResponse:
    """No new rounds; an open one goes on."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        schedule.pause(session, _find(session, pulse_id))
    return done(me.words.gettext("The pulse is paused."), "admin.pulse_page", pulse_id=pulse_id)


@blueprint.post("/pulses/<int:pulse_id>/resume")
def resume(pulse_id: int) -> AnyResponse:
    """Go on from the next date."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        schedule.resume(session, _find(session, pulse_id))
    return done(me.words.gettext("The pulse goes on."), "admin.pulse_page", pulse_id=pulse_id)


@blueprint.get("/pulses/<int:pulse_id>/send-now")
def ask_before_sending(pulse_id: int) -> Response:
    """How many people would be mailed: mail cannot be called back."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        pulse = _find(session, pulse_id)
        line, today = _line(session, pulse, me), _today(me)
        people = len(people_to_ask(session, me.organisation_id, today))
        opened = _round_of(session, pulse, today)
    return page("send_now.html", section="pulses", pulse=line, people=people, opened=opened, today=today)


@blueprint.post("/pulses/<int:pulse_id>/send-now")
def send_now(pulse_id: int) -> AnyResponse:
    """Open this month's round: rows only; the mail workers find them."""
    me = signed_in()
    _ = me.words.gettext
    today = _today(me)
    try:
        with transaction(me.organisation_id) as session:
            pulse = _find(session, pulse_id)
            if _round_of(session, pulse, today) is not None:
                sentence = _("This month's round is already open or done; a month has one round.")
                return refused(sentence, "admin.pulse_page", pulse_id=pulse_id)
            opened = mail.launch(session, pulse, today, send_now=True)
    except RoundRefused:
        sentence = _("There is nobody to ask: the roster is empty, or everyone was asked in the last ten days.")
        return refused(sentence, "admin.pulse_page", pulse_id=pulse_id)
    return done(_("The round is open; the mails are on their way."), "admin.round_page", round_id=opened.id)


def wrong_with(form: PulseForm, me: SignedIn) -> list[str]:
    """What the form lacks, in sentences."""
    _ = me.words.gettext
    problems = []
    if not form.title.strip():
        problems.append(_("Give the pulse a title, so that you can tell it from others."))
    try:
        at = time.fromisoformat(form.at)
        fits = time(5) <= at <= time(22)
    except ValueError:
        fits = False
    if not fits:
        problems.append(_("Choose a time from 05:00 to 22:00."))
    if not form.open_days.isdecimal() or not 1 <= int(form.open_days) <= 21:
        problems.append(_("Let a round stay open for 1 to 21 days."))
    try:
        rules.rule_of(form.every, form.nth, form.weekday, form.month_day, form.working_day)
    except ScheduleRefused:
        problems.append(_("Choose a day of the month from the form."))
    return problems


def _form(form: PulseForm, problems: list[str]) -> Response:
    words = signed_in().words
    return page(
        "pulse_form.html",
        422 if problems else 200,
        section="pulses",
        form=form,
        problems=problems,
        nths=[(nth, rules.nth_word(nth, words)) for nth in rules.NTH],
        weekdays=[(day, rules.weekday_word(day, words)) for day in rules.DAYS],
    )


def _check(session: Session, pulse: Pulse, me: SignedIn) -> Check:
    day = pulse.next_date or _today(me)
    return Check(
        pulse=_line(session, pulse, me),
        people=len(people_to_ask(session, me.organisation_id, day)),
        small=sorted(too_small(session, me.organisation)),
    )


def _line(session: Session, pulse: Pulse, me: SignedIn) -> PulseLine:
    said = rules.said(pulse.rule, me.words)
    return PulseLine(
        id=pulse.id,
        title=pulse.title,
        said=said,
        wall_time=pulse.wall_time,
        timezone=pulse.timezone,
        open_days=pulse.open_days,
        one_link=pulse.one_link,
        strict=pulse.strict,
        begun=said[:1].upper() + said[1:],
        paused=pulse.paused_at is not None,
        dates=[one.day for one in coming_dates(session, pulse, MONTHS_AHEAD)],
    )


def _find(session: Session, pulse_id: int) -> Pulse:
    pulse = session.scalars(select(Pulse).where(Pulse.id == pulse_id)).one_or_none()
    if pulse is None:
        raise NotFound
    return pulse


def _round_of(session: Session, pulse: Pulse, day: date) -> int | None:
    period = f"{day:%Y-%m}"
    return session.scalar(select(Round.id).where(Round.pulse_id == pulse.id, Round.period == period))


def _today(me: SignedIn) -> date:
    return clock.now().astimezone(me.zone).date()
