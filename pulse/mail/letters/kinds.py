"""What each letter says, and its links. Rendered when it is sent, from frozen rows; never stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from sqlalchemy.orm import Session

from config import settings
from pulse.accounts import SignIn, sign_in_token
from pulse.giveback import MOVES, GiveBackRequest, asked_together, unanswered
from pulse.locale import translator
from pulse.mail.attachments import stored
from pulse.mail.letters.asking import asking_letter
from pulse.mail.letters.composing import Draft, Unrenderable, one_line, to_bytes
from pulse.mail.letters.examples import example
from pulse.mail.letters.headers import Headers, own_headers, round_headers, thread_headers
from pulse.mail.letters.letterhead import Letterhead, letterhead_of, sender_of
from pulse.mail.letters.rehearsing import test_link
from pulse.mail.letters.writing import Facts, Written, write
from pulse.mail.tables import Message
from pulse.rounds import Round, signed_token

KINDS = (
    "invitation",
    "reminder",
    "report",
    "give_back",
    "sign_in",
    "test",
    "round_coming",
    "round_opened",
    "problem",
    "standstill",
)


@dataclass(frozen=True)
class _Letter:
    text: Facts
    html: Facts
    headers: Headers = field(default_factory=list)
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    words: Written | None = None
    """Of an example, which is written already."""


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
    words = letter.words or write(message.kind, message.language, head, message.recipient, letter.text, letter.html)
    return to_bytes(
        Draft(
            identity=message.id,
            sender=sender_of(head),
            address=message.address,
            recipient=message.recipient,
            subject=words.subject,
            date=message.created_at,
            text=words.text,
            html=words.html,
            headers=[*own_headers(message, head), *letter.headers],
            attachments=letter.attachments,
        )
    )


def _asking(session: Session, message: Message) -> _Letter:
    return _Letter(*asking_letter(session, message))


def _report(session: Session, message: Message) -> _Letter:
    headlines: dict[str, str] = message.facts["headlines"]
    requests = [request for request in asked_together(session, message.about_id) if str(request.id) in headlines]
    facts = _teams(session, message, requests, headlines) | {
        name: message.facts[name] for name in ("overview", "below", "missing", "left_out")
    }
    files = [(name, stored(sha256)) for sha256, name in message.facts["attachments"]]
    return _Letter(facts, facts, round_headers(message), files)


def _give_back(session: Session, message: Message) -> _Letter:
    """The one question to a manager who has read the report, for the teams that have heard nothing yet."""
    if not unanswered(session, message.about_id):
        raise Unrenderable("The manager has meanwhile given something back, so there is nothing to ask.")
    # As it was when the question was queued: a second try must say the same.
    wanted = message.facts["requests"]
    requests = [request for request in asked_together(session, message.about_id) if request.id in wanted]
    facts = _teams(session, message, requests, {})
    return _Letter(facts, facts, [*round_headers(message), *thread_headers(session, message, "report")])


def _teams(
    session: Session, message: Message, requests: list[GiveBackRequest], headlines: dict[str, str]
) -> dict[str, Any]:
    """The month, and each team: a link for each of the four moves where it is one, else a page that lets choose."""
    if not requests:
        raise Unrenderable("Nobody is asked any more what they give back, so this mail has nothing to say.")
    asked = session.get_one(Round, requests[0].round_id)
    names = Counter(request.team_name for request in requests)
    return {
        "month": translator(message.language).month(asked.period),
        "teams": [
            {
                "name": one_line(request.team_name if names[request.team_name] == 1 else request.team_path),
                "headline": headlines.get(str(request.id), ""),
                "link": _give_back_link(request),
            }
            for request in requests
        ],
        "moves": {move: _give_back_link(requests[0], number) for number, move in enumerate(MOVES)},
    }


def _give_back_link(request: GiveBackRequest, move: int | None = None) -> str:
    return f"{settings().base_url}/m/{signed_token(settings().secret_key, 'give-back', request.id, move)}"


def _sign_in(session: Session, message: Message) -> _Letter:
    sign_in = session.get_one(SignIn, message.about_id)
    facts = {"link": f"{settings().base_url}/sign-in/{sign_in_token(sign_in)}"}
    return _Letter(facts, facts)


def _test(session: Session, message: Message) -> _Letter:
    """The plain test of `flask mail test`, or any other letter as an example with links that keep nothing."""
    facts = {"from_address": parseaddr(settings().mail_from)[1]}
    if not (name := message.facts.get("example")):
        return _Letter(facts, facts)
    head, link = letterhead_of(session, message), test_link(message.language)
    words = example(name, message.language, head, message.created_at, link=link, reader="", test=True)
    return _Letter(facts, facts, words=words)


def _alert(_session: Session, message: Message) -> _Letter:
    """All that it says was known when it was queued."""
    return _Letter(message.facts, message.facts)


_LETTERS = {
    "invitation": _asking,
    "reminder": _asking,
    "report": _report,
    "give_back": _give_back,
    "sign_in": _sign_in,
    "test": _test,
    "round_coming": _alert,
    "round_opened": _alert,
    "problem": _alert,
    "standstill": _alert,
}
