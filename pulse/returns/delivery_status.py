"""RFC 3464: what a report says of each recipient, also where it keeps to the standard loosely. (pure)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from pulse.returns.parts import STATUS_TYPES, own_parts, text_of

_FIELD = re.compile(r"^(Final-Recipient|Original-Recipient|Action|Status|Diagnostic-Code|Remote-MTA)\s*:\s*(.*)$", re.I)
_TYPED = re.compile(r"^\s*[\w.-]+\s*;\s*")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_WORST = ("failed", "delayed", "delivered")
_ACTIONS = {"failed": "failed", "failure": "failed", "delayed": "delayed", "delivered": "delivered",
            "relayed": "delivered", "expanded": "delivered"}  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """What became of a mail for one recipient. `action`: failed, delayed or delivered."""

    action: str
    status: str
    diagnostic: str
    recipients: tuple[str, ...]


def reported(message: Message) -> Reported | None:
    """The worst that a report says; None where there is no report in it."""
    found = [
        each
        for part in own_parts(message)
        if part.get_content_type() in STATUS_TYPES or part.get_content_maintype() == "text"
        for each in _recipients(text_of(part), part.get_content_type() in STATUS_TYPES)
    ]
    return min(found, key=lambda each: _WORST.index(each.action)) if found else None


def _recipients(text: str, typed: bool) -> Iterator[Reported]:
    for fields in _groups(text):
        # Words in a letter may look like one such field; not like three, with a recipient among them.
        if ("action" in fields or "status" in fields) and (typed or ({"action", "final-recipient"} <= fields.keys())):
            yield _read(fields)


def _groups(text: str) -> Iterator[dict[str, str]]:
    """The fields of each recipient: a blank line or a field that comes again begins the next."""
    fields: dict[str, str] = {}
    last = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        found = _FIELD.match(line)
        name = found[1].lower() if found else ""
        if (not line.strip() and fields) or name in fields:
            yield fields
            fields, last = {}, ""
        if found:
            fields[name] = found[2].strip()
            last = name
        elif line[:1] in " \t" and last and line.strip():
            fields[last] += f" {line.strip()}"
        elif line.strip():
            last = ""
    if fields:
        yield fields


def _read(fields: dict[str, str]) -> Reported:
    status = _STATUS.search(fields.get("status", ""))
    code = status[0] if status else ""
    action = _ACTIONS.get(re.split(r"[\s(;]", fields.get("action", "").lower())[0])
    if action is None:
        action = {"2": "delivered", "4": "delayed"}.get(code[:1], "failed")
    addresses = (_TYPED.sub("", fields.get(name, "")) for name in ("original-recipient", "final-recipient"))
    return Reported(
        action=action,
        status=code,
        diagnostic=_TYPED.sub("", fields.get("diagnostic-code", "")),
        recipients=tuple(address.strip("<> ") for address in addresses if "@" in address),
    )
