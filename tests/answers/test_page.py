"""`/a/<token>` at its own door: a GET changes nothing, a person's one click is enough."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from demo.clicking import Form
from pulse.answers import SealedAnswer, judged_of
from pulse.answers.box import open_sealed
from pulse.database import reading
from pulse.rounds import Round, box_key
from tests import factories


def counted(email: str) -> dict[str, int]:
    """What counts of somebody's answers now, opened with the round's own key."""
    with reading() as session:
        asked = factories.invitation(session, email)
        key = box_key(session.get_one(Round, asked.round_id).uid)
        assert key is not None
        return {
            question: open_sealed(key, sealed)
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
    assert client.get(f"/a/{token[:-1]}7").status_code == 410
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


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of its own."""
    context = browser.new_context(locale="nl-NL")
    yield context.new_page()
    context.close()


def test_a_person_who_moves_the_mouse_has_answered(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
    for step in range(5):
        page.mouse.move(100 + 20 * step, 200 + 10 * step)
    page.get_by_role("heading", name="Dank je wel").wait_for()
    assert counted("anna@example.org") == {"B": 1}
    page.get_by_role("button", name="vaak", exact=True).first.click()
    page.get_by_text("Dank je wel").wait_for()
    expect(page.get_by_text("gezien en benoemd")).to_have_count(0)
    assert counted("anna@example.org") == {"B": 1, "R": 3}


def test_a_page_that_is_opened_and_left_alone_has_not_answered(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
    page.wait_for_timeout(400)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert counted("anna@example.org") == {}


def test_the_button_works_by_keyboard(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('bram@example.org', 4)}")
    page.keyboard.press("Tab")
    page.get_by_role("heading", name="Thank you").wait_for()
    assert counted("bram@example.org") == {"B": 4}
