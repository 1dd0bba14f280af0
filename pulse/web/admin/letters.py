"""The mails that people get: how they look, what they say in each language, and one to oneself as a test."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from config import LANGUAGES
from pulse import clock, mail
from pulse.database import reading, transaction
from pulse.locale import Translator
from pulse.mail.letters.examples import EXAMPLES, example
from pulse.mail.letters.letterhead import Letterhead, letterhead
from pulse.mail.letters.rehearsing import test_link
from pulse.mail.letters.writing import Written
from pulse.roster import Look, Organisation, dress, look_of, wrong_with
from pulse.web.admin.door import blueprint, done, page, refused, signed_in
from pulse.web.headers import HEADERS, PAGE_POLICY

WAYS = frozenset({"desktop", "phone", "text"})
FRAMED_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"
"""A letter has its style on each element; nothing in it runs, and no link of it leads anywhere from here."""


@dataclass(frozen=True)
class Shown:
    """What the page shows."""

    name: str
    language: str
    way: str


@blueprint.get("/letters")
def letters() -> Response:
    """The look, and one letter as its reader gets it."""
    return _page(None, [])


@blueprint.get("/letters/<name>/<language>")
def letter(name: str, language: str) -> Response:
    """The HTML part alone, for the frame of that page."""
    shown = _checked(name, language, "desktop")
    with reading(signed_in().organisation_id) as session:
        head = Letterhead(**letterhead(session, signed_in().organisation_id))
    response = Response(_written(shown, head).html, mimetype="text/html")
    response.headers.update({**HEADERS, "Content-Security-Policy": FRAMED_POLICY})
    return response


@blueprint.post("/letters/look")
def change_look() -> AnyResponse:
    """From the next mail on it looks like this."""
    me = signed_in()
    wished = Look(*(request.form.get(part, "")[:200] for part in ("name", "colour", "sender")))
    with transaction(me.organisation_id) as session:
        organisation = session.get_one(Organisation, me.organisation_id)
        problems = wrong_with(session, organisation, wished, me.words)
        if not problems:
            dress(session, organisation, wished)
    if problems:
        return _page(wished, problems, 422)
    sentence = me.words.gettext("From the next mail on it looks like this. Mail that already waits keeps its look.")
    return done(sentence, "admin.letters")


@blueprint.post("/letters/test")
def send_test() -> AnyResponse:
    """The shown letter to the administrator's own address, with links that keep nothing."""
    me, shown = signed_in(), _shown(request.form.to_dict())
    with transaction(me.organisation_id) as session:
        queued = mail.queue_test(
            session, me.organisation_id, me.email, shown.language, asker=me.administrator_id, example=shown.name
        )
    values = {"letter": shown.name, "language": shown.language, "as": shown.way}
    if not queued:
        sentence = me.words.gettext("That is enough tests for this hour. Look at the ones you have first.")
        return refused(sentence, "admin.letters", **values)
    sentence = me.words.gettext("A test is on its way to %(address)s.") % {"address": me.email}
    return done(sentence, "admin.letters", **values)


def _page(wished: Look | None, problems: list[str], status: int = 200) -> Response:
    me, shown = signed_in(), _shown(request.args.to_dict())
    with reading(me.organisation_id) as session:
        organisation = session.get_one(Organisation, me.organisation_id)
        look, head = look_of(organisation), Letterhead(**letterhead(session, me.organisation_id))
    names = _names(me.words)
    response = page(
        "letters.html",
        status,
        section="letters",
        shown=shown,
        written=_written(shown, head),
        frame=url_for("admin.letter", name=shown.name, language=shown.language),
        names=names,
        ways=_ways(me.words),
        look=wished or look,
        problems=problems,
    )
    response.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; frame-src 'self'"
    return response


def _shown(wished: dict[str, str]) -> Shown:
    me = signed_in()
    return _checked(
        wished.get("letter", "invitation"), wished.get("language", me.language), wished.get("as", "desktop")
    )


def _checked(name: str, language: str, way: str) -> Shown:
    if name not in EXAMPLES or language not in LANGUAGES or way not in WAYS:
        raise NotFound
    return Shown(name, language, way)


def _written(shown: Shown, head: Letterhead) -> Written:
    now = clock.now().astimezone(signed_in().zone)
    return example(shown.name, shown.language, head, now, link=test_link(shown.language))


def _ways(words: Translator) -> list[tuple[str, str]]:
    _ = words.gettext
    return [("desktop", _("On a screen")), ("phone", _("On a phone")), ("text", _("As plain text"))]


def _names(words: Translator) -> dict[str, str]:
    """What each letter is called, in the order of a month."""
    _ = words.gettext
    return {
        "invitation": _("Invitation"),
        "invitation_told": _("Invitation that opens with what the manager gives back"),
        "invitation_one_link": _("Invitation with one link"),
        "reminder": _("First reminder, only to who has not answered"),
        "reminder_last": _("Last reminder, only to who has not answered"),
        "report": _("Report, to managers"),
        "report_teams": _("Report, to who leads several teams"),
        "give_back": _("Question what they give back, to managers"),
        "give_back_teams": _("Question what they give back, to who leads several teams"),
        "round_coming": _("A round is coming, to administrators"),
        "round_opened": _("A round is open, to administrators"),
        "problem_bounces": _("Invitations did not arrive, to administrators"),
        "problem_keys": _("Keys are missing, to administrators"),
        "problem_reports": _("Reports could not be made, to administrators"),
        "problem_skipped": _("A date was skipped, to administrators"),
        "standstill": _("Ruil stands still, to administrators"),
        "standstill_restored": _("Ruil stands still after a restore, to administrators"),
        "problem_waiting": _("Mail had to wait, to administrators"),
        "sign_in": _("Sign-in link, to administrators"),
        "test": _("Test of the mail server"),
    }
