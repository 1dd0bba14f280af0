"""The overview on a screen: the ledger's own figures, readable on a telephone, and nobody else's."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser as Chromium
from sqlalchemy import select, update
from werkzeug.serving import make_server

from benchmarks.reports.organisation import organisation as published
from pulse import accounts, create_app
from pulse.database import reading, transaction
from pulse.reports import overview_on_screen
from pulse.results import Figure
from pulse.rounds import Round, RoundTeam
from tests.pages.administering import Browser, organisation
from tests.pages.test_admin_layout import enter
from tests.reports.branches import ROOT, overview
from tests.reports.branches import organisation as branches

HANNA = "hanna@delinde.example"


@pytest.fixture
def round_id(database: str) -> int:
    """A closed round of fifteen teams with a year of figures; every third heard something back."""
    made = published(15)
    with transaction() as session:
        accounts.create_administrator(session, 1, HANNA, "en")
        teams = session.scalars(select(RoundTeam).where(RoundTeam.round_id == made).order_by(RoundTeam.path)).all()
        for team in teams[::3]:
            team.promise, team.promised_by = "Elke week één ding.", "Mara"
    return made


@pytest.fixture
def address(round_id: int) -> Iterator[str]:
    """A running Ruil."""
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_every_group_stands_there_with_its_value_of_the_ledger(app: Flask, round_id: int) -> None:
    hanna = Browser(app).sign_in(HANNA)
    assert f'href="/admin/rounds/{round_id}/overview"' in hanna.get(f"/admin/rounds/{round_id}").text
    words = hanna.text(f"/admin/rounds/{round_id}/overview")
    with reading() as session:
        figures = session.scalars(select(Figure).where(Figure.round_id == round_id, Figure.question == "B")).all()
    listed = words.split("All groups")[1]
    for figure in figures:
        name = figure.block.rsplit(" / ", 1)[-1]
        shown = figure.shown.replace("≤ ", "").replace("≥ ", "")
        row = re.search(rf"{name} {figure.invited} people invited (.*?) people invited|{name} .*$", listed)
        assert row and re.search(rf"\b{shown}\b", row[0]), (name, figure.shown)
    assert "teams with a manager heard something back in this month's letters" in words
    assert "What was counted one level up, and why" in words


def test_nobody_elses_and_no_open_round(app: Flask, round_id: int) -> None:
    organisation("De Eik", "otto@deeik.example")
    path = f"/admin/rounds/{round_id}/overview"
    assert Browser(app).sign_in("otto@deeik.example").get(path).status_code == 404
    assert Browser(app).get(path).status_code == 303
    with transaction() as session:
        session.execute(update(Round).where(Round.id == round_id).values(state="open", closed_at=None))
    hanna = Browser(app).sign_in(HANNA)
    assert hanna.get(path).status_code == 404
    assert path not in hanna.get(f"/admin/rounds/{round_id}").text


@pytest.mark.parametrize(
    ("width", "language", "scheme"), [(390, "nl", "dark"), (390, "nl", "light"), (1280, "en", "light")]
)
def test_it_fits_and_axe_finds_nothing(
    browser: Chromium, address: str, round_id: int, width: int, language: str, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]  # one of playwright's three
    page = context.new_page()
    complaints: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: None if request.url.startswith(address) else outside.append(request.url))
    enter(page, address, language)
    page.goto(f"{address}/admin/rounds/{round_id}/overview")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg:not([role=img])").count() == 0
    assert not complaints and not outside
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_small_teams_are_named_and_what_people_type_is_only_words(language: str) -> None:
    made = branches(18)
    first = made.figures[0].block
    evil = '<img src="http://127.0.0.1:9/x">'
    figures = [replace(one, label=f"{ROOT} / {evil}") if one.block == first else one for one in made.figures]
    found = overview(replace(made, figures=figures))
    body = overview_on_screen(found, language)
    assert "<img" not in body and "&lt;img src=" in body
    assert "style=" not in body
    [(_, counted)] = found.moved_up
    assert all(path.removeprefix(f"{ROOT} / ") in body for path in counted)
    none = overview(replace(made, figures=[one for one in made.figures if one.round_id != made.rounds[-1][0]]))
    assert 'class="year"' not in overview_on_screen(none, language)
