"""The two ways that others go: a fresh process for each report, and Chromium's print-to-pdf."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from playwright.sync_api import sync_playwright

from pulse.reports.render import Press
from pulse.templating import TEMPLATES

Item = TypeVar("Item")
CHROMIUM = "/usr/bin/chromium"
FOLDER = TEMPLATES / "report"
FACES = {"ruil:regular": "Inter-Regular.woff2", "ruil:semibold": "Inter-SemiBold.woff2"}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"]


def fresh_process(pages: Sequence[str]) -> float:
    """Reports a second, two at a time: WeasyPrint started anew for each, as a plain worker task would."""

    def draw(page: str) -> None:
        press = Press()
        try:
            press.draw(page)
        finally:
            press.close()

    return _rate(draw, pages)


def chromium_each(pages: Sequence[str]) -> float:
    """Reports a second, two at a time: `chromium --print-to-pdf` for each."""
    with TemporaryDirectory() as folder:
        files = _written(pages, Path(folder))

        def draw(file: Path) -> None:
            profile = file.with_suffix(".profile")
            subprocess.run(
                [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={file}.pdf", file.as_uri()],
                check=True,
                capture_output=True,
                timeout=120,
            )

        return _rate(draw, files)


def chromium_warm(pages: Sequence[str]) -> float:
    """Reports a second: two Chromiums kept open, each printing page after page."""
    with TemporaryDirectory() as folder:
        files = _written(pages, Path(folder))
        halves = (files[::2], files[1::2])
        with ThreadPoolExecutor(2) as pool:
            seconds = max(pool.map(_print_all, halves))
        return len(files) / seconds


def _print_all(files: Sequence[Path]) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(files[0].as_uri())
        page.pdf(prefer_css_page_size=True)
        begun = time.perf_counter()
        for file in files:
            page.goto(file.as_uri())
            page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
        seconds = time.perf_counter() - begun
        browser.close()
    return seconds


def _written(pages: Sequence[str], folder: Path) -> list[Path]:
    """Pages that Chromium can read alone: our style inside, our fonts beside."""
    style = (FOLDER / "report.css").read_text()
    for name, font in FACES.items():
        style = style.replace(name, (FOLDER / "fonts" / font).as_uri())
    files = []
    for number, page in enumerate(pages):
        file = folder / f"{number}.html"
        file.write_text(page.replace("</head>", f"<style>{style}</style></head>", 1))
        files.append(file)
    return files


def _rate(draw: Callable[[Item], None], items: Sequence[Item]) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(draw, items))
    return len(items) / (time.perf_counter() - begun)
