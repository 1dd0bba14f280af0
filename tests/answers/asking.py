"""What tests of the answer page share: what counts now, what is stored, and what a page would send."""

from __future__ import annotations

from sqlalchemy import select

from config import settings
from demo.clicking import Form
from pulse.answers import SealedAnswer, judged_of
from pulse.answers.box import opener
from pulse.database import reading
from pulse.roster import Person
from pulse.rounds import Round, box_key, signed_token
from tests import factories


def counted(email: str) -> dict[str, int]:
    """What counts of somebody's answers now, opened with the round's own key."""
    with reading() as session:
        asked = factories.invitation(session, email)
        key = box_key(session.get_one(Round, asked.round_id).uid)
        assert key is not None
        return {
            question: opener(key)(sealed)
            for invitation_id, _, question, sealed in judged_of(session, asked.round_id)
            if invitation_id == asked.id
        }


def stored() -> list[SealedAnswer]:
    """Every sealed answer there is."""
    with reading() as session:
        return list(session.scalars(select(SealedAnswer)))


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    parser = Form()
    parser.feed(page)
    return dict(parser.forms[0]["fields"])  # type: ignore[call-overload]


def preferences(email: str) -> str:
    """Somebody's own preferences link, as it stands in their mail."""
    with reading() as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        return f"/p/{signed_token(settings().secret_key, 'preferences', person.id)}"
