"""What asks for an administrator's attention, each in a sentence with the page where to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pulse import clock, holding, mail, tick
from pulse.mail import Message
from pulse.reports import Report
from pulse.roster import Person, Team, TeamLead, disowned
from pulse.rounds import Round
from pulse.schedule import Pulse, went_without
from pulse.web.admin.dates import why_skipped
from pulse.web.admin.door import SignedIn
from pulse.web.admin.standing import TROUBLE
from pulse.web.admin.unreachable import whom_mail_does_not_reach

SKIPPED_IS_NEWS: Final = timedelta(days=21)


@dataclass(frozen=True)
class Attention:
    """A sentence, and where to act on it."""

    sentence: str
    address: str | None
    action: str = ""


def attention(session: Session, me: SignedIn) -> list[Attention]:
    """Everything that asks for attention now; empty when all is well."""
    return [
        *_running(session, me),
        *_beginning(session, me),
        *_skipped(session, me),
        *_undelivered(session, me),
        *_unreachable(session, me),
        *_wrong_addresses(session, me),
        *_reports(session, me),
        *_unread_teams(session, me),
    ]


def _running(session: Session, me: SignedIn) -> list[Attention]:
    _ = me.words.gettext
    held, waits = holding.reasons(session), mail.sender_problems(session)
    found = [Attention(me.words.say(reason), url_for("admin.hold"), _("Look at it")) for reason in held]
    if waits:
        sentence = _(
            "The mail server cannot be reached or refuses Ruil, so all mail waits, also what would tell you so. Ask "
            "whoever looks after the server: flask healthcheck says what is the matter."
        )
        found.append(Attention(sentence, None))
    if len(tick.health(session, clock.now())) > len(held) + len(waits):
        sentence = _("Ruil itself does not run as it should, so mail may wait. Ask whoever looks after the server.")
        found.append(Attention(sentence, None))
    return found


def _beginning(session: Session, me: SignedIn) -> list[Attention]:
    _ = me.words.gettext
    if not session.scalar(select(func.count(Person.id)).where(Person.left_at.is_(None))):
        sentence = _("Nobody is on your roster yet. Begin by importing your people and teams.")
        return [Attention(sentence, url_for("admin.upload"), _("Import people"))]
    if not session.scalar(select(func.count(Pulse.id))):
        sentence = _("Your people are in. Now choose on which day of the month they are asked.")
        return [Attention(sentence, url_for("admin.new_pulse"), _("Plan a pulse"))]
    if not session.scalar(select(func.count(Pulse.id)).where(Pulse.paused_at.is_(None))):
        sentence = _("Every pulse is paused, so nobody will be asked anything.")
        return [Attention(sentence, url_for("admin.pulses"), _("See the pulses"))]
    return []


def _skipped(session: Session, me: SignedIn) -> list[Attention]:
    found = []
    for date in went_without(session, clock.now() - SKIPPED_IS_NEWS):
        sentence = me.words.gettext("There was no round on %(day)s (%(reason)s).") % {
            "day": me.words.weekday(date.planned),
            "reason": why_skipped(date.skipped, me.words),
        }
        address = url_for("admin.pulse_page", pulse_id=date.pulse_id)
        found.append(Attention(sentence, address, me.words.gettext("See the dates")))
    return found


def _undelivered(session: Session, me: SignedIn) -> list[Attention]:
    newest = session.scalars(select(Round).order_by(Round.opens_at.desc(), Round.id.desc()).limit(1)).first()
    if newest is None:
        return []
    count = session.scalar(
        select(func.count(Message.id)).where(
            Message.round_id == newest.id, Message.kind == "invitation", Message.state.in_(TROUBLE)
        )
    )
    if not count:
        return []
    sentence = me.words.ngettext(
        "%(count)s invitation of %(month)s has not arrived.",
        "%(count)s invitations of %(month)s have not arrived.",
        count,
    ) % {"count": count, "month": me.words.month(newest.period)}
    address = url_for("admin.round_page", round_id=newest.id)
    return [Attention(sentence, address, me.words.gettext("See which"))]


def _unreachable(session: Session, me: SignedIn) -> list[Attention]:
    found = whom_mail_does_not_reach(session, me)
    if not found:
        return []
    sentence = me.words.ngettext(
        "Mail does not reach %(name)s, who is therefore not asked.",
        "Mail does not reach %(count)s people, such as %(name)s; they are therefore not asked.",
        len(found),
    ) % {"name": found[0].name or found[0].address, "count": len(found)}
    return [Attention(sentence, url_for("admin.unreachable"), me.words.gettext("See who"))]


def _wrong_addresses(session: Session, me: SignedIn) -> list[Attention]:
    wrong = disowned(session, me.organisation_id)
    if not wrong:
        return []
    sentence = me.words.ngettext(
        "Whoever reads %(address)s says that our mail is not meant for them. Correct the address in your roster.",
        "At %(count)s addresses, such as %(address)s, somebody says that our mail is not meant for them. "
        "Correct the addresses in your roster.",
        len(wrong),
    ) % {"address": wrong[0].email, "count": len(wrong)}
    return [Attention(sentence, url_for("admin.upload"), me.words.gettext("Import people"))]


def _reports(session: Session, me: SignedIn) -> list[Attention]:
    failed = session.scalar(select(func.count(Report.id)).where(Report.state == "failed"))
    if not failed:
        return []
    sentence = me.words.ngettext(
        "%(count)s report could not be made.", "%(count)s reports could not be made.", failed
    ) % {"count": failed}
    return [Attention(sentence, url_for("admin.reports"), me.words.gettext("See the reports"))]


def _unread_teams(session: Session, me: SignedIn) -> list[Attention]:
    """Teams without anyone who reads their report: neither a manager of their own nor one above."""
    led = set(session.scalars(select(Team.path).join(TeamLead, TeamLead.team_id == Team.id)))
    peopled = session.scalars(
        select(Team.path)
        .join(Person, Person.team_id == Team.id)
        .where(Person.left_at.is_(None))
        .distinct()
        .order_by(Team.path)
    )
    unread = [path for path in peopled if not any(path == one or path.startswith(f"{one} / ") for one in led)]
    if not unread:
        return []
    sentence = me.words.ngettext(
        "%(team)s has no manager, nor has any team above it: nobody will read its report.",
        "%(count)s teams, such as %(team)s, have no manager and none above: nobody will read their reports.",
        len(unread),
    ) % {"team": unread[0], "count": len(unread)}
    return [Attention(sentence, url_for("admin.people"), me.words.gettext("See the teams"))]
