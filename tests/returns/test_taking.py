"""What comes back, through the door that mail servers pipe into: who is suppressed, who is not, what is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

import config
from demo.mailbox import Mailbox
from pulse import answers, clock, mail, results, tick
from pulse.answers import PRESSED, Said
from pulse.database import reading, transaction
from pulse.mail import Message, unsubscribe_address
from pulse.results import Figure
from pulse.roster import Person, Suppression, import_roster, people_to_ask, suppressions
from tests import factories
from tests.conftest import free_port
from tests.returns.coming_back import answer, complaint, report, sent_to, take
from tests.roster.test_subjects import everything

GONE = "550 5.1.1 <anna@example.org>: user unknown"


@pytest.fixture
def round_id(app: Flask, smtp_sink: Mailbox) -> int:
    """A round whose letters have gone out."""
    opened = factories.open_round(factories.organisation())
    mail.drain()
    smtp_sink.mails.clear()
    return opened


def suppressed() -> dict[str, str]:
    """Address and reason of all that is suppressed."""
    with reading() as session:
        return {one.address: one.reason for one, _ in suppressions(session, 1, clock.now())}


def asked_next() -> set[str]:
    """Who would be asked in a round that opened now."""
    with reading() as session:
        return {person.email for person in people_to_ask(session, 1, clock.now().date())}


def test_nobody_is_asked_where_nobody_is(app: Flask, round_id: int) -> None:
    assert "There is no such mailbox." in take(app, report(sent_to("anna@example.org"), GONE))
    take(app, report(sent_to("bram@example.org"), "551 5.1.6 has moved", verp=False))
    assert suppressed() == {"anna@example.org": "no_such_person", "bram@example.org": "moved"}
    assert asked_next() == {person.email for person in people()} - {"anna@example.org", "bram@example.org"}
    back = sent_to("anna@example.org")
    assert (back.state, back.reply) == ("bounced", "550 5.1.1 …: user unknown")
    with reading() as session:
        assert mail.delivery_counts(session, round_id) == {"accepted": 11, "bounced": 2}


def people() -> list[Person]:
    with reading() as session:
        return list(session.scalars(select(Person)))


def test_a_mail_that_did_not_arrive_condemns_nobody(app: Flask, round_id: int) -> None:
    said = ("552 5.2.2 mailbox full", "550 5.7.1 spam", "550 5.1.1 blocked using a DNSBL", "451 4.7.1 later")
    for number, words in enumerate(said):
        take(app, report(sent_to(f"n{number}@example.org"), words, "5.1.1"))
        assert sent_to(f"n{number}@example.org").state == "bounced"
    assert suppressed() == {}


def test_taking_it_in_twice_changes_nothing(app: Flask, round_id: int) -> None:
    returned = report(sent_to("anna@example.org"), GONE)
    take(app, returned)
    before = everything()
    with clock.replaying(clock.now() + timedelta(hours=1)):
        take(app, returned)
    assert everything() == before


def test_what_is_no_bounce_suppresses_nobody_and_leaves_no_trace(app: Flask, round_id: int, smtp_sink: Mailbox) -> None:
    anna = sent_to("anna@example.org")
    stranger = Message(id=str(uuid4()), address="otto@example.org")
    before = everything()
    for content in (
        report(stranger, GONE),
        report(anna, "", "4.4.1", "delayed"),
        report(anna, "250 2.0.0 ok", "2.0.0", "delivered"),
        answer(anna, Auto_Submitted="auto-replied"),
        answer(anna, Precedence="auto_reply"),
        answer(anna, X_Autoreply="yes"),
        answer(anna, "550 5.1.1 user unknown: I left the company", Subject="Out of office"),
        complaint(anna, "not-spam"),
        b"",
        b"\x00\xff" * 1000,
        b"Content-Type: multipart/report; boundary=b\n\n"
        + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 3000,
    ):
        take(app, content)
    assert everything() == before
    assert smtp_sink.mails == []


def test_a_reply_goes_to_the_contact_as_it_is_and_is_not_kept(app: Flask, round_id: int, smtp_sink: Mailbox) -> None:
    written = answer(sent_to("anna@example.org"), "Ik krijg te weinig terug.")
    before = everything()
    take(app, written)
    assert everything() == before
    [passed_on] = smtp_sink.mails
    assert passed_on.recipient == "hr@example.org"
    assert str(passed_on.parsed()["from"]) == "Anna <anna@example.org>"
    assert passed_on.content.replace(b"\r\n", b"\n").endswith(written.replace(b"\r\n", b"\n"))
    take(app, passed_on.content)
    assert len(smtp_sink.mails) == 1, "what we passed on ourselves is not passed on again"


def test_a_reply_that_cannot_be_passed_on_stays_with_the_mail_server(
    app: Flask, round_id: int, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    config.settings.cache_clear()
    written = answer(sent_to("anna@example.org"))
    done = app.test_cli_runner().invoke(args=["mail", "bounce"], input=written)
    assert done.exit_code == 75
    assert "The mail server 127.0.0.1 cannot be reached" in done.output


def test_a_complaint_stops_that_person_and_only_they_resume(app: Flask, round_id: int) -> None:
    take(app, complaint(sent_to("anna@example.org")))
    assert suppressed() == {"anna@example.org": "complaint"}
    assert "anna@example.org" not in asked_next()
    with transaction() as session:
        import_roster(session, 1, factories.ROSTER.encode())
    assert "anna@example.org" not in asked_next()


def test_a_mail_to_the_stop_address_stops_and_a_quoted_one_does_not(app: Flask, round_id: int) -> None:
    [bram] = [person for person in people() if person.email == "bram@example.org"]
    wish = f"From: bram@example.org\nTo: {unsubscribe_address(bram.id)}\nSubject: unsubscribe\n\n"
    assert "granted" in take(app, wish.encode())
    assert "bram@example.org" not in asked_next()
    assert suppressed() == {}
    anna = sent_to("anna@example.org")
    [her] = [person.id for person in people() if person.email == "anna@example.org"]
    quoted = report(anna, "552 full").replace(
        b"stop+aaaaaaaaaaaaaaaaaaaaaaaaaa@ruil.example", unsubscribe_address(her).encode()
    )
    take(app, quoted)
    assert "anna@example.org" in asked_next()


def test_a_suppression_ends_with_a_new_file_or_after_thirty_days(app: Flask, round_id: int) -> None:
    for email in ("anna@example.org", "bram@example.org"):
        take(app, report(sent_to(email), GONE))
    only_anna = "email,team\nanna@example.org,Zorg / Noord"
    with transaction() as session:
        import_roster(session, 1, only_anna.encode(), dry_run=True)
    assert not {"anna@example.org", "bram@example.org"} & asked_next()
    with transaction() as session:
        import_roster(session, 1, only_anna.encode())
    assert "anna@example.org" in asked_next()
    assert "bram@example.org" not in asked_next()
    with clock.replaying(clock.now() + timedelta(days=31)):
        assert "bram@example.org" in asked_next()
        tick.upkeep()
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(Suppression)) == 0


def remind(email: str, round_id: int) -> None:
    """Queue a reminder."""
    first = sent_to(email)
    with transaction() as session:
        mail.queue(
            session, kind="reminder", about_id=first.about_id, number=1, organisation_id=1, address=email,
            recipient="Anna", language="nl", due_at=clock.now(), round_id=round_id,
        )  # fmt: skip


def test_no_further_letter_goes_where_nobody_is_and_a_silence_is_not_told(
    app: Flask, round_id: int, smtp_sink: Mailbox
) -> None:
    take(app, report(sent_to("anna@example.org"), GONE))
    for email in ("anna@example.org", "bram@example.org"):
        remind(email, round_id)
    assert mail.drain() == {"accepted": 1}
    assert sent_to("anna@example.org", "reminder").state == "cancelled"
    assert [each.recipient for each in smtp_sink.mails] == ["bram@example.org"]
    before = everything()
    take(app, report(sent_to("bram@example.org", "reminder"), GONE))
    assert everything() == before, "only who has not answered gets a reminder: that it came back tells nobody"


def test_who_was_not_reached_leaves_the_denominator_and_an_answer_is_never_lost(app: Flask, round_id: int) -> None:
    north = [f"n{number}@example.org" for number in range(6)]
    south = ["chris@example.org", "z0@example.org", "z1@example.org"]
    with transaction() as session:
        links = [factories.link(email, 1) for email in (*north, *south, "mara@example.org", "tine@example.org")]
    with transaction() as session:
        for token in links:
            answers.record(session.connection(), Said(token, PRESSED, token, clock.now(), question="B", option=1))
    for email in ("anna@example.org", "n5@example.org", *south):
        take(app, report(sent_to(email), "552 5.2.2 full"))
    results.close(round_id)
    with reading() as session:
        figures = session.scalars(select(Figure).where(Figure.question == "B").order_by(Figure.block.desc())).all()
    # Of the North's eight, two were not reached, and one of these answered all the same.
    # Elsewhere all five answered, so the two that were reached are no riddle: the number of answers is public.
    assert [(figure.respondents, figure.invited) for figure in figures] == [(6, 6), (5, 5)]


def test_whatever_comes_back_of_an_unknown_mail_says_that_it_left(app: Flask, round_id: int) -> None:
    for email, content, becomes in (
        ("anna@example.org", report, "bounced"),
        ("bram@example.org", lambda message: report(message, "", "4.4.1", "delayed"), "accepted"),
        ("chris@example.org", lambda message: answer(message, Auto_Submitted="auto-replied"), "accepted"),
    ):
        with transaction() as session:
            session.get_one(Message, sent_to(email).id).state = "unknown"
        returned = content(sent_to(email), "552 5.2.2 full") if content is report else content(sent_to(email))
        take(app, returned)
        assert sent_to(email).state == becomes


def test_the_fate_of_a_mail_is_forgotten_after_a_month(app: Flask, round_id: int) -> None:
    results.close(round_id)
    with clock.replaying(clock.now() + timedelta(days=30)):
        tick.upkeep()
        assert sent_to("anna@example.org")
    with clock.replaying(clock.now() + timedelta(days=32)):
        tick.upkeep()
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
