"""The administrators' pages in a real browser: they fit a telephone and a desk, in both languages, by keyboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import time

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from pulse import accounts, clock, create_app, mail
from pulse.database import transaction
from pulse.schedule import schedule_pulse
from tests.pages.administering import ROSTER, organisation

PAGES = (
    "/admin/",
    "/admin/people",
    "/admin/people?q=answers",
    "/admin/people/import",
    "/admin/pulses",
    "/admin/pulses/new",
    "/admin/pulses/1",
    "/admin/pulses/1/send-now",
    "/admin/calendar",
    "/admin/hold",
    "/admin/rounds",
    "/admin/rounds/1",
    "/admin/reports",
    "/admin/account",
    "/sign-in",
    "/sign-in/sent",
)


@pytest.fixture
def address(database: str) -> Iterator[str]:
    """A running Ruil in which De Linde has an open round; long names try the page's width."""
    long_names = ROSTER + b"x@delinde.example,Wolfeschlegelsteinhausenbergerdorff,Zorg / %s,member,nl\n" % (
        b"Team" * 30
    )
    made = organisation("De Linde", "hanna@delinde.example", long_names)
    with transaction(made) as session:
        pulse = schedule_pulse(session, made, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        mail.launch(session, pulse, clock.now().date(), send_now=True)
        for message in session.scalars(select(mail.Message)).all()[:2]:
            message.state, message.reply = "rejected", "550 5.1.1 " + "unknown" * 30
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def enter(page: Page, address: str, language: str) -> None:
    """Sign in by the link and its button."""
    with transaction() as session:
        [(administrator, sign_in)] = accounts.ask_links(session, "hanna@delinde.example")
        accounts.speak(administrator, language)
        token = accounts.sign_in_token(sign_in)
    page.goto(f"{address}/sign-in/{token}")
    page.locator("main button").press("Enter")
    page.wait_for_url("**/admin/")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_fits_and_breaks_no_rule_of_its_own(
    browser: Browser, address: str, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale=language)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(address) else outside.append(request.url))
    enter(page, address, language)
    for path in PAGES:
        page.goto(address + path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
        unnamed = "[...document.querySelectorAll('main input:not([type=hidden]), main select')].filter("
        assert page.evaluate(unnamed + "field => !field.labels.length && !field.ariaLabel).length") == 0, path
    context.close()
    assert not complaints
    assert not outside


def test_the_first_tab_leads_past_the_menu(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    enter(page, address, "en")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "main"
    context.close()


def test_a_pulse_is_planned_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    enter(page, address, "nl")
    page.goto(f"{address}/admin/pulses/new")
    page.get_by_label("Titel").fill("Tweede")
    page.get_by_role("button", name="Laat de datums zien").click()
    page.get_by_role("button", name="Plan deze polsmeting").click()
    page.get_by_text("De polsmeting is gepland.").wait_for()
    assert page.locator("ol.dates li").count() == 6
    context.close()
