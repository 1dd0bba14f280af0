"""What really happened, from the sink's log and the database alone; it imports nothing of Ruil."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

ROWS = "SELECT id, address, state, resent, rendered_sha256 FROM message"


@dataclass(frozen=True)
class Found:
    """Counts; see `verdict` for what they must be."""

    mails: int
    states: dict[str, int]
    lost: int
    """Nobody took it although the database says so, or it has no end."""
    wrong: int
    """Taken for somebody else than its row names, in the envelope, the header or the bounce address."""
    duplicates: int
    """Copies beyond the first of a mail."""
    unlike: int
    """Copies that are not the first one's bytes, or not what the database says was sent."""
    unknown: int
    """Times a mail's fate was unknown."""
    broken_off: int
    """Times the sink itself broke off after the dot."""


def check(address: str, log: Path) -> Found:
    """Compare the database with what the sink wrote down."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    copies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if line["taken"]:
            copies[line["id"].strip("<>").split("@")[0]].append(line)
    rows = _rows(address)
    known = {row[0] for row in rows}
    lost = wrong = duplicates = unlike = unknown = 0
    for identity, recipient, state, resent, sha256 in rows:
        taken = copies[identity]
        unknown += bool(resent) + (state == "unknown")
        lost += (state == "accepted" and not taken) or state not in {"accepted", "unknown"}
        plain = identity.replace("-", "")
        wrong += sum(
            copy["to"] != recipient or f"<{recipient}>" not in copy["header_to"] or f"b+{plain}." not in copy["from"]
            for copy in taken
        )
        duplicates += max(0, len(taken) - 1)
        unlike += sum(copy["sha256"] != sha256 for copy in taken)
    wrong += sum(len(taken) for identity, taken in copies.items() if identity not in known)
    return Found(
        mails=len(rows),
        states=dict(Counter(row[2] for row in rows)),
        lost=lost,
        wrong=wrong,
        duplicates=duplicates,
        unlike=unlike,
        unknown=unknown,
        broken_off=sum(line["broken_off"] for line in lines),
    )


def verdict(found: Found, kills: int) -> list[str]:
    """What is not as promised; empty when all is."""
    problems = []
    if found.lost or found.wrong or found.unlike:
        problems.append(f"lost {found.lost}, wrong recipient {found.wrong}, not byte-identical {found.unlike}")
    if found.duplicates > found.unknown:
        problems.append(f"{found.duplicates} duplicates, but only {found.unknown} of unknown fate")
    if found.unknown > kills + found.broken_off:
        problems.append(f"{found.unknown} of unknown fate, of {kills} kills and {found.broken_off} broken off")
    return problems


def _rows(address: str) -> list[tuple[str, str, str, bool, str]]:
    if address.startswith("sqlite:///"):
        database = sqlite3.connect(f"file:{address.removeprefix('sqlite:///')}?mode=ro", uri=True)
        rows = database.execute(ROWS).fetchall()
        database.close()
        return rows
    with psycopg.connect(address.replace("postgresql+psycopg://", "postgresql://")) as connection:
        return connection.execute(ROWS).fetchall()
