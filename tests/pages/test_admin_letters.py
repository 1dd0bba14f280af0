"""The administrator's page of mails: a preview in each language, the look, and a test whose links keep nothing."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from demo.mailbox import Mailbox
from pulse import mail
from pulse.answers.tables import SealedAnswer
from pulse.database import reading, transaction
from pulse.giveback import GiveBack
from pulse.mail import Message
from pulse.mail.letters.examples import EXAMPLES
from pulse.roster import Organisation, Person
from tests.pages.administering import ROSTER, Browser, organisation, words

MAIL = "hr@delinde.example"


@pytest.fixture
def here(app: Flask) -> Browser:
    """An administrator's browser."""
    organisation("De Linde", MAIL, ROSTER)
    return Browser(app).sign_in(MAIL)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_mail_can_be_seen_in_each_language(here: Browser, name: str) -> None:
    for language, hello in (("nl", "Hallo Anna"), ("en", "Hello Anna")):
        body = here.get(f"/admin/letters/{name}/{language}")
        assert hello in body.text
        assert "sandbox" in body.headers["Content-Security-Policy"]
        assert "frame-ancestors 'self'" in body.headers["Content-Security-Policy"]
        text = here.text(f"/admin/letters?letter={name}&language={language}&as=text")
        assert hello in text
    shown = here.get(f"/admin/letters?letter={name}&language=nl&as=phone")
    assert f'src="/admin/letters/{name}/nl"' in shown.text
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]


def test_a_mail_that_does_not_exist_is_not_found(here: Browser) -> None:
    for path in ("/admin/letters/nothing/nl", "/admin/letters/invitation/fr", "/admin/letters?letter=../x"):
        assert here.get(path).status_code == 404


def test_the_look_is_changed_and_a_pale_colour_refused(here: Browser) -> None:
    look = {"name": "De Nieuwe Linde", "colour": "#7A1F5C", "sender": "HR van De Linde"}
    assert here.post("/admin/letters/look", look, shown_at="/admin/letters").status_code == 303
    assert "#7a1f5c" in here.get("/admin/letters/invitation/nl").text
    assert "HR van De Linde" in here.text("/admin/letters?language=nl&as=text")
    refused = here.post("/admin/letters/look", look | {"colour": "#ffcc00"}, shown_at="/admin/letters")
    assert refused.status_code == 422
    assert "too light to read on white" in words(refused)
    assert 'value="#ffcc00"' in refused.text
    with reading() as session:
        assert session.scalars(select(Organisation.colour)).all() == ["#7a1f5c"]


def test_a_test_arrives_with_links_that_keep_nothing(here: Browser, smtp_sink: Mailbox) -> None:
    for name in ("invitation", "report", "sign_in"):
        fields = {"letter": name, "language": "nl", "as": "desktop"}
        assert here.post("/admin/letters/test", fields, shown_at="/admin/letters").status_code == 303
        earlier()
    mail.drain()
    kept = everything_kept()
    invitation, report, sign_in = (item.parsed() for item in smtp_sink.mails)
    assert invitation["subject"].startswith("[test] ")
    assert invitation["to"].addresses[0].addr_spec == MAIL
    opened = set()
    for letter in (invitation, report, sign_in):
        for kind in ("plain", "html"):
            part = letter.get_body((kind,)).get_content()  # type: ignore[union-attr]
            assert "Dit is een test." in part
            for path in re.findall(r"http://127\.0\.0\.1:8000(/[amp]/[a-z2-7]{26})", part):
                opened.add(path)
                shown = here.get(path)
                assert shown.status_code == 200, path
                assert "Dit is een test. Niets van wat je hier doet wordt bewaard." in words(shown)
                press(here, path, shown.text)
    assert len(opened) == 2 * (5 + 1 + 4)
    assert everything_kept() == kept


def press(here: Browser, path: str, shown: str) -> None:
    """What a person, and what a script, can send from such a page."""
    visit = re.search(r'name="visit" value="([^"]+)"', shown)
    assert visit
    for sent in (
        {"option-B": "1", "evidence": "4", "pressed": "1"},
        {"evidence": "1"},
        {"move": "repair", "sentence": "Ik zie het.", "evidence": "4", "pressed": "1"},
        {"wish": "stop", "evidence": "4", "pressed": "1"},
        {"List-Unsubscribe": "One-Click"},
    ):
        answer = here.client.post(path, data={"visit": visit[1], **sent})
        assert answer.status_code in {200, 204, 400, 409}
        assert answer.status_code != 200 or "Dit is een test." in answer.text


def earlier(session: Session | None = None) -> None:
    """As if the tests so far were asked for in other seconds than the next one: a second has room for one."""
    if session is None:
        with transaction() as session:
            return earlier(session)
    known = session.scalars(select(Message).where(Message.kind == "test", Message.number > 0)).all()
    for message in known:
        message.number = -1 - (session.scalar(select(func.count(Message.id)).where(Message.number < 0)) or 0)
        session.flush()
    return None


def everything_kept() -> list[int | None]:
    """How many answers, give-backs and stopped people there are."""
    with reading() as session:
        counted = [
            session.scalar(select(func.count()).select_from(SealedAnswer)),
            session.scalar(select(func.count()).select_from(GiveBack)),
            session.scalar(select(func.count(Person.id)).where(Person.stopped_at.is_not(None))),
        ]
    assert counted == [0, 0, 0]
    return counted


def test_a_test_link_is_of_no_use_at_another_door(here: Browser) -> None:
    from pulse.mail.letters.rehearsing import test_link

    token = test_link("nl")("a", 1, "html").rsplit("/", 1)[1]
    assert here.get(f"/a/{token}").status_code == 200
    for door in ("p", "m"):
        assert here.get(f"/{door}/{token}").status_code == 410
    assert here.get(f"/a/{token[:-1]}{'a' if token[-1] != 'a' else 'b'}").status_code == 410


def test_too_many_tests_are_refused_kindly(here: Browser) -> None:
    with transaction() as session:
        made = session.scalars(select(Organisation.id)).one()
        for _ in range(25):
            mail.queue_test(session, made, MAIL, "nl", asker=1, example="invitation")
            earlier(session)
    with reading() as session:
        assert session.scalar(select(func.count(Message.id)).where(Message.kind == "test")) == 20
    here.post("/admin/letters/test", {"letter": "report", "language": "nl", "as": "text"}, shown_at="/admin/letters")
    assert "enough tests for this hour" in here.text("/admin/letters")


def test_the_command_says_what_the_mail_server_said(app: Flask, smtp_sink: Mailbox) -> None:
    organisation("De Linde", MAIL)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["mail", "test", "Otto@Example.org"])
    assert done.exit_code == 0
    assert "The mail server took it (250" in done.output
    assert smtp_sink.mails[0].recipient == "otto@example.org"
    refused = runner.invoke(args=["mail", "test", "nobody"])
    assert (refused.exit_code, "is no mail address" in refused.output) == (1, True)


def test_the_command_says_that_the_server_is_away(app: Flask, environment: pytest.MonkeyPatch) -> None:
    import config

    environment.setenv("SMTP_URL", "smtp://127.0.0.1:9")
    config.settings.cache_clear()
    organisation("De Linde", MAIL)
    done = app.test_cli_runner().invoke(args=["mail", "test", MAIL])
    assert done.exit_code == 1
    assert "The mail did not go out." in done.output
