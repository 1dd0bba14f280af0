"""Who leads several teams gets one mail after a round, and gives back to each team on its own."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import config
from benchmarks.mail.sink import Fault, Sink
from config import settings
from demo.clicking import Form
from demo.mailbox import Mailbox
from pulse import clock, giveback, mail, reports, results, subjects
from pulse.database import reading, transaction
from pulse.giveback import GiveBackRequest
from pulse.mail import Message
from pulse.mail.delivery.monthly_limit import WITHHELD
from pulse.reports import Report, deliver, posting
from pulse.reports.render import RenderFailed
from pulse.roster import Person
from pulse.rounds import Round, read_signed_token
from tests import factories

MARA = "mara@example.org"
TEAMS = ("Zorg / Noord", "Zorg / Oost", "Zorg / Zuid")
ROSTER = "\n".join(
    [
        "email,name,team,role,language,manager",
        "tine@example.org,Tine Top,Zorg,manager,nl,",
        f"{MARA},Mara Leads,Zorg / Noord,manager,nl,",
        *(f"m{number}@example.org,Noor {number},{team},,nl,{MARA}" for number, team in enumerate(TEAMS * 2)),
    ]
)


@pytest.fixture
def round_id(database: str) -> int:
    """A round that closed without an answer, and whose invitations Mara and all others got."""
    opened = factories.open_round(factories.organisation(ROSTER))
    with transaction() as session:
        invitations = update(Message).where(Message.kind == "invitation")
        session.execute(invitations.values(state="accepted", finished_at=clock.now()))
    with clock.replaying(clock.now() + timedelta(days=8)):
        results.close(opened)
    reports.queue_reports(opened)
    return opened


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What becomes of the pages of each team, by its path: `fails` or `waits`; all else is drawn at once."""
    fate: dict[str, str] = {}

    def draw(_session: Session, report: Report) -> bytes:
        if fate.get(report.team_path) == "fails":
            raise RenderFailed("Drawing the report took longer than it may, so it was stopped.")
        return f"{report.kind} {report.team_path} {report.request_id}".encode()

    monkeypatch.setattr(deliver, "build_pdf", draw)
    return fate


def sent_to(mailbox: Mailbox, address: str, subject: str) -> list[EmailMessage]:
    parsed = [item.parsed() for item in mailbox.mails if item.recipient == address]
    return [one for one in parsed if subject in str(one["subject"])]


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def files(letter: EmailMessage) -> dict[str, bytes]:
    return {str(part.get_filename()): part.get_content() for part in letter.iter_attachments()}


def given_for(link: str) -> str:
    """The team whose give-back page a link leads to."""
    found = read_signed_token(settings().secret_key, "give-back", link.rsplit("/", 1)[1])
    assert found is not None
    with reading() as session:
        return session.get_one(GiveBackRequest, found[0]).team_path


def test_one_mail_holds_the_pages_and_the_link_of_every_team(app: Flask, smtp_sink: Mailbox, round_id: int) -> None:
    reports.drain_reports()
    reports.drain_reports()
    mail.drain()
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")

    said, carried = text(letter), files(letter)
    assert [name.split("-Zorg-")[1] for name in carried] == ["Noord-nl.pdf", "Oost-nl.pdf", "Zuid-nl.pdf"]
    links = re.findall(r"Geef iets terug aan (\w+): (\S+)", said)
    assert [(name, given_for(link)) for name, link in links] == [(team[7:], team) for team in TEAMS]
    for team, content in zip(TEAMS, carried.values(), strict=True):
        pages = PdfReader(BytesIO(content)).pages
        addresses = {str(note["/A"]["/URI"]) for page in pages for note in page.get("/Annots", []) if "/A" in note}
        assert len(pages) == 2 and [given_for(address) for address in addresses] == [team]
    give_back_to(app, links[2][1], "Elke dinsdag een half uur voor jullie.")
    with reading() as session:
        assert set(giveback.promises_to_tell(session, 1)) == {"Zorg / Zuid"}


def give_back_to(app: Flask, link: str, sentence: str) -> None:
    """Choose a move on the team's page, as a person does."""
    client, path = app.test_client(), "/m/" + link.rsplit("/", 1)[1]
    form = Form()
    form.feed(client.get(path).text)
    fields = dict(form.forms[0]["fields"])  # type: ignore[call-overload]
    assert client.post(path, data=fields | {"move": "return", "sentence": sentence}).status_code == 200


def test_a_team_whose_pages_fail_is_named_and_holds_up_no_other(
    smtp_sink: Mailbox, round_id: int, drawn: dict[str, str]
) -> None:
    drawn["Zorg / Oost"] = "fails"
    for minutes in (0, 2, 10):
        with clock.replaying(clock.now() + timedelta(minutes=minutes)):
            reports.drain_reports()
            mail.drain()
            assert len(sent_to(smtp_sink, MARA, "3 teams")) == (minutes == 10)
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")
    assert len(files(letter)) == 2
    assert "De bladzijden van Oost konden niet op tijd worden gemaakt" in text(letter)
    assert "vraag erom bij hr@example.org" in text(letter)
    assert text(letter).count("/m/") == 3


@pytest.mark.parametrize("late", [("Zorg / Zuid",), TEAMS])
def test_a_late_report_is_waited_for_some_hours_but_the_first_for_as_long_as_it_takes(
    smtp_sink: Mailbox, round_id: int, drawn: dict[str, str], late: tuple[str, ...]
) -> None:
    with transaction() as session:
        mine = Report.request_id.is_not(None) & Report.team_path.in_(late)
        session.execute(update(Report).where(mine).values(due_at=clock.now() + timedelta(days=1)))
    for hours, mails in ((0, 0), (3, 0), (5, int(late != TEAMS)), (26, 1)):
        with clock.replaying(clock.now() + timedelta(hours=hours)):
            reports.drain_reports()
            mail.drain()
            assert len(sent_to(smtp_sink, MARA, "3 teams")) == mails, hours
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")
    assert len(files(letter)) == (3 if late == TEAMS else 2)
    assert ("niet op tijd" in text(letter)) is (late != TEAMS)


def test_what_is_too_much_for_one_mail_is_said(
    smtp_sink: Mailbox, round_id: int, drawn: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "HEAVIEST", 50)
    reports.drain_reports()
    mail.drain()
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")
    assert len(files(letter)) == 2
    assert "Eén bestand was te groot voor deze mail; vraag erom bij hr@example.org." in text(letter)


def test_who_was_forgotten_meanwhile_gets_no_mail(smtp_sink: Mailbox, round_id: int, drawn: dict[str, str]) -> None:
    with transaction() as session:
        mara = session.scalars(select(Person).where(Person.email == MARA)).one()
        subjects.forget(session, mara, clock.now())
    assert reports.drain_reports()["posted"] == 1
    assert mail.drain() == {"accepted": 1}
    assert [item.recipient for item in smtp_sink.mails] == ["tine@example.org"]


def test_a_worker_that_dies_or_races_sends_no_second_mail(
    smtp_sink: Mailbox, round_id: int, drawn: dict[str, str]
) -> None:
    reports.drain_reports()
    with reading() as session:
        asked = session.get_one(Round, round_id)
        assert posting._ready(session, asked) == []
        (message,) = session.scalars(select(Message).where(Message.kind == "report", Message.address == MARA))
        again = {
            name: getattr(message, name)
            for name in ("kind", "about_id", "organisation_id", "address", "recipient", "language", "due_at")
        }
    with transaction() as session:
        assert not mail.queue(session, **again)


def test_the_question_comes_once_for_the_teams_that_heard_nothing_and_the_month_stays_at_three(
    app: Flask, smtp_sink: Mailbox, round_id: int, drawn: dict[str, str]
) -> None:
    reports.drain_reports()
    mail.drain()
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")
    links = re.findall(r"https?://\S+/m/\S+", text(letter))
    give_back_to(app, links[0], "Elke dinsdag een half uur voor jullie.")

    for day in range(12):
        with clock.replaying(clock.now() + timedelta(days=day)):
            with transaction() as session:
                reports.ask_managers(session, clock.now())
            mail.drain()
    (question,) = sent_to(smtp_sink, MARA, "wat geef je terug")
    assert str(question["subject"]) == "2 teams: wat geef je terug?"
    assert [given_for(link) for link in re.findall(r"https?://\S+/m/\S+", text(question))] == list(TEAMS[1:])
    assert question["In-Reply-To"] == letter["Message-ID"]
    with reading() as session:
        mails = session.scalars(select(Message).where(Message.address == MARA)).all()
    assert sorted(one.kind for one in mails) == ["give_back", "invitation", "report"]
    assert all(one.reply != WITHHELD for one in mails)


def test_a_question_that_was_put_off_says_the_same_when_it_leaves(
    app: Flask, smtp_sink: Mailbox, round_id: int, drawn: dict[str, str], environment: pytest.MonkeyPatch
) -> None:
    reports.drain_reports()
    mail.drain()
    (letter,) = sent_to(smtp_sink, MARA, "3 teams")
    link = re.findall(r"https?://\S+/m/\S+", text(letter))[0]
    greylisting = Sink(
        plan=lambda stage, whom, number: (
            Fault("450 4.2.0 greylisted") if (stage, whom, number) == ("recipient", MARA, 1) else None
        )
    ).start()
    environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{greylisting.port}")
    config.settings.cache_clear()
    for minutes in (0, 60):
        with clock.replaying(clock.now() + timedelta(days=9, minutes=minutes)):
            with transaction() as session:
                reports.ask_managers(session, clock.now())
            mail.drain()
            give_back_to(app, link, "Elke dinsdag een half uur voor jullie.")
    greylisting.stop()
    (question,) = [one for one in greylisting.taken if one.recipient == MARA]
    assert b"3 teams: wat geef je terug?" in question.content
