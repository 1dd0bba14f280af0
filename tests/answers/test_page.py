"""`/a/<token>` at its own door: a GET changes nothing, and only what counts is thanked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import OperationalError

from pulse import answers, clock
from pulse.answers import SealedAnswer
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.roster import Person, disowned
from pulse.rounds import Round, finding
from tests import factories
from tests.answers.asking import counted, fields, preferences, stored

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"


def test_opening_a_link_in_any_way_records_nothing(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    for option in range(5):
        for part in ("text", "html"):
            path = f"/a/{factories.link('anna@example.org', option, part)}"
            for _ in range(2):
                assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
            assert client.options(path).status_code == 204
            assert client.put(path).status_code == 405
    assert stored() == []


def test_without_script_one_button_records_this_links_option(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    page = client.get(path)
    assert page.text.count('class="main"') == 1
    thanks = client.post(path, data=fields(page.text))
    assert "je antwoord is binnen" in thanks.text
    assert counted("anna@example.org") == {"B": 3}
    assert thanks.text.count('name="option-B"') == 4
    client.post(path, data=fields(thanks.text) | {"option-R": "1"})
    assert counted("anna@example.org") == {"B": 3, "R": 1}
    assert all(len(row.sealed or b"") == 64 for row in stored())


def test_once_answered_no_link_tells_what_was_answered(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    client.post(path, data=fields(client.get(path).text))
    pages = set()
    for option in range(5):
        token = factories.link("anna@example.org", option)
        text = client.get(f"/a/{token}").text
        assert "Je antwoord is binnen" in text
        pages.add(text.replace(token, "").replace(fields(text)["visit"], ""))
    assert len(pages) == 1


def test_unknown_tampered_and_foreign_posts(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    token = factories.link("anna@example.org", 3)
    other = "a" if token[-1] != "a" else "b"
    assert client.get(f"/a/{token[:-1]}{other}").status_code == 410
    assert client.get("/a/nonsense").status_code == 410
    chris = fields(client.get(f"/a/{factories.link('chris@example.org', 0)}").text)
    assert client.post(f"/a/{token}", data=chris).status_code == 400
    assert client.post(f"/a/{token}", data={"option-B": "3"}).status_code == 400
    assert stored() == []


def test_the_page_is_small_alone_and_kept_by_nobody(app: Flask) -> None:
    factories.open_round(factories.organisation())
    response = app.test_client().get(f"/a/{factories.link('anna@example.org', 3)}")
    assert len(response.data) < 15_000
    assert "http" not in response.text.replace("https://", "http://").split("<main")[0]
    assert "Set-Cookie" not in response.headers
    for header, value in {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}.items():
        assert response.headers[header] == value
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not any(name in response.text for name in ("Anna", "Noord", "De Linde"))


def press(client: FlaskClient, token: str, minutes: float, option: int | None = None, **more: str) -> str:
    """Open a link some minutes from now and press its button, or that of another option; the page that comes."""
    with clock.replaying(clock.now() + timedelta(minutes=minutes)):
        sent = fields(client.get(f"/a/{token}").text) | more
        if option is not None:
            sent["option-B"] = str(option)
        return client.post(f"/a/{token}", data=sent).text


def test_the_page_claims_and_the_door_judges(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    for agent in ("", "curl/8", "Mozilla/5.0 HeadlessChrome/156.0", "SkypeUriPreview Preview/0.5", CHROME):
        reply = client.post(path, data=fields(client.get(path).text), headers={"User-Agent": agent})
        assert "konden niet zien dat een mens" in reply.text, agent
    for claimed in ("0", "1", "2"):
        reply = client.post(path, data=fields(client.get(path).text) | {"evidence": claimed})
        assert (reply.status_code, reply.data) == (204, b"")
    assert counted("anna@example.org") == {}
    reply = client.post(
        path, data=fields(client.get(path).text), headers={"User-Agent": CHROME, "Sec-Fetch-Mode": "navigate"}
    )
    assert "je antwoord is binnen" in reply.text
    assert counted("anna@example.org") == {"B": 3}


def test_three_seconds_are_counted_by_our_own_clock(app: Flask) -> None:
    factories.open_round(factories.organisation())
    with transaction() as session:
        session.execute(update(Message).values(state="accepted", finished_at=clock.now()))
    client = app.test_client()
    for email, seconds in (("anna@example.org", 2), ("bram@example.org", 4)):
        path = f"/a/{factories.link(email, 3)}"
        with clock.replaying(clock.now() + timedelta(hours=1)):
            sent = fields(client.get(path).text) | {"evidence": "2"}
            with clock.replaying(clock.now() + timedelta(seconds=seconds)):
                assert client.post(path, data=sent).status_code == 204
    assert counted("anna@example.org") == {}
    assert counted("bram@example.org") == {"B": 3}


def test_no_thanks_for_a_press_that_does_not_count(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    thanked = [
        "binnen</h1>" in press(client, factories.link("anna@example.org", option), 0, option) for option in range(5)
    ]
    assert thanked[2:] == [False] * 3
    assert counted("anna@example.org") == {}
    token = factories.link("anna@example.org", 4)
    with clock.replaying(clock.now() + timedelta(minutes=10)):
        unsure = client.post(f"/a/{token}", data=fields(client.get(f"/a/{token}").text))
        assert unsure.status_code == 409
        assert "Ja, ik was het" in unsure.text
        assert counted("anna@example.org") == {}
        assert "binnen" in client.post(f"/a/{token}", data=fields(unsure.text) | {"option-B": "4"}).text
    assert counted("anna@example.org") == {"B": 4}


def test_what_was_pressed_on_a_page_that_says_unsure_proves_nothing_elsewhere(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    for option in range(5):
        press(client, factories.link("anna@example.org", option), 0, option)
    first, second = (factories.link("anna@example.org", option) for option in (4, 2))
    with clock.replaying(clock.now() + timedelta(minutes=10)):
        unsure = client.post(f"/a/{first}", data=fields(client.get(f"/a/{first}").text))
        again = fields(unsure.text) | {"option-B": "2"}
        assert client.post(f"/a/{second}", data=again).status_code == 400
        forged = again | {"visit": again["visit"].replace("a.", ".", 1)}
        assert client.post(f"/a/{first}", data=forged).status_code == 400
    assert counted("anna@example.org") == {}


def test_five_changes_a_day_and_scanners_use_none_of_them(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    for option in range(5):
        press(client, factories.link("anna@example.org", option), 0, option, evidence="3")
    token = factories.link("anna@example.org", 2)
    for change in range(6):
        assert "Dank je wel" in press(client, token, 10 + change, option=change % 5)
    assert "vijf keer veranderd" in press(client, token, 20, option=4)
    assert counted("anna@example.org") == {"B": 0}
    assert "Dank je wel" in press(client, token, 26 * 60, option=4)
    assert counted("anna@example.org") == {"B": 4}


def test_what_scanners_leave_behind_is_bounded_and_keeps_nobody_out(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    for _ in range(70):
        assert client.post(path, data=fields(client.get(path).text) | {"evidence": "1"}).status_code == 204
    assert len(stored()) == 60
    assert "binnen" in press(client, factories.link("anna@example.org", 3), 5)
    assert counted("anna@example.org") == {"B": 3}


def test_a_database_that_cannot_write_thanks_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    sent = fields(client.get(path).text)

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr("pulse.answers.together.record_all", full)
    reply = client.post(path, data=sent)
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
    assert "niet worden vastgelegd" in reply.text
    monkeypatch.undo()
    assert stored() == []


def test_nothing_about_a_visit_can_be_read_in_the_database(app: Flask) -> None:
    factories.open_round(factories.organisation())
    press(app.test_client(), factories.link("anna@example.org", 3), 0)
    row = stored()[0]
    assert len(row.circumstances) == 61
    kept = [column.name for column in SealedAnswer.__table__.columns]
    assert sorted(kept) == sorted(
        ["id", "organisation_id", "invitation_id", "question", "visit", "evidence", "circumstances", "sealed"]
    )


def test_the_privacy_page_of_a_link_names_the_group_and_its_size(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    about = client.get(f"/privacy/{factories.link('anna@example.org', 3)}?language=en").text
    assert "Your answer counts in: Noord" in about
    assert "8 people are asked there this month." in about
    assert "Your answer counts in" not in client.get("/privacy/nonsense?language=en").text


def test_who_got_someone_elses_mail_gets_a_kind_page_and_changes_nothing(app: Flask) -> None:
    factories.open_round(factories.organisation())
    token = factories.link("anna@example.org", 3)
    client = app.test_client()
    assert f"/a/{token}/not-mine" in client.get(f"/a/{token}").text
    pages = {client.get(f"/a/{one}/not-mine?language=en").data for one in (token, "nonsense")}
    assert len(pages) == 1
    assert b"recorded nothing" in pages.pop()
    assert stored() == []


def test_one_link_a_mail_five_buttons_on_the_page(app: Flask) -> None:
    factories.open_round(factories.organisation(), one_link=True)
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', None)}"
    page = client.get(path)
    assert page.text.count('name="option-B"') == 5
    assert "Je antwoord is binnen" not in page.text
    assert "binnen" in client.post(path, data=fields(page.text) | {"option-B": "1"}).text
    assert counted("anna@example.org") == {"B": 1}
    with reading() as session:
        letter = session.scalars(select(Message).where(Message.address == "anna@example.org")).one()
        from pulse.mail import compose

        assert compose(session, letter).count(b"/a/") == 2


def test_preferences_are_changed_by_people_and_by_rfc_8058_alone(app: Flask) -> None:
    organisation = factories.organisation()
    client = app.test_client()
    path = preferences("anna@example.org")

    def stopped() -> bool:
        with reading() as session:
            anna = session.scalars(select(Person).where(Person.email == "anna@example.org")).one()
            return anna.stopped_at is not None

    sent = fields(client.get(path).text) | {"wish": "stop"}
    assert client.post(path, data={"wish": "stop"}).status_code == 409
    assert client.post(path, data=sent | {"evidence": "1"}).status_code == 409
    assert client.post(path, data=sent, headers={"User-Agent": "python-requests/2"}).status_code == 409
    assert not stopped()
    assert "geen mail meer" in client.post(path, data=sent).text
    assert stopped()
    client.post(path, data=sent | {"wish": "resume"})
    assert not stopped()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}, headers={"User-Agent": "Mail"}).status_code == 200
    assert stopped()
    client.post(path, data=sent | {"wish": "not_me"})
    with reading() as session:
        assert [person.email for person in disowned(session, organisation)] == ["anna@example.org"]
    assert client.post("/p/nonsense", data=sent).status_code == 410


def test_not_my_case_is_no_answer_and_leaves_no_trace(app: Flask) -> None:
    with clock.replaying(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        factories.open_round(factories.organisation())
        client = app.test_client()
        path = f"/a/{factories.link('anna@example.org', 3)}"
        thanks = client.post(path, data=fields(client.get(path).text)).text
        assert 'name="option-P" value="5"' in thanks
        after = client.post(path, data=fields(thanks) | {"option-P": "5"}).text
        assert "dan slaan we die vraag over" in after
        assert "option-P" not in after
        assert "option-R" in after
    assert [row.question for row in stored()] == ["B"]


def test_two_tabs_and_double_posts_leave_one_answer(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    first, second = (f"/a/{factories.link('anna@example.org', option)}" for option in (1, 3))
    with clock.replaying(clock.now() + timedelta(minutes=5)):
        one, two = (fields(client.get(path).text) for path in (first, second))
        for path, sent in ((first, one), (first, one), (second, two), (second, two)):
            assert "Dank je wel" in client.post(path, data=sent).text
    assert counted("anna@example.org") == {"B": 3}


def test_many_at_once_share_commits_and_none_is_lost(app: Flask) -> None:
    from concurrent.futures import ThreadPoolExecutor

    factories.open_round(factories.organisation())
    people = [f"n{number}@example.org" for number in range(6)] + ["anna@example.org", "bram@example.org"]
    tokens = [(factories.link(email, None), index) for index, email in enumerate(people)]
    said = [
        answers.Said(token, answers.PRESSED, f"{index}", clock.now(), question=question, option=index % 5)
        for token, index in tokens
        for question in ("B", "R")
    ]
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(answers.record_together, said))
    assert all(outcome is not None and outcome.counts for outcome in outcomes)
    assert [counted(email) for email in people] == [{"B": index % 5, "R": index % 5} for index in range(8)]


def test_a_link_that_is_over_looks_like_one_that_never_was(app: Flask) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    token = factories.link("anna@example.org", 3)
    sent = fields(client.get(f"/a/{token}").text)
    with transaction() as session:
        session.execute(update(Round).values(state="closed"))
    tampered = token[:-1] + ("b" if token[-1] == "a" else "a")
    for path in (f"/a/{token}", f"/a/{tampered}", f"/a/{'a' * 26}", "/a/nonsense"):
        with _statements() as asked:
            reply = client.get(path)
        assert (reply.status_code, reply.data) == (410, client.get("/a/nonsense").data)
        assert len(asked) == (0 if path == "/a/nonsense" else 1)
    assert client.post(f"/a/{token}", data=sent).data == client.get("/a/nonsense").data
    assert stored() == []


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(_connection: Connection, statement: str, *_: object) -> list[tuple[object, ...]]:
        asked.append(statement)
        return known(_connection, statement, *_)  # type: ignore[arg-type]  # the values, as given

    known = finding.rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "rows", note)
        yield asked


def test_preferences_know_the_same_methods_and_their_first_button_does_no_harm(app: Flask) -> None:
    factories.organisation()
    client = app.test_client()
    path = preferences("anna@example.org")
    page = client.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert client.head(path).data == b""
    assert client.options(path).status_code == 204
    assert client.put(path).status_code == 405
    first = re.search(r'<button[^>]*name="wish" value="(\w+)"', page.text)
    assert first is not None
    client.post(path, data=fields(page.text) | {"wish": first[1]})
    with reading() as session:
        anna = session.scalars(select(Person).where(Person.email == "anna@example.org")).one()
        assert (anna.stopped_at, anna.language) == (None, "en")
