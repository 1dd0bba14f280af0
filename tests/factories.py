"""Plain functions that make what a test needs, through the product's own doors."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import mail
from pulse.database import transaction
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Invitation, Round, handle, link_key, token
from pulse.schedule import schedule_pulse

ROSTER = "\n".join(
    [
        "email,name,team,role,language",
        "tine@example.org,Tine Top,Zorg,manager,nl",
        "mara@example.org,Mara Leads,Zorg / Noord,manager,nl",
        "anna@example.org,Anna Answers,Zorg / Noord,member,nl",
        "bram@example.org,Bram Answers,Zorg / Noord,member,en",
        *(f"n{number}@example.org,Noor {number},Zorg / Noord,member,nl" for number in range(6)),
        "chris@example.org,Chris Elsewhere,Zorg / Zuid,member,en",
        *(f"z{number}@example.org,Zeno {number},Zorg / Zuid,member,nl" for number in range(2)),
    ]
)
"""Anna and Bram answer, Mara leads them, Chris is in another team; Otto, an outsider, is not in it."""


def organisation(roster: str = ROSTER, name: str = "De Linde") -> int:
    """An organisation with a roster; its id."""
    with transaction() as session:
        made = create_organisation(session, name, "hr@example.org", "nl", "Europe/Amsterdam")
        import_roster(session, made.id, roster.encode())
        return made.id


def open_round(organisation_id: int, day: date | None = None, *, one_link: bool = False) -> int:
    """A round that is open and whose letters are due now; its id."""
    from pulse import clock

    with transaction() as session:
        pulse = schedule_pulse(
            session,
            organisation_id,
            "Monthly",
            "FREQ=MONTHLY;BYDAY=1TU",
            time(10),
            "Europe/Amsterdam",
            one_link=one_link,
        )
        return mail.launch(session, pulse, day or clock.now().date(), send_now=True).id


def invitation(session: Session, email: str) -> Invitation:
    """Somebody's newest invitation."""
    return session.scalars(select(Invitation).where(Invitation.email == email).order_by(Invitation.id.desc())).first()  # type: ignore[return-value]  # a test that asks for nobody fails at the next line


def link(email: str, option: int | None, part: str = "html") -> str:
    """The token of somebody's link for an option."""
    with transaction() as session:
        asked = invitation(session, email)
        key = link_key(session.get_one(Round, asked.round_id).uid)
        assert key is not None
        return token(key, handle(key, asked.uid), option, part)
