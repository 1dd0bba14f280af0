"""The page that keeps the last full run."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.scanners.tally import Line, Totals, table
from pulse import clock

BEGIN, END = "<!-- the last full run -->", "<!-- end of the run -->"
VERSIONS = {
    "Chromium": ["/usr/bin/chromium", "--version"],
    "Firefox": ["firefox-esr", "--version"],
    "Node": ["node", "--version"],
    "curl": ["curl", "--version"],
    "wget": ["wget", "--version"],
    "lynx": ["lynx", "-version"],
    "w3m": ["w3m", "-version"],
    "xdotool": ["xdotool", "--version"],
}


def page(
    seed: int, broken: int, all_of: Totals, lines: Mapping[str, Line], machines: Sequence[str], seconds: float
) -> str:
    """The run in Markdown; `broken` letters gave out of time on our side and are in no figure."""
    return "\n".join(
        [
            f"Run on {clock.now():%d %B %Y}, seed {seed}, in {seconds / 60:.0f} minutes: {all_of.visits} links opened "
            f"by machines; {all_of.machine_letters} letters that only machines opened, and {all_of.limit_letters} "
            f"where a machine with hands opened one link; {all_of.hands} people with a hand on the page, "
            f"{all_of.readers + all_of.early_readers} who only read; {all_of.mixed} letters opened by both. "
            f"Letters left out because our own machines ran out of time: {broken}.",
            "",
            *table(all_of, lines),
            "",
            _upper_limits(all_of, lines["Ruil"]),
            "",
            *machines,
            "",
            "Engines: " + "; ".join(f"{name} {_version(command)}" for name, command in VERSIONS.items()) + ".",
        ]
    )


def replace(path: Path, run: str) -> None:
    """Put the run into the page, between its two marks."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{run}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _upper_limits(all_of: Totals, ruil: Line) -> str:
    """The rule of three: none seen in n means at most 3/n, at 95 %."""
    if ruil.false or ruil.wrong:
        return "Ruil counted what it should not have."
    return (
        f"None seen means, at 95 %: false answers at most {300 / max(1, all_of.machine_letters):.2f} % of letters and "
        f"{300 / max(1, all_of.visits):.2f} % of opened links, wrong values at most {300 / max(1, all_of.mixed):.2f} % "
        "of letters opened by both."
    )


def _version(command: list[str]) -> str:
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except FileNotFoundError:
        return "not there"
    words = [word.strip(",") for word in said.split() if any(sign.isdigit() for sign in word)]
    return words[0] if words else "unknown"
