"""The people. To add one: a function that opens an address as somebody would, and a line in HABITS."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.async_api import Browser, Error, Page

from benchmarks.scanners.stage import PHONE, Stage, page

LONGEST_WAIT = 6000
"""Milliseconds until whoever is not thanked presses: long, so that a busy machine of ours is not taken for Ruil."""


@dataclass
class Clicked:
    """What somebody meant, and whether one click was enough."""

    option: int
    second_click: bool = False


@dataclass(frozen=True)
class Visit:
    """Where somebody is sent by their mail, and the chance that decides how they do it."""

    stage: Stage
    browser: Browser
    address: str
    option: int
    chance: random.Random
    others: dict[int, str]
    """The other links of the same part, by option."""


Act = Callable[[Page, Visit, Clicked], Awaitable[None]]


@dataclass(frozen=True)
class Habit:
    """A way of answering, and how many of a hundred people have it."""

    name: str
    act: Act
    share: int
    phone: bool = False
    script: bool = True
    passive: bool = False
    window: bool = False
    then: Act | None = None
    """What they do once they are thanked."""

    @property
    def presses_by_design(self) -> bool:
        """Without script there is only the button; and a changed mind has to press, lest a machine changes it."""
        return not self.script or self.then is changes_in_the_mail


async def moves(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Moves the mouse toward the window's corner."""
    for step in range(7):
        await opened.mouse.move(200 + 55 * step, 400 - 41 * step)
        await asyncio.sleep(0.02)


async def scrolls(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Turns the wheel."""
    for _ in range(3):
        await opened.mouse.wheel(0, 120)
        await asyncio.sleep(0.05)


async def types(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Presses a key."""
    await opened.keyboard.press("Tab")


async def touches(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Puts a thumb on the page."""
    await opened.touchscreen.tap(180, 60)


async def is_impatient(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Moves to the closing cross at once, and is gone."""
    for step in range(4):
        await opened.mouse.move(500 + 90 * step, 300 - 70 * step)


async def presses(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Presses the button although nobody asked for it."""
    await opened.locator("button").first.click()


async def presses_twice(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Double-clicks everything."""
    await opened.locator("button").first.dblclick(no_wait_after=True)


async def reads(_opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Reads, touches nothing, and closes the window by a way that the page does not see."""
    await asyncio.sleep(3.8)


async def changes_on_the_page(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Once thanked, changes."""
    await opened.locator("summary").first.click()
    clicked.option = visit.chance.choice([option for option in range(5) if option != visit.option])
    await opened.locator(f"button[name=option-B][value='{clicked.option}']").click()


async def changes_in_the_mail(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Once thanked, goes back to the mail and clicks another answer; the page there wants a press."""
    clicked.option = visit.chance.choice(sorted(visit.others))
    await opened.goto(visit.others[clicked.option])
    await moves(opened, visit, clicked)
    await _be_thanked(opened, clicked)


async def is_curious(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Once thanked, goes back to the mail, opens another link, looks around, and leaves it at that."""
    await opened.goto(visit.others[visit.chance.choice(sorted(visit.others))])
    await asyncio.sleep(visit.chance.uniform(0.2, 1.0))
    await moves(opened, visit, clicked)


async def has_a_phone_too(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Sees the mail on the phone first, opens the link there, puts it away, and answers at the desk."""
    version = visit.browser.version.split(".")[0]
    phone = {"user_agent": PHONE.format(version), "has_touch": True, "is_mobile": True}
    async with page(visit.stage, visit.browser, **phone) as (_, small):
        await small.goto(visit.address)
        await asyncio.sleep(0.5)
    await moves(opened, visit, clicked)


async def answers_more(opened: Page, _visit: Visit, _clicked: Clicked) -> None:
    """Once thanked, taps a further question too."""
    await opened.locator("button[name=option-R]").nth(2).click()


async def comes_back_to_the_tab(opened: Page, visit: Visit, clicked: Clicked) -> None:
    """Opens the link behind what they were reading, and looks later."""
    other = await opened.context.new_page()
    await other.bring_to_front()
    await asyncio.sleep(1.2)
    await other.close()
    await opened.bring_to_front()
    await moves(opened, visit, clicked)


async def has_real_hands(opened: Page, visit: Visit, _clicked: Clicked) -> None:
    """A real window, and a mouse that the screen itself moves."""
    await opened.bring_to_front()
    for step in range(8):
        await visit.stage.run("xdotool", "mousemove", str(340 + 37 * step), str(420 - 29 * step))


async def has_a_real_keyboard(opened: Page, visit: Visit, _clicked: Clicked) -> None:
    """A real window, and a key that the screen itself presses."""
    await opened.bring_to_front()
    await visit.stage.run("xdotool", "key", "Tab")


HABITS = [
    Habit("mouse", moves, 32),
    Habit("wheel", scrolls, 9),
    Habit("keyboard", types, 5),
    Habit("thumb", touches, 14, phone=True),
    Habit("impatient", is_impatient, 6),
    Habit("presses", presses, 6),
    Habit("double click", presses_twice, 1),
    Habit("changes on the page", moves, 3, then=changes_on_the_page),
    Habit("changes in the mail", moves, 1, then=changes_in_the_mail),
    Habit("answers more", moves, 5, then=answers_more),
    Habit("curious", moves, 1, then=is_curious),
    Habit("phone, then desk", has_a_phone_too, 2),
    Habit("background tab", comes_back_to_the_tab, 2),
    Habit("rewritten link", moves, 2),
    Habit("forwarded link", moves, 2),
    Habit("real mouse", has_real_hands, 1, window=True),
    Habit("real keyboard", has_a_real_keyboard, 1, window=True),
    Habit("no script", presses, 1, script=False),
    Habit("reads only", reads, 9, passive=True),
]


async def answer(habit: Habit, visit: Visit, clicked: Clicked) -> None:
    """Let somebody answer; the page is given some seconds to thank them before they press."""
    options: dict[str, Any] = {"java_script_enabled": habit.script}
    if habit.phone:
        options["user_agent"] = PHONE.format(visit.browser.version.split(".")[0])
        options |= {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
    if habit.window:
        options |= {"no_viewport": True}
        async with visit.stage.screen_lock:
            await _open(habit, visit, clicked, options)
    else:
        await _open(habit, visit, clicked, options)


async def _open(habit: Habit, visit: Visit, clicked: Clicked, options: dict[str, Any]) -> None:
    browser = visit.stage.windows if habit.window else visit.browser
    address = visit.address
    if habit.name == "rewritten link":
        address = "{0.scheme}://{0.netloc}/bench/to?link=".format(urlsplit(address)) + quote(address)
    async with page(visit.stage, browser, **options) as (_, opened):
        await opened.goto(address)
        if habit.name != "impatient":
            await asyncio.sleep(visit.chance.uniform(0.1, 0.6))
        await habit.act(opened, visit, clicked)
        if habit.passive or habit.name == "impatient":
            return
        await _be_thanked(opened, clicked)
        if habit.then is not None:
            await habit.then(opened, visit, clicked)
            await asyncio.sleep(0.3)


async def _be_thanked(opened: Page, clicked: Clicked) -> None:
    """Wait for the thank-you; where none comes, press."""
    try:
        thanks = opened.locator(".card .tick")
        await thanks.or_(opened.locator("button.main[name=option-B]")).first.wait_for(timeout=LONGEST_WAIT)
        if not await thanks.count():
            await opened.locator("button.main").click(timeout=LONGEST_WAIT)
        await thanks.wait_for(timeout=LONGEST_WAIT)
    except Error:
        clicked.second_click = True
        change = opened.locator("main[data-in] button[type=button], main[data-in] summary:visible")
        if await change.count():
            await change.first.click()
        own = opened.locator(f"button[name=option-B][value='{clicked.option}']")
        await (own.first if await own.count() else opened.locator("button").first).click(timeout=LONGEST_WAIT)
        await opened.locator(".card .tick").wait_for(timeout=LONGEST_WAIT)
