"""Nobody passes the administrators' door without a session; inside, nobody sees another organisation."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from pulse import accounts, clock, create_app, mail
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.reports import Report
from pulse.rounds import Invitation
from pulse.schedule import Pulse, schedule_pulse
from tests.pages.administering import ROSTER, Browser, organisation, words


@pytest.fixture
def app(database: object) -> Flask:
    """De Linde has a pulse, an open round and a report; De Beuk, which Otto runs, has nothing."""
    first = organisation("De Linde", "hanna@delinde.example", ROSTER)
    organisation("De Beuk", "otto@debeuk.example")
    with transaction(first) as session:
        pulse = schedule_pulse(session, first, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        opened = mail.launch(session, pulse, clock.now().date(), send_now=True)
        session.add(
            Report(
                organisation_id=first,
                round_id=opened.id,
                team_path="Zorg / Noord",
                language="nl",
                created_at=clock.now(),
                due_at=clock.now(),
                state="built",
                sha256=mail.store(b"%PDF-1.7 De Linde"),
            )
        )
    return create_app()


def admin_routes(app: Flask, method: str) -> list[str]:
    """Every address behind the door, with the first row of each kind."""
    adapter = app.url_map.bind("localhost")
    return sorted(
        adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") and method in (rule.methods or ())
    )


def test_every_page_sends_who_is_not_signed_in_to_the_sign_in_page(app: Flask) -> None:
    browser = Browser(app)
    pages = admin_routes(app, "GET")
    assert len(pages) >= 11
    for path in pages:
        response = browser.get(path)
        assert (response.status_code, response.location) == (303, "/sign-in"), path


def test_every_button_sends_who_is_not_signed_in_to_the_sign_in_page(app: Flask) -> None:
    browser = Browser(app)
    buttons = admin_routes(app, "POST")
    assert len(buttons) >= 8
    for path in buttons:
        response = browser.post(path, shown_at="/sign-in")
        assert (response.status_code, response.location) == (303, "/sign-in"), path


def test_a_wrong_old_or_ended_session_is_none(app: Flask) -> None:
    browser = Browser(app)
    browser.client.set_cookie("ruil", "made-up")
    assert browser.get("/admin/").status_code == 303
    browser = Browser(app).sign_in("hanna@delinde.example")
    assert browser.get("/admin/").status_code == 200
    with clock.replaying(clock.now() + timedelta(minutes=31)):
        assert browser.get("/admin/").location == "/sign-in"


def test_otto_finds_nothing_of_de_linde(app: Flask) -> None:
    otto = Browser(app).sign_in("otto@debeuk.example")
    for path in admin_routes(app, "GET"):
        response = otto.get(path)
        expected = 404 if "1" in path else 200
        assert response.status_code == expected, path
        for theirs in ("Linde", "Zorg", "Mara", "Monthly<"):
            assert theirs not in response.text, path


def test_otto_changes_nothing_of_de_linde(app: Flask) -> None:
    otto = Browser(app).sign_in("otto@debeuk.example")
    for path in admin_routes(app, "POST"):
        if "1" in path:
            assert otto.post(path, shown_at="/admin/account").status_code == 404, path
    with reading() as session:
        pulse = session.scalars(select(Pulse)).one()
    assert pulse.paused_at is None


def test_otto_cannot_search_or_look_up_people_of_de_linde(app: Flask) -> None:
    otto = Browser(app).sign_in("otto@debeuk.example")
    assert "Nobody on the roster" in otto.text("/admin/people?q=mara")
    assert otto.get("/admin/rounds/1?address=mara@delinde.example").status_code == 404


def test_a_form_of_another_site_is_refused(app: Flask) -> None:
    browser = Browser(app).sign_in("hanna@delinde.example")
    for path in admin_routes(app, "POST"):
        assert browser.client.post(path).status_code == 400, path


def test_pages_speak_the_administrators_language(app: Flask) -> None:
    browser = Browser(app).sign_in("hanna@delinde.example")
    assert "Newest round" in browser.text("/admin/")
    answer = browser.post("/admin/account/language", {"language": "nl"}, shown_at="/admin/account")
    assert answer.status_code == 303
    assert "Vanaf nu spreekt Ruil Nederlands" in browser.text("/admin/account")
    assert "Nieuwste ronde" in browser.text("/admin/")
    assert browser.post("/admin/account/language", {"language": "xx"}, shown_at="/admin/account").status_code == 404


def test_signing_in_begins_with_a_letter_and_says_the_same_to_all(app: Flask) -> None:
    seen = []
    for address in ("hanna@delinde.example", "nobody@delinde.example", "", "x" * 300):
        browser = Browser(app)
        answer = browser.post("/sign-in", {"email": address})
        seen.append((answer.status_code, answer.location, words(browser.get(answer.location or ""))))
    assert len(set(seen)) == 1
    with reading() as session:
        letter = session.scalars(select(Message).where(Message.kind == "sign_in")).one()
        assert letter.address == "hanna@delinde.example"
        assert b"/sign-in/" in mail.compose(session, letter)


def test_a_sixth_letter_in_ten_minutes_is_not_sent(app: Flask) -> None:
    browser = Browser(app)
    for _ in range(6):
        browser.post("/sign-in", {"email": "hanna@delinde.example"})
    with reading() as session:
        assert len(session.scalars(select(Message).where(Message.kind == "sign_in")).all()) == 5


def test_opening_the_link_uses_nothing_up(app: Flask) -> None:
    with transaction() as session:
        [(_, sign_in)] = accounts.ask_links(session, "hanna@delinde.example")
        path = f"/sign-in/{accounts.sign_in_token(sign_in)}"
    browser = Browser(app)
    for _ in range(3):
        assert browser.get(path).status_code == 200
    assert browser.client.head(path).status_code == 200
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("ruil="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get(path).status_code == 410
    assert Browser(app).post(path, shown_at="/sign-in").status_code == 410


def test_over_https_the_cookie_is_bound_to_its_host(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    import config

    monkeypatch.setenv("BASE_URL", "https://ruil.example")
    config.settings.cache_clear()
    with transaction() as session:
        [(_, sign_in)] = accounts.ask_links(session, "hanna@delinde.example")
        path = f"/sign-in/{accounts.sign_in_token(sign_in)}"
    client = app.test_client()
    page = client.get(path, base_url="https://ruil.example").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(path, data={"csrf_token": token}, base_url="https://ruil.example")
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-ruil="))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_signing_out_ends_the_session_in_the_database(app: Flask) -> None:
    browser = Browser(app).sign_in("hanna@delinde.example")
    kept = browser.client.get_cookie("ruil")
    assert kept is not None
    assert browser.post("/sign-out", shown_at="/admin/account").location == "/sign-in"
    thief = Browser(app)
    thief.client.set_cookie("ruil", kept.value)
    assert thief.get("/admin/").status_code == 303


def test_signing_in_again_ends_the_session_that_was_there(app: Flask) -> None:
    browser = Browser(app).sign_in("hanna@delinde.example")
    browser.sign_in("hanna@delinde.example")
    with reading() as session:
        assert len(session.scalars(select(accounts.WebSession)).all()) == 1


def test_a_reader_keeps_the_session_alive(app: Flask) -> None:
    start = datetime.now(UTC)
    browser = Browser(app).sign_in("hanna@delinde.example")
    for minutes in (20, 40, 60):
        with clock.replaying(start + timedelta(minutes=minutes)):
            assert browser.get("/admin/").status_code == 200


def test_the_invitation_exists_so_the_matrix_means_something(app: Flask) -> None:
    with reading() as session:
        assert len(session.scalars(select(Invitation)).all()) == 7
