"""A year of a small organisation, lived through the product's own doors, and everything that was shown of it.

Two lives can be lived with the same ledger and nothing else in common: other people answer, as many in each group,
and they answer otherwise, with totals that are published alike. Whatever differs between the two is not the ledger's.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from demo.mailbox import Mail, Mailbox
from pulse import accounts, answers, clock, create_app, mail, reports, results, rounds, tick
from pulse.answers import PRESSED, Said
from pulse.database import transaction
from pulse.database.migrations import upgrade
from pulse.results.rounding import publish
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Invitation, Round, RoundTeam
from pulse.schedule import Pulse, schedule_pulse
from tests.conftest import forget
from tests.pages.administering import Browser, words

STAFF = {"Zorg / Noord": 9, "Zorg / Zuid": 7, "Zorg / Nacht": 3}
LEADS = {"tine": "Zorg", "mara": "Zorg / Noord", "zeno": "Zorg / Zuid"}
ROSTER = "\n".join(
    ["email,name,team,role,language"]
    + [f"{name}@example.org,{name.title()} Leads,{team},manager,nl" for name, team in LEADS.items()]
    + [
        f"{team[-2:]}{number}@example.org,Somebody {number},{team},member,{'en' if number % 2 else 'nl'}"
        for team, size in STAFF.items()
        for number in range(size)
    ]
)
BLOCKS = (("Zorg / Noord",), ("Zorg / Zuid",), ("Zorg", "Zorg / Nacht"))
"""Who is counted together: Nacht is too small, so it is counted with the three who lead."""
PAGES = ("/admin/", "/admin/rounds", "/admin/rounds/1", "/admin/rounds/{newest}", "/admin/reports", "/admin/people")


@dataclass
class Shown:
    """Everything anybody could see of a year, and what was really answered."""

    texts: dict[str, str] = field(default_factory=dict)
    """Page, mail or PDF → its words, without addresses of links."""
    figures: list[dict[str, object]] = field(default_factory=list)
    """As `flask export figures` prints them."""
    said: dict[tuple[int, str], dict[str, list[int]]] = field(default_factory=dict)
    """Round and question → node → options: known to the test alone."""


def live(folder: Path, environment: pytest.MonkeyPatch, mailbox: Mailbox, *, life: int, months: int = 12) -> Shown:
    """A year with one pulse; the reports of the middle and of the last month are made and mailed."""
    folder.mkdir()
    environment.setenv("DATABASE_URL", f"sqlite:///{folder / 'ruil.db'}")
    for name in ("KEY_DIR", "REPORT_DIR"):
        environment.setenv(name, str(folder / name.lower()))
    forget()
    upgrade()
    app, shown = create_app(), Shown()
    app.config["TESTING"] = True
    pulse_id = _found()
    for number in range(1, months + 1):
        day = date(2026, number, 6)
        with clock.replaying(datetime.combine(day, time(9), UTC)):
            round_id = _open(pulse_id, day)
        with clock.replaying(datetime.combine(day, time(13), UTC)):
            shown.said |= _answer(round_id, number, life)
            if number == months:
                _look(app, shown, "open", round_id)
        with clock.replaying(datetime.combine(day + timedelta(days=9), time(9), UTC)):
            results.close(round_id)
            if number in {months // 2, months}:
                before = len(mailbox.mails)
                reports.queue_reports(round_id)
                tick.drain_reports()
                mail.drain()
                _read(shown, mailbox.mails[before:], number)
            else:
                _reported(round_id)
    with clock.replaying(datetime(2026, months, 20, 9, tzinfo=UTC)):
        _look(app, shown, "closed", months)
        shown.figures = [
            json.loads(line) for line in app.test_cli_runner().invoke(args=["export", "figures"]).output.splitlines()
        ]
    return shown


def _found() -> int:
    with clock.replaying(datetime(2026, 1, 2, 9, tzinfo=UTC)), transaction() as session:
        made = create_organisation(session, "De Linde", "hr@example.org", "nl", "Europe/Amsterdam")
        accounts.create_administrator(session, made.id, "hr@example.org", "en")
        import_roster(session, made.id, ROSTER.encode())
        pulse = schedule_pulse(session, made.id, "M", "FREQ=MONTHLY;BYMONTHDAY=6", time(10), "Europe/Amsterdam")
        return pulse.id


def _open(pulse_id: int, day: date) -> int:
    with transaction() as session:
        return mail.launch(session, session.get_one(Pulse, pulse_id), day).id


def _reported(round_id: int) -> None:
    with transaction() as session:
        session.get_one(Round, round_id).reports_queued_at = clock.now()


def _answer(round_id: int, number: int, life: int) -> dict[tuple[int, str], dict[str, list[int]]]:
    """The same month in either life: as many answer in each group, and their totals are published alike."""
    found: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        key = rounds.link_key(asked.uid)
        assert key is not None
        questions = {
            team.path: team.questions
            for team in session.scalars(select(RoundTeam).where(RoundTeam.round_id == round_id))
        }
        people: dict[str, list[Invitation]] = defaultdict(list)
        for invitation in session.scalars(
            select(Invitation).where(Invitation.round_id == round_id).order_by(Invitation.email)
        ):
            people[invitation.counting_path].append(invitation)
        said = []
        for block in BLOCKS:
            for question in questions[block[0]]:
                here = [one for path in block for one in people[path]]
                for one, option in _month(here, f"{number} {block} {question}", life):
                    token = rounds.token(key, rounds.handle(key, one.uid), None, "html")
                    said.append(Said(token, PRESSED, one.uid, clock.now(), question=question, option=option))
                    found[round_id, question][one.counting_path].append(option)
        answers.record_all(session.connection(), said)
    return {key: dict(nodes) for key, nodes in found.items()}


def _month(here: list[Invitation], name: str, life: int) -> list[tuple[Invitation, int]]:
    """Who of a group answers what: how many, and between which totals, is the same in every life."""
    common, own = Random(name), Random(f"{name} {life}")
    count = common.randint(5, len(here))
    value = publish(common.randint(0, 4 * count), count)
    totals = [total for total in range(4 * count + 1) if publish(total, count) == value]
    total = own.choice(totals)
    options = [0] * count
    while sum(options) < total:
        place = own.randrange(count)
        options[place] = min(4, options[place] + 1)
    return list(zip(own.sample(here, count), options, strict=True))


def _look(app: Flask, shown: Shown, when: str, newest: int) -> None:
    browser = Browser(app).sign_in("hr@example.org")
    for path in PAGES:
        response = browser.get(path.format(newest=newest))
        assert response.status_code == 200, path
        shown.texts[f"page {path} while {when}"] = words(response)


def _read(shown: Shown, mails: list[Mail], number: int) -> None:
    for letter in mails:
        message = letter.parsed()
        body = message.get_body(("plain",))
        assert body is not None
        shown.texts[f"mail {number} {letter.recipient}"] = f"{message['Subject']} {_words(body.get_content())}"
        for part in message.iter_attachments():
            with suppress(KeyError):
                pages = PdfReader(BytesIO(part.get_content())).pages
                text = " ".join(page.extract_text() for page in pages)
                shown.texts[f"pdf {number} {letter.recipient} {part.get_filename()}"] = _words(text)


def _words(text: str) -> str:
    """The words without the addresses of links, which are random."""
    return " ".join(re.sub(r"\S*https?://\S+", "", text).split())


def differences(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The pages, mails and PDFs that do not say the same."""
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]
