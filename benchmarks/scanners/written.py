"""The page that keeps the last full run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from benchmarks.scanners.tally import RUIL, Run, table
from pulse import clock

BEGIN, END = "<!-- the last full run -->", "<!-- end of the run -->"
VERSIONS = {
    "Chromium": ["/usr/bin/chromium", "--version"],
    "chromedriver": ["chromedriver", "--version"],
    "Firefox": ["firefox-esr", "--version"],
    "Node": ["node", "--version"],
    "curl": ["curl", "--version"],
    "wget": ["wget", "--version"],
    "lynx": ["lynx", "-version"],
    "w3m": ["w3m", "-version"],
    "xdotool": ["xdotool", "--version"],
}


def page(run: Run) -> str:
    """The run in Markdown."""
    all_of, limit = run.everybody.totals, run.limit.totals
    return "\n".join(
        [
            f"Run on {clock.now():%d %B %Y}, seeds {', '.join(map(str, run.seeds))}, "
            f"in {run.seconds / 60:.0f} minutes: "
            f"{all_of.visits} links opened by machines; {all_of.machine_letters} letters that only machines opened; "
            f"{all_of.hands} people with a hand on the page, {all_of.people - all_of.hands} who only read; "
            f"{all_of.mixed} letters opened by both. "
            f"Letters left out because our own machines ran out of time: {run.broken}.",
            "",
            *table(run.everybody),
            "",
            _upper_limits(run),
            "",
            f"A second click by design had {all_of.by_design} of {all_of.people}: they have no script, or change their "
            "answer through another link of the mail.",
            "",
            f"Letters of which a machine with hands opened one link, as a person does ({limit.machine_letters} that "
            f"nobody else opened, {limit.mixed} that somebody answered too):",
            "",
            *table(run.limit),
            "",
            "| machine | links opened |",
            "|---|---|",
            *(f"| {name} | {count} |" for name, count in sorted(run.machines.items())),
            "",
            "Engines: " + "; ".join(f"{name} {_version(command)}" for name, command in VERSIONS.items()) + ".",
        ]
    )


def replace(path: Path, run: str) -> None:
    """Put the run into the page, between its two marks."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{run}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _upper_limits(run: Run) -> str:
    """The rule of three: none seen in n means at most 3/n, at 95 %."""
    all_of, ruil = run.everybody.totals, run.everybody.lines[RUIL]
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
