"""The answer page in a real browser: what a hand does counts, what happens by itself does not."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update
from werkzeug.serving import make_server

from pulse import clock
from pulse.database import transaction
from pulse.mail import Message
from tests import factories
from tests.answers.asking import counted, stored


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


def test_a_wheel_is_a_hand_wherever_the_mouse_stands(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
    page.get_by_role("button", name="Dit is mijn antwoord").hover()
    page.mouse.wheel(0, 120)
    page.get_by_role("heading", name="Dank je wel").wait_for()
    assert counted("anna@example.org") == {"B": 1}


def test_the_button_works_by_keyboard(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('bram@example.org', 4)}")
    page.keyboard.press("Tab")
    page.get_by_role("heading", name="Thank you").wait_for()
    assert counted("bram@example.org") == {"B": 4}


def test_a_button_that_a_program_presses_does_not_count(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    for act in ("querySelector('button').click()", "forms[0].submit()", "forms[0].requestSubmit()"):
        page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
        page.evaluate(f"document.{act}")
        page.wait_for_timeout(300)
        assert counted("anna@example.org") == {}, act
        assert "Dank je wel" not in page.content()


def test_a_browser_that_says_it_is_driven_never_counts(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => true})")
    page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
    for step in range(5):
        page.mouse.move(100 + 20 * step, 200 + 10 * step)
    page.get_by_role("button", name="Dit is mijn antwoord").click()
    page.get_by_role("heading", name="Probeer het").wait_for()
    assert counted("anna@example.org") == {}
    assert {row.evidence for row in stored()} == {0}


def test_a_machine_with_hands_on_the_link_somebody_just_opened_changes_nothing(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    path = f"{address}/a/{factories.link('anna@example.org', 3)}"
    page.goto(path)
    page.get_by_role("button", name="Dit is mijn antwoord").click()
    page.get_by_role("heading", name="Dank je wel").wait_for()
    page.goto(path)
    assert page.get_by_role("button").count() == 1
    page.get_by_role("button", name="Mijn antwoord veranderen").click()
    page.get_by_role("button", name="Ik geef wat meer").wait_for()
    assert counted("anna@example.org") == {"B": 3}
    page.get_by_role("button", name="Ik geef wat meer").click()
    page.get_by_role("heading", name="Dank je wel").wait_for()
    assert counted("anna@example.org") == {"B": 1}


def test_a_hand_right_after_delivery_that_comes_back_for_another_link_is_asked_anew(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    with transaction() as session:
        session.execute(update(Message).values(state="accepted", finished_at=clock.now()))
    for option in (0, 3):
        page.goto(f"{address}/a/{factories.link('anna@example.org', option)}")
        for step in range(5):
            page.mouse.move(100 + 20 * step, 200 + 10 * step)
        page.get_by_role("heading", name="Dank je wel" if option == 0 else "Kijk naar").wait_for()
    assert counted("anna@example.org") == {}
    page.get_by_role("button", name="Ik geef wat meer").click()
    page.get_by_role("heading", name="Dank je wel").wait_for()
    assert counted("anna@example.org") == {"B": 1}


def test_a_hand_that_leaves_at_once_has_answered(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('anna@example.org', 1)}")
    page.get_by_text("Mijn antwoord veranderen").click()
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert counted("anna@example.org") == {"B": 1}


def test_change_stands_beside_the_chosen_answer(address: str, page: Page) -> None:
    factories.open_round(factories.organisation())
    page.goto(f"{address}/a/{factories.link('bram@example.org', 1)}")
    page.get_by_text("Change my answer").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    page.get_by_role("button").last.click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert counted("bram@example.org") == {"B": 4}
