"""What visitors share: a browser of each kind, a screen, and the way to be at another time and place."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from benchmarks.ports import await_port, free_port

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Every visit is a site of its own; without these each would start a process.
    "--disable-site-isolation-trials",
    "--disable-features=site-per-process,IsolateOrigins,SpareRendererForSitePerProcess",
    "--renderer-process-limit=3",
]
UNSEEN = "--disable-blink-features=AutomationControlled"
"""With this flag a driven Chromium no longer says that it is driven."""
ENGINE = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0"
DESKTOP = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {ENGINE} Safari/537.36"
EDGE = f"{DESKTOP.format(156)} Edg/156.0.0.0"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {ENGINE.format(155)} Safari/537.36"
PHONE = f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {ENGINE} Mobile Safari/537.36"


@dataclass
class Stage:
    """Browsers that stay open between visits; each visit has a context, or a process, of its own."""

    port: int
    folder: Path
    admitting: Browser
    """A driven Chromium that says so."""
    unseen: Browser
    """The same, hiding it."""
    puppeteer: asyncio.subprocess.Process
    screen: str
    """The X display on which real windows stand."""
    windows: Browser
    """A Chromium with windows on that screen, hiding that it is driven."""
    still: Browser
    """The same on a screen where nothing ever moves."""
    staff: list[Browser]
    """What people browse with; the last is to the byte what the hiding machines pretend to be."""
    driver: str
    """The address of chromedriver."""
    screen_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """There is one mouse and one keyboard."""
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    visits: dict[int, asyncio.Future[None]] = field(default_factory=dict)
    opened: dict[str, tuple[BrowserContext, list[Page]]] = field(default_factory=dict)
    window_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    processes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Whole browsers started for one visit are heavy."""

    async def be_at(self, host: str, offset: float) -> None:
        """From now on this host is `offset` seconds later than now."""
        await asyncio.to_thread(lambda: urlopen(f"http://127.0.0.1:{self.port}/bench/visit/{host}/{offset}").read())

    async def window(self, browser: Browser, options: dict[str, Any]) -> tuple[BrowserContext, list[Page]]:
        """A browser set up in this way, made at its first use, and its pages that nobody uses now."""
        async with self.window_lock:
            kind = f"{id(browser)} {sorted(options.items(), key=str)}"
            if kind not in self.opened:
                self.opened[kind] = (await browser.new_context(**options), [])
            return self.opened[kind]

    def events(self) -> list[dict[str, Any]]:
        """Everything the server has seen."""
        return list(json.load(urlopen(f"http://127.0.0.1:{self.port}/bench/events")))

    async def node(self, mode: str, addresses: Sequence[str]) -> None:
        """One Puppeteer visit to these addresses."""
        assert self.puppeteer.stdin
        number = next(self.numbers)
        self.visits[number] = asyncio.get_running_loop().create_future()
        asked = {"number": number, "mode": mode, "addresses": list(addresses)}
        self.puppeteer.stdin.write(json.dumps(asked).encode() + b"\n")
        try:
            await asyncio.wait_for(self.visits[number], 60)
        finally:
            del self.visits[number]

    async def listen(self) -> None:
        """Hear from Puppeteer which visits are over."""
        assert self.puppeteer.stdout
        while line := await self.puppeteer.stdout.readline():
            waiting = self.visits.get(int(line))
            if waiting is not None and not waiting.done():
                waiting.set_result(None)

    async def run(self, *command: str) -> None:
        """One process for one visit, ended after 25 seconds."""
        async with self.processes:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={**os.environ, "DISPLAY": self.screen, "HOME": str(self.folder)},
            )
            try:
                await asyncio.wait_for(process.wait(), 25)
            except TimeoutError:
                pass
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


@asynccontextmanager
async def page(stage: Stage, browser: Browser, **options: Any) -> AsyncIterator[tuple[BrowserContext, Page]]:
    """A blank page, left by going elsewhere. Windows are used again, for our pages keep nothing in them."""
    context, idle = await stage.window(browser, options)
    opened = idle.pop() if idle else await context.new_page()
    try:
        yield context, opened
        await opened.goto("about:blank")
        idle.append(opened)
        await asyncio.sleep(0.1)
    except BaseException:
        await opened.close()
        raise


@asynccontextmanager
async def set_stage(port: int, folder: Path, display: int = 97) -> AsyncIterator[Stage]:
    """Start everything; end it with the block."""
    async with AsyncExitStack() as stack:
        size = ("-screen", "0", "1280x900x24", "-nolisten", "tcp")
        for number in (display, display + 1):
            screen = await asyncio.create_subprocess_exec(
                "Xvfb", f":{number}", *size, stderr=asyncio.subprocess.DEVNULL
            )
            stack.push_async_callback(_end, screen)
        await asyncio.sleep(1)
        playwright: Playwright = await stack.enter_async_context(async_playwright())
        launch = playwright.chromium.launch
        admitting = await launch(executable_path=CHROMIUM, args=FLAGS)
        # Not by emulation, which forgets the name when a page is left.
        agent = f"--user-agent={DESKTOP.format(admitting.version.split('.')[0])}"
        unseen = await launch(executable_path=CHROMIUM, args=[*FLAGS, UNSEEN, agent])
        windows, still = [
            await launch(
                executable_path=CHROMIUM,
                headless=False,
                args=[*FLAGS, UNSEEN, "--window-size=1200,860", "--window-position=0,0"],
                env={**os.environ, "DISPLAY": f":{number}"},
            )
            for number in (display, display + 1)
        ]
        staff = [
            await launch(executable_path=CHROMIUM, args=[*FLAGS, UNSEEN, f"--user-agent={name}"])
            for name in (EDGE, MAC)
        ]
        for browser in (admitting, unseen, windows, still, *staff):
            stack.push_async_callback(browser.close)
        puppeteer = await asyncio.create_subprocess_exec(
            "node",
            str(Path(__file__).parent / "puppeteer.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        stack.push_async_callback(_end, puppeteer)
        driving = free_port()
        driver = await asyncio.create_subprocess_exec(
            "chromedriver", f"--port={driving}", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        stack.push_async_callback(_end, driver)
        await asyncio.to_thread(await_port, driving)
        address = f"http://127.0.0.1:{driving}"
        stage = Stage(
            port, folder, admitting, unseen, puppeteer, f":{display}", windows, still, [*staff, unseen], address
        )
        listening = asyncio.create_task(stage.listen())
        yield stage
        listening.cancel()


async def _end(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 5)
    except TimeoutError:
        process.kill()
        await process.wait()
