"""Pulses: plan one in two steps, see its next dates in words, pause, resume, or ask people now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from flask import Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, mail, rounds, schedule
from pulse.database import reading, transaction
from pulse.locale import Translator
from pulse.roster import people_to_ask
from pulse.schedule import Pulse, ScheduleRefused, schedule_pulse
from pulse.web.admin import rules
from pulse.web.admin.dates import DateLine, date_lines
from pulse.web.admin.door import SignedIn, blueprint, done, page, refused, signed_in
from pulse.web.admin.sizes import too_small

MONTHS_CHECKED: Final = 12
"""Before a pulse is planned, a year is shown; afterwards, what can be moved."""
MONTHS_SHOWN: Final = 6


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
    resumes_on: date | None
    dates: list[DateLine]


@dataclass(frozen=True)
class Check:
    """What a planned pulse would mean, to look at before it is planned."""

    pulse: PulseLine
    people: int
    estimate: str
    """How long the mails take, where the sender's limits hold them up."""
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
        lines = [pulse_line(session, pulse, me) for pulse in session.scalars(select(Pulse).order_by(Pulse.id))]
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
        return _form(form, [me.words.say(refusal)])
    if "confirm" not in request.form:
        return page(
            "pulse_check.html",
            section="pulses",
            form=form,
            pulse=shown.pulse,
            people=shown.people,
            estimate=shown.estimate,
            small=shown.small,
        )
    return done(me.words.gettext("The pulse is planned."), "admin.pulse_page", pulse_id=pulse.id)


@blueprint.get("/pulses/<int:pulse_id>")
def pulse_page(pulse_id: int) -> Response:
    """One pulse and its next dates."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        line = pulse_line(session, find_pulse(session, pulse_id), me)
    return page("pulse.html", section="pulses", pulse=line, tomorrow=today_of(me) + timedelta(days=1))


@blueprint.post("/pulses/<int:pulse_id>/move")
def move_date(pulse_id: int) -> AnyResponse:
    """Ask on another day, this once."""
    me = signed_in()
    planned, to = day_in("planned"), day_in("to")
    try:
        with transaction(me.organisation_id) as session:
            pulse = find_pulse(session, pulse_id)
            if planned is None or to is None:
                return refused(me.words.gettext("Choose a day."), "admin.pulse_page", pulse_id=pulse_id)
            asked = rounds.newest_opening(session, me.organisation_id)
            schedule.move_date(session, pulse, planned, to, asked)
    except ScheduleRefused as refusal:
        return refused(me.words.say(refusal), "admin.pulse_page", pulse_id=pulse_id)
    sentence = me.words.gettext("People are asked on %(day)s.") % {"day": me.words.weekday(to)}
    return done(sentence, "admin.pulse_page", pulse_id=pulse_id)


@blueprint.post("/pulses/<int:pulse_id>/pause")
def pause(pulse_id: int) -> AnyResponse:
    """No new rounds, until a day or until resumed; an open one goes on."""
    me = signed_in()
    try:
        with transaction(me.organisation_id) as session:
            schedule.pause(session, find_pulse(session, pulse_id), day_in("until"))
    except ScheduleRefused as refusal:
        return refused(me.words.say(refusal), "admin.pulse_page", pulse_id=pulse_id)
    return done(me.words.gettext("The pulse is paused."), "admin.pulse_page", pulse_id=pulse_id)


@blueprint.post("/pulses/<int:pulse_id>/resume")
def resume(pulse_id: int) -> AnyResponse:
    """Go on from the next date."""
    me = signed_in()
    with transaction(me.organisation_id) as session:
        schedule.resume(session, find_pulse(session, pulse_id))
    return done(me.words.gettext("The pulse goes on."), "admin.pulse_page", pulse_id=pulse_id)


def duration_words(people: int, words: Translator) -> str:
    """How long the mails of a round take under the sender's limits; empty where these hold nothing up."""
    minutes = round(mail.pace()(people).total_seconds() / 60)
    if minutes < 1:
        return ""
    hours, minutes = divmod(minutes, 60)
    if hours:
        took = words.gettext("%(hours)s hours and %(minutes)s minutes") % {"hours": hours, "minutes": minutes}
    else:
        took = words.ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    return words.gettext(
        "Under the limits of the mail server that takes about %(time)s. What does not fit in people's working hours "
        "goes on their next working day; the closing date stays."
    ) % {"time": took}


def day_in(name: str) -> date | None:
    """The date that a form's field holds."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None


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
    people = len(people_to_ask(session, me.organisation_id, pulse.next_date or today_of(me)))
    return Check(
        pulse=pulse_line(session, pulse, me, MONTHS_CHECKED),
        people=people,
        estimate=duration_words(people, me.words),
        small=sorted(too_small(session, me.organisation)),
    )


def pulse_line(session: Session, pulse: Pulse, me: SignedIn, months: int = MONTHS_SHOWN) -> PulseLine:
    """A pulse as its page shows it, with so many coming dates."""
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
        resumes_on=pulse.resumes_on,
        dates=date_lines(session, pulse, months, me.words),
    )


def find_pulse(session: Session, pulse_id: int) -> Pulse:
    """The organisation's pulse of that id; a page that is not there otherwise."""
    pulse = session.scalars(select(Pulse).where(Pulse.id == pulse_id)).one_or_none()
    if pulse is None:
        raise NotFound
    return pulse


def today_of(me: SignedIn) -> date:
    """The date where the organisation is."""
    return clock.now().astimezone(me.zone).date()
