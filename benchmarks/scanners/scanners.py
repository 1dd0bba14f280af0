"""The machines. To add one: a function that opens the addresses of one wave, and a line in MACHINES."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from playwright.async_api import Browser, Error, Page

from benchmarks.scanners.stage import CHROMIUM, DESKTOP, FLAGS, PHONE, UNSEEN, Stage, page
from benchmarks.scanners.webdriver import look

Visit = Callable[[Stage, Sequence[str]], Awaitable[None]]


@dataclass(frozen=True)
class Machine:
    """An engine with its way of looking at pages."""

    name: str
    visit: Visit
    cost: int
    """How many people's letters it scans in a full run: the heavier, the fewer."""
    has_hands: bool = False
    """It moves a mouse or presses buttons without saying that it is a machine."""


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag in {"input", "button"} and given.get("name") and given["name"] not in self.fields:
            self.fields[str(given["name"])] = given.get("value") or ""


def command(*words: str) -> Visit:
    """A program that is given one address after the other."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        for address in addresses:
            await stage.run(*(word.replace("{}", address) for word in words))

    return visit


def http(agent: str, *, method: str = "GET", posts: bool = False) -> Visit:
    """A plain HTTP library with any user agent; it may fill in the form it finds and send it."""

    def fetch(address: str) -> None:
        try:
            with urlopen(Request(address, headers={"User-Agent": agent}, method=method), timeout=10) as reply:
                body = reply.read().decode()
            if posts:
                form = _Form()
                form.feed(body)
                sent = Request(address, urlencode(form.fields).encode(), {"User-Agent": agent})
                urlopen(sent, timeout=10).read()
        except HTTPError:
            pass

    async def visit(_stage: Stage, addresses: Sequence[str]) -> None:
        for address in addresses:
            await asyncio.to_thread(fetch, address)

    return visit


def chromium(*more: str) -> Visit:
    """A Chromium started for one page and thrown away."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        for address in addresses:
            profile = f"--user-data-dir={stage.folder}/chromium-{random.getrandbits(48)}"
            await stage.run(CHROMIUM, "--headless", *FLAGS, profile, *more, address)

    return visit


def puppeteer(mode: str, *, together: bool = False) -> Visit:
    """Puppeteer, one page after the other or all at once."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        for wave in [addresses] if together else [[address] for address in addresses]:
            await stage.node(mode, wave)

    return visit


def driven(which: str, act: str = "", *, stay: float = 0.3, agent: str = "", **options: object) -> Visit:
    """Playwright: opens each address in a fresh page, runs `act` in the page, stays, leaves."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        browser: Browser = getattr(stage, which)
        given = {"user_agent": agent.format(browser.version.split(".")[0]), **options} if agent else options
        async with page(stage, browser, **given) as (_, opened):
            for address in addresses:
                await opened.goto(address, wait_until="load", timeout=25000)
                await _act(opened, act)
                await asyncio.sleep(stay)

    return visit


async def _act(opened: Page, act: str) -> None:
    if act == "wheel":
        await opened.mouse.wheel(0, 300)
    elif act == "press":
        with suppress(Error):
            await opened.locator("button").first.click(timeout=2000)
    elif act == "move":
        for step in range(6):
            await opened.mouse.move(90 + 40 * step, 150 + 22 * step)
    elif act:
        with suppress(Error):
            await opened.evaluate(act)


def tabs(which: str, *, stay: float) -> Visit:
    """All addresses at once, each in a tab of one window; all but one are in the background."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        browser: Browser = getattr(stage, which)
        async with page(stage, browser) as (context, first):
            more = [await context.new_page() for _ in addresses[1:]]
            await first.bring_to_front()
            await asyncio.gather(*(one.goto(address) for one, address in zip([first, *more], addresses, strict=True)))
            await asyncio.sleep(stay)
            for one in more:
                await one.close(run_before_unload=True)

    return visit


def webdriver(*more: str, stay: float = 0.4, moves: bool = False) -> Visit:
    """What Selenium does: a chromedriver, a fresh browser, one address after the other."""

    async def visit(stage: Stage, addresses: Sequence[str]) -> None:
        arguments = ["--headless", *FLAGS, *more]
        async with stage.processes:
            await asyncio.to_thread(look, stage.driver, arguments, addresses, stay=stay, moves=moves)

    return visit


async def window_idle(stage: Stage, addresses: Sequence[str]) -> None:
    """A sandbox with a screen and no hands: looks at each page for five seconds."""
    await driven("still", stay=5, no_viewport=True)(stage, addresses)


async def window_jiggled(stage: Stage, addresses: Sequence[str]) -> None:
    """A sandbox whose mouse is moved by the machine's own driver, as a hand would move it."""
    for address in addresses:
        async with stage.screen_lock, page(stage, stage.windows, no_viewport=True) as (_, opened):
            await opened.goto(address)
            await opened.bring_to_front()
            for step in range(8):
                await stage.run("xdotool", "mousemove", str(300 + 31 * step), str(300 + 23 * step))
            await asyncio.sleep(0.4)


async def ahead(stage: Stage, addresses: Sequence[str]) -> None:
    """A page that asks its browser to prefetch and prerender the link."""
    for address in addresses:
        root = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        await driven("unseen", stay=0.8)(stage, [f"{root}/bench/ahead?link={quote(address)}"])


MODERN = DESKTOP.format(156)
LIGHT, HEAVY, HEAVIEST = 30, 14, 5
"""How many people's letters a machine scans in one part of the run."""
HIDDEN = [f"--user-agent={MODERN}", UNSEEN]
MACHINES = [
    Machine("curl", command("curl", "-s", "-L", "{}"), LIGHT),
    Machine("wget", command("wget", "-q", "-O", "/dev/null", "{}"), LIGHT),
    Machine("lynx", command("lynx", "-dump", "{}"), LIGHT),
    Machine("w3m", command("w3m", "-dump", "{}"), LIGHT),
    Machine("Python, its own name", http("Python-urllib/3.11"), LIGHT),
    Machine("Python as Chrome", http(MODERN), LIGHT),
    Machine("Python, no user agent", http(""), LIGHT),
    Machine("Python, HEAD first", http(MODERN, method="HEAD"), LIGHT),
    Machine("Python sends the form", http("Python-urllib/3.11", posts=True), LIGHT),
    Machine("Python as Chrome sends the form", http(MODERN, posts=True), LIGHT),
    Machine("preview of Teams", http("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"), LIGHT),
    Machine("preview of Slack", http("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"), LIGHT),
    Machine("Chromium, dump", chromium("--dump-dom"), HEAVIEST),
    Machine("Chromium, virtual time", chromium("--virtual-time-budget=8000", "--dump-dom"), HEAVIEST),
    Machine("Chromium, screenshot", chromium("--screenshot=/dev/null"), HEAVIEST),
    Machine(
        "Chromium, unseen, virtual time",
        chromium("--virtual-time-budget=9000", *HIDDEN, "--dump-dom"),
        HEAVIEST,
    ),
    Machine("Firefox, screenshot", command("firefox-esr", "--headless", "--screenshot", "/dev/null", "{}"), HEAVIEST),
    Machine("Puppeteer", puppeteer("plain"), HEAVY),
    Machine("Puppeteer presses", puppeteer("presser"), HEAVY),
    Machine("Puppeteer moves", puppeteer("mover"), HEAVY),
    Machine("Puppeteer unseen", puppeteer("stealth"), HEAVY),
    Machine("Puppeteer unseen reads", puppeteer("stealth reader", together=True), HEAVY),
    Machine("Puppeteer unseen, five tabs move", puppeteer("stealth mover", together=True), HEAVY, True),
    Machine("Puppeteer unseen presses", puppeteer("stealth presser"), HEAVY, True),
    Machine("Playwright", driven("admitting"), HEAVY),
    Machine("Playwright, desktop", driven("admitting", agent=DESKTOP), HEAVY),
    Machine("Playwright, phone", driven("admitting", agent=PHONE, is_mobile=True, has_touch=True), HEAVY),
    Machine("Playwright unseen", driven("unseen"), HEAVY),
    Machine("Playwright unseen reads", driven("unseen", stay=3.6), HEAVY),
    Machine("Playwright unseen scrolls", driven("unseen", "scrollBy(0, 400)"), HEAVY),
    Machine("Playwright unseen, wheel", driven("unseen", "wheel"), HEAVY, True),
    Machine("Playwright unseen moves", driven("unseen", "move"), HEAVY, True),
    Machine("Playwright unseen presses", driven("unseen", "press"), HEAVY, True),
    Machine("script clicks", driven("unseen", "document.querySelector('button').click()"), HEAVY),
    Machine("script submits", driven("unseen", "document.forms[0].submit()"), HEAVY),
    Machine("script asks to submit", driven("unseen", "document.forms[0].requestSubmit()"), HEAVY),
    Machine("tabs in the background", tabs("unseen", stay=3.6), HEAVY),
    Machine("a screen without hands", window_idle, HEAVY),
    Machine("a jiggled mouse", window_jiggled, HEAVY, True),
    Machine("prefetch and prerender", ahead, HEAVY),
    Machine("Firefox, driven", puppeteer("firefox"), HEAVIEST),
    Machine("WebDriver", webdriver(), HEAVY),
    Machine("WebDriver unseen reads", webdriver(UNSEEN, f"--user-agent={MODERN}", stay=3.6), HEAVY),
    Machine("WebDriver unseen moves", webdriver(UNSEEN, f"--user-agent={MODERN}", moves=True), HEAVY, True),
    Machine("Puppeteer unseen, like a human", puppeteer("stealth human"), HEAVY, True),
]
