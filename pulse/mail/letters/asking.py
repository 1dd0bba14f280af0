"""The letters that ask: the invitation and its reminders. Their links are made anew from the round's key each time."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse.locale import translator
from pulse.mail.letters.composing import Unrenderable
from pulse.mail.letters.headers import list_headers, round_headers, thread_headers
from pulse.mail.letters.writing import Facts
from pulse.mail.tables import Message
from pulse.questions import QUESTIONS
from pulse.rounds import Invitation, Round, RoundTeam, handle, link_key, signed_token, token

PARTS = ("text", "html")
LAST_REMINDER = 2


def asking_letter(session: Session, message: Message) -> tuple[Facts, Facts, list[tuple[str, str]]]:
    """What the text part and the HTML part fill in, and the headers; raises Unrenderable after the close."""
    invitation = session.get(Invitation, message.about_id)
    asked = session.get(Round, invitation.round_id) if invitation else None
    key = link_key(asked.uid) if asked else None
    if invitation is None or asked is None or key is None:
        raise Unrenderable("The round has closed, so its links no longer exist.")
    team = _team(session, asked, invitation.counting_path)
    own = handle(key, invitation.uid)
    choices = options(message.language, one_link=asked.one_link)
    # The closing that was frozen with this mail: it may have moved since, and a second try must say the same.
    closes_at = (message.expires_at or invitation.closes_at).astimezone(ZoneInfo(invitation.timezone))
    shared = asking_facts(message.language, asked.period, one_link=asked.one_link) | {
        "closes": translator(message.language).weekday(closes_at),
        "promise": team.promise,
        "promised_by": team.promised_by,
        "minimum_group": asked.minimum_group,
        "last": message.number == LAST_REMINDER,
        "stop": _preferences(invitation),
    }
    text, html = (
        shared
        | {
            "options": [
                (label, f"{settings().base_url}/a/{token(key, own, option, part)}") for option, label in choices
            ]
        }
        for part in PARTS
    )
    headers = [
        *list_headers(asked.pulse_id, shared["stop"], invitation.person_id or 0),
        *round_headers(message),
        *(thread_headers(session, message, "invitation") if message.kind == "reminder" else ()),
    ]
    return text, html, headers


def asking_facts(language: str, period: str, *, one_link: bool) -> dict[str, Any]:
    """What is the same for everybody who is asked in this language and month."""
    question = QUESTIONS["B"]
    return {
        "one_link": one_link,
        "question": question.text(language),
        "explanation": question.explanation(language),
        "month": translator(language).month(period),
    }


def options(language: str, *, one_link: bool) -> list[tuple[int | None, str]]:
    """The links of a letter: the option each stands for, and its words."""
    if one_link:
        return [(None, translator(language).gettext("Answer"))]
    return list(enumerate(QUESTIONS["B"].labels(language)[:5]))


def _team(session: Session, asked: Round, path: str) -> RoundTeam:
    """The frozen team of a path; many letters of one batch ask for the same one."""
    teams: dict[tuple[int, str], RoundTeam] = session.info.setdefault("teams", {})
    if (asked.id, path) not in teams:
        query = select(RoundTeam).where(RoundTeam.round_id == asked.id, RoundTeam.path == path)
        teams[asked.id, path] = session.scalars(query).one()
    return teams[asked.id, path]


def _preferences(invitation: Invitation) -> str:
    person = invitation.person_id or 0
    return f"{settings().base_url}/p/{signed_token(settings().secret_key, 'preferences', person)}"
