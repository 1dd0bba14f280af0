"""Every page that somebody may land on from a mail: nothing stands in anybody's way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy.exc import OperationalError

from pulse import clock
from pulse.questions import QUESTIONS
from tests import factories
from tests.answers.asking import fields, preferences

SCRIPT = re.compile("<script>.*?</script>", re.DOTALL)
EVERYTHING = ",".join(QUESTIONS)
CONTRAST = {"runOnly": ["color-contrast"]}


def pages(app: Flask, language: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Each page in one language, as its door gives it."""
    client, suffix = app.test_client(), f"?language={language}"
    anna, bram, noor = (
        f"/a/{factories.link(email, 3)}" for email in ("anna@example.org", "bram@example.org", "n1@example.org")
    )
    found = {"question": client.get(anna + suffix).text}
    sent = fields(found["question"])
    found["again"] = client.post(anna + suffix, data={"option-B": "3"}).text
    found["not sure"] = client.post(anna + suffix, data=sent, headers={"User-Agent": "bot"}).text
    monkeypatch.setattr("pulse.answers.together.record_all", _full)
    found["busy"] = client.post(anna + suffix, data=sent).text
    monkeypatch.undo()
    found["thanks"] = client.post(anna + suffix, data=sent).text
    found["neutral"] = client.get(anna + suffix).text
    found["thanks at the end"] = client.post(
        anna + suffix, data=fields(found["thanks"]) | {"done": EVERYTHING, "option-B": "1"}
    ).text
    for option in range(5):
        shared = f"/a/{factories.link('n1@example.org', option)}"
        client.post(shared, data=fields(client.get(shared).text) | {"option-B": str(option)})
    with clock.replaying(clock.now() + timedelta(hours=1)):
        found["once more"] = client.post(noor + suffix, data=fields(client.get(noor).text)).text
    found["five buttons"] = client.get(f"/a/{factories.link('bram@example.org', None)}{suffix}").text
    found["gone"] = client.get(f"/a/nonsense{suffix}").text
    found["not mine"] = client.get(f"{bram}/not-mine{suffix}").text
    found["privacy"] = client.get(f"/privacy{suffix}").text
    found["my privacy"] = client.get(f"/privacy/{bram.rsplit('/', 1)[1]}{suffix}").text
    mine = preferences("bram@example.org")
    found["preferences"] = client.get(mine + suffix).text
    sent = fields(found["preferences"])
    found["unsure preferences"] = client.post(mine + suffix, data={"wish": "stop"}).text
    found["stopped"] = client.post(mine + suffix, data=sent | {"wish": "stop"}).text
    return found


def _full(*_: object) -> None:
    raise OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_stands_in_anybodys_way(
    app: Flask, browser: Browser, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """axe-core finds nothing, light and dark, with and without script; nothing sticks out at 320 px or at 200 %."""
    factories.open_round(factories.organisation())
    found = pages(app, language, monkeypatch)
    different = {SCRIPT.sub("", text): name for name, text in found.items()}
    assert sorted(different.values()) == sorted(found)
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    for name, text in found.items():
        assert f'<html lang="{language}">' in text, name
        assert len(text.encode()) < 15_000, name
        for script in (True, False) if "<script>" in text else (False,):
            page.emulate_media(color_scheme="light")
            page.set_content(text if script else SCRIPT.sub("", text))
            _is_open_to_all(page, f"{name} {language} script {script}", None)
            if script == ("<script>" in text):  # without script the colours are the same
                page.emulate_media(color_scheme="dark")
                _is_open_to_all(page, f"{name} {language} dark", CONTRAST)
    context.close()


def _is_open_to_all(page: Page, what: str, options: dict[str, list[str]] | None) -> None:
    for opened in (False, True):
        if opened and not page.locator("details").count():
            break
        if opened:
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        checked = Axe().run(page, options=options)
        assert checked.violations_count == 0, f"{what}: {checked.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, f"{what} is {wide} px wide"
