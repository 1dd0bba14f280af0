"""What each letter says, and its links. Rendered when it is sent, from frozen rows; never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse.accounts import SignIn, sign_in_token
from pulse.giveback import MOVES, GiveBackRequest, given
from pulse.locale import translator
from pulse.mail.addresses import message_id, on_the_wire
from pulse.mail.attachments import stored
from pulse.mail.composing import Draft, Unrenderable, to_bytes
from pulse.mail.letterhead import Letterhead, letterhead_of, sender_of
from pulse.mail.tables import Message
from pulse.questions import QUESTIONS
from pulse.rounds import Invitation, Round, RoundTeam, handle, link_key, signed_token, token
from pulse.templating import environment

KINDS = ("invitation", "reminder", "report", "give_back", "sign_in")
PARTS = ("text", "html")


@dataclass(frozen=True)
class _Letter:
    text: dict[str, Any]
    html: dict[str, Any]
    headers: list[tuple[str, str]]
    attachments: list[tuple[str, bytes]]


@dataclass(frozen=True)
class Gathered:
    """All that one mail takes from the database."""

    letter: _Letter
    head: Letterhead


def compose(session: Session, message: Message) -> bytes:
    """The mail's bytes; raises Unrenderable with a sentence when it can no longer be made."""
    return written(message, gathered(session, message))


def gathered(session: Session, message: Message) -> Gathered:
    """What a mail says, read from frozen rows; raises Unrenderable."""
    return Gathered(_LETTERS[message.kind](session, message), letterhead_of(session, message))


def written(message: Message, known: Gathered) -> bytes:
    """The mail's bytes, made without the database; raises Unrenderable."""
    letter, head = known.letter, known.head
    templates = environment("mail", message.language)
    shared = {
        "organisation": head.name,
        "colour": head.colour,
        "name": message.recipient,
        "base_url": settings().base_url,
    }
    return to_bytes(
        Draft(
            identity=message.id,
            sender=sender_of(head),
            address=on_the_wire(message.address),
            recipient=message.recipient,
            subject=templates.get_template(f"{message.kind}/subject.txt").render(shared | letter.text).strip(),
            date=message.created_at,
            text=templates.get_template(f"{message.kind}/body.txt").render(shared | letter.text),
            html=templates.get_template(f"{message.kind}/body.html").render(shared | letter.html),
            headers=[
                ("Message-ID", message_id(message.id)),
                ("Reply-To", head.contact),
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
                *letter.headers,
            ],
            attachments=letter.attachments,
        )
    )


def _invitation(session: Session, message: Message) -> _Letter:
    invitation = session.get(Invitation, message.about_id)
    asked = session.get(Round, invitation.round_id) if invitation else None
    key = link_key(asked.uid) if asked else None
    if invitation is None or asked is None or key is None:
        raise Unrenderable("The round has closed, so its links no longer exist.")
    team = _team(session, asked, invitation.counting_path)
    words = translator(message.language)
    own = handle(key, invitation.uid)
    question = QUESTIONS["B"]
    choices: list[tuple[int | None, str]] = list(enumerate(question.labels(message.language)[:5]))
    if asked.one_link:
        choices = [(None, words.gettext("Answer"))]
    shared: dict[str, Any] = {
        "one_link": asked.one_link,
        "question": question.text(message.language),
        "explanation": question.explanation(message.language),
        "month": words.month(asked.period),
        "closes": words.weekday(invitation.closes_at.astimezone(ZoneInfo(invitation.timezone))),
        "promise": team.promise,
        "promised_by": team.promised_by,
        "minimum_group": asked.minimum_group,
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
    return _Letter(text, html, _list_headers(session, message, asked, shared["stop"]), [])


def _report(session: Session, message: Message) -> _Letter:
    facts = _moves(session, message) | {
        "headline": message.facts["headline"],
        "files": len(message.facts["attachments"]),
    }
    files = [(name, stored(sha256)) for sha256, name in message.facts["attachments"]]
    return _Letter(facts, facts, [], files)


def _give_back(session: Session, message: Message) -> _Letter:
    """The one question to a manager who has read the report and said nothing yet."""
    if given(session, message.about_id) is not None:
        raise Unrenderable("The manager has meanwhile given something back, so there is nothing to ask.")
    facts = _moves(session, message)
    return _Letter(facts, facts, [], [])


def _moves(session: Session, message: Message) -> dict[str, Any]:
    """The team, the month, and a link for each of the four moves."""
    request = session.get_one(GiveBackRequest, message.about_id)
    asked = session.get_one(Round, request.round_id)
    links = {
        move: f"{settings().base_url}/m/{signed_token(settings().secret_key, 'give-back', request.id, number)}"
        for number, move in enumerate(MOVES)
    }
    return {"team": request.team_name, "month": translator(message.language).month(asked.period), "moves": links}


def _sign_in(session: Session, message: Message) -> _Letter:
    sign_in = session.get_one(SignIn, message.about_id)
    facts = {"link": f"{settings().base_url}/sign-in/{sign_in_token(sign_in)}"}
    return _Letter(facts, facts, [], [])


def _list_headers(session: Session, message: Message, asked: Round, stop: str) -> list[tuple[str, str]]:
    headers = [
        ("Precedence", "bulk"),
        ("List-Id", f"<pulse-{asked.pulse_id}.{settings().mail_domain}>"),
        ("List-Unsubscribe", f"<{stop}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", f"round-{asked.id}:{message.kind}:ruil"),
    ]
    if message.kind == "reminder":
        first = session.scalar(
            select(Message.id).where(Message.kind == "invitation", Message.about_id == message.about_id)
        )
        if first is not None:
            headers += [("In-Reply-To", message_id(first)), ("References", message_id(first))]
    return headers


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


_LETTERS = {
    "invitation": _invitation,
    "reminder": _invitation,
    "report": _report,
    "give_back": _give_back,
    "sign_in": _sign_in,
}
