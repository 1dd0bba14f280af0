"""Each letter as an example: for the preview, for a test to oneself, and for the snapshots beside the tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config import settings
from pulse.database import reason
from pulse.giveback import MOVES, default_sentence
from pulse.locale import Translator, translator
from pulse.mail.letters.asking import asking_facts, options
from pulse.mail.letters.letterhead import Letterhead
from pulse.mail.letters.writing import Facts, Written, write

TOKEN = "x" * 26
"""Of the length of a real one."""
EXAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "invitation": ("invitation", {}),
    "invitation_told": ("invitation", {"told": True}),
    "invitation_one_link": ("invitation", {"one_link": True}),
    "reminder": ("reminder", {}),
    "reminder_last": ("reminder", {"last": True}),
    "report": ("report", {}),
    "report_teams": ("report", {"teams": 3, "missing": True}),
    "give_back": ("give_back", {}),
    "give_back_teams": ("give_back", {"teams": 2}),
    "sign_in": ("sign_in", {}),
    "test": ("test", {}),
    "round_coming": ("round_coming", {}),
    "round_opened": ("round_opened", {}),
    "problem_bounces": ("problem", {"problem": "bounces"}),
    "problem_keys": ("problem", {"problem": "keys"}),
    "problem_reports": ("problem", {"problem": "reports"}),
    "problem_skipped": ("problem", {"problem": "skipped"}),
    "problem_waiting": ("problem", {"problem": "waiting"}),
    "standstill": ("standstill", {"restored": False}),
    "standstill_restored": ("standstill", {"restored": True}),
}
"""Every letter there is, in every branch: the letter's kind, and what is special about this example."""

Link = Callable[[str, int | None, str], str]
"""The address of an example's link: its door (`a`, `m`, `p`, …), its option, and the part it stands in."""


def example(
    name: str,
    language: str,
    head: Letterhead,
    now: datetime,
    *,
    link: Link | None = None,
    reader: str = "Anna",
    minimum_group: int = 5,
    test: bool = False,
) -> Written:
    """The example `name` as somebody called `reader` would get it on the day of `now`."""
    kind, special = EXAMPLES[name]
    address = link or _nowhere
    text, html = (_facts(kind, special, language, now, part, address, minimum_group) for part in ("text", "html"))
    return write(kind, language, head, reader, text, html, test=test)


def _nowhere(door: str, _option: int | None, _part: str) -> str:
    return f"{settings().base_url}/{door}/{TOKEN}"


def _facts(
    kind: str, special: dict[str, Any], language: str, now: datetime, part: str, link: Link, minimum_group: int
) -> Facts:
    words, period = translator(language), f"{now:%Y-%m}"
    if kind in {"invitation", "reminder"}:
        one_link = bool(special.get("one_link"))
        told = special.get("told")
        return asking_facts(language, period, one_link=one_link) | {
            "closes": words.weekday(now + timedelta(days=7)),
            "promise": default_sentence("acknowledge", language) if told else None,
            "promised_by": "Mara" if told else None,
            "minimum_group": minimum_group,
            "last": bool(special.get("last")),
            "stop": link("p", None, part),
            "options": [(label, link("a", option, part)) for option, label in options(language, one_link=one_link)],
        }
    others = _managers_facts if kind in {"report", "give_back"} else _administrators_facts
    return others(kind, special, words, now, lambda door, option=None: link(door, option, part))


def _managers_facts(
    kind: str, special: dict[str, Any], words: Translator, now: datetime, link: Callable[..., str]
) -> Facts:
    names = [words.gettext(name) for name in ("District team North", "District team South", "Night service")]
    headline = words.gettext("Giving and getting are about in balance")
    asked: dict[str, Any] = {
        "teams": [{"name": name, "headline": headline, "link": link("m")} for name in names[: special.get("teams", 1)]],
        "month": words.month(f"{now:%Y-%m}"),
        "moves": {move: link("m", number) for number, move in enumerate(MOVES)},
    }
    if kind == "give_back":
        return asked
    missing = names[2:] if special.get("missing") else []
    return asked | {"overview": False, "below": 0, "missing": missing, "left_out": 0}


def _administrators_facts(
    kind: str, special: dict[str, Any], words: Translator, now: datetime, link: Callable[..., str]
) -> Facts:
    month, admin = words.month(f"{now:%Y-%m}"), f"{settings().base_url}/admin"
    every: dict[str, dict[str, Any]] = {
        "sign_in": {"link": link("sign-in")},
        "test": {"from_address": "ruil@example.org"},
        "round_coming": {
            "day": words.weekday(now + timedelta(days=3)),
            "time": "10:00",
            "people": 214,
            "import_link": f"{admin}/people/import",
            "letters_link": f"{admin}/letters",
            "pulse_link": f"{admin}/pulses/1",
        },
        "round_opened": {
            "month": month,
            "people": 214,
            "closes": words.weekday(now + timedelta(days=7)),
            "link": f"{admin}/rounds/1",
        },
        "problem": {
            "problem": special.get("problem"),
            "facts": {
                "month": month,
                "count": 12,
                "all": 214,
                "moment": words.moment(now.astimezone(ZoneInfo(settings().timezone))),
                "day": words.weekday(now),
                "why": "late",
            },
            "link": f"{admin}/",
        },
        "standstill": {
            "reasons": [
                words.say(reason("restored" if special.get("restored") else "clock_forward", {"seconds": 11_100}))
            ],
            "restored": special.get("restored"),
            "link": f"{admin}/hold",
        },
    }
    return every[kind]
