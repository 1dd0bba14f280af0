"""From rows of cells to people, or to one sentence for each row that is wrong. (pure)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from pulse.locale import Sentence
from pulse.roster.dates import date_format, parse
from pulse.roster.decoding import Row
from pulse.roster.headers import FIELDS, Columns, map_columns, plain

PARTED = " / "
LONGEST = 200
LANGUAGES = {"nl": "nl", "nld": "nl", "dut": "nl", "dutch": "nl", "nederlands": "nl"}
LANGUAGES |= {"en": "en", "eng": "en", "english": "en", "engels": "en"}
ROLES = {"": False, "member": False, "lid": False, "medewerker": False, "manager": True, "leidinggevende": True}
YES = {"true", "1", "yes", "ja", "y", "j", "x", "active", "actief", "enabled"}
NO = {"", "false", "0", "no", "nee", "n", "inactive", "inactief", "disabled", "terminated"}
_ZONES = available_timezones()


@dataclass(frozen=True)
class Entry:
    """One person as the file has them."""

    line: int
    email: str
    team: str
    name: str = ""
    employee_id: str | None = None
    leads: bool = False
    manager: str = ""
    language: str | None = None
    timezone: str | None = None
    location: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    on_leave: bool = False


@dataclass
class Sheet:
    """All that a file says: people, what is wrong with it, and what was not kept."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Sentence] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)


class _Wrong(Exception):
    """One cell is wrong: its field and the sentence."""

    def __init__(self, name: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.field = name
        self.sentence = sentence


def read_sheet(rows: list[Row]) -> Sheet:
    """Read the header and every row; the sheet's problems name each bad row by line and column."""
    if len(rows) > 1 and plain(rows[0].cells[0]).startswith("version"):
        rows = rows[1:]
    columns = map_columns(rows[0].cells)
    sheet = Sheet(dropped=columns.dropped, notes=list(columns.notes), columns=set(columns.positions))
    missing = [name for name in ("email", "team") if name not in columns.positions]
    if missing:
        sheet.problems = [
            Sentence(
                "Line %(line)s: there is no column for the %(field)s. Name one '%(name)s' (or see docs/roster.md for "
                "the other names that Ruil knows).",
                line=rows[0].line,
                field=FIELDS[name] if name != "email" else Sentence("email"),
                name=name,
            )
            for name in missing
        ]
        return sheet
    formats = _date_formats(rows[1:], columns, sheet)
    for row in rows[1:]:
        try:
            if entry := _entry(row, columns, formats):
                sheet.entries.append(entry)
        except _Wrong as wrong:
            header = columns.names.get(wrong.field, wrong.field)
            sheet.problems.append(
                Sentence(
                    "Line %(line)s, column %(column)s: %(problem)s",
                    line=row.line,
                    column=repr(header),
                    problem=wrong.sentence,
                )
            )
    sheet.problems += _repeated(sheet.entries)
    return sheet


def _entry(row: Row, columns: Columns, formats: dict[str, str]) -> Entry | None:
    cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.positions.items()}
    for name, value in cells.items():
        if len(value) > LONGEST or not value.isprintable():
            raise _Wrong(
                name,
                Sentence("this is longer than %(most)s letters or holds signs that cannot be shown.", most=LONGEST),
            )
    if "status" in cells and cells["status"].casefold() in NO - {""}:
        return None
    entry = Entry(
        line=row.line,
        email=_email(cells["email"]),
        team=_team(cells),
        name=_name(cells),
        employee_id=cells.get("employee_id") or None,
        leads=_role(cells.get("role", "")),
        manager=cells.get("manager", ""),
        language=_language(cells.get("language", "")),
        timezone=_zone(cells.get("timezone", "")),
        location=cells.get("location") or None,
        on_leave=cells.get("on_leave", "").casefold() not in NO,
    )
    dates = {name: parse(cells[name], form) for name, form in formats.items() if cells.get(name)}
    return replace(entry, start_date=dates.get("start_date"), end_date=dates.get("end_date"))


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise _Wrong(
            "email",
            Sentence("%(value)s is no e-mail address. Correct it.", value=repr(value)),
        ) from error


def _team(cells: dict[str, str]) -> str:
    value = cells["team"]
    names = value.strip("/").split("/") if value.startswith("/") else value.split(PARTED)
    names = [name.strip() for name in names if name.strip()]
    if not names:
        raise _Wrong("team", Sentence("there is no team. Write its path, top first, such as 'Zorg / Wijkteam Noord'."))
    parent = cells.get("parent_unit", "")
    if parent and len(names) == 1 and parent != names[0]:
        names = [name.strip() for name in parent.split(PARTED)] + names
    return PARTED.join(names)


def _name(cells: dict[str, str]) -> str:
    if cells.get("name"):
        return cells["name"]
    parts = (cells.get(name, "") for name in ("given_name", "name_prefix", "family_name"))
    return " ".join(part for part in parts if part)


def _role(value: str) -> bool:
    if value.casefold() not in ROLES:
        raise _Wrong("role", Sentence("%(value)s is no role. Write member or manager.", value=repr(value)))
    return ROLES[value.casefold()]


def _language(value: str) -> str | None:
    if not value:
        return None
    known = LANGUAGES.get(value.casefold()) or LANGUAGES.get(value.casefold().replace("_", "-").split("-")[0])
    if known is None:
        raise _Wrong(
            "language",
            Sentence("Ruil does not speak %(value)s. Write nl or en, or leave it empty.", value=repr(value)),
        )
    return known


def _zone(value: str) -> str | None:
    if value and value not in _ZONES:
        raise _Wrong(
            "timezone",
            Sentence("%(zone)s is no IANA time zone. Write one such as Europe/Amsterdam.", zone=repr(value)),
        )
    return value or None


def _date_formats(rows: list[Row], columns: Columns, sheet: Sheet) -> dict[str, str]:
    formats: dict[str, str] = {}
    for name in ("start_date", "end_date"):
        if name in columns.positions:
            at = columns.positions[name]
            form = date_format(row.cells[at] if at < len(row.cells) else "" for row in rows)
            if form is None:
                sheet.problems.append(
                    Sentence(
                        "Column %(column)s: these dates can be read in more than one way, or not at all. Write them as "
                        "2026-11-30.",
                        column=repr(columns.names[name]),
                    )
                )
            else:
                formats[name] = form
    return formats


def _repeated(entries: list[Entry]) -> Iterator[Sentence]:
    for key in ("email", "employee_id"):
        seen: dict[str, int] = {}
        for entry in entries:
            value = getattr(entry, key)
            if value and value in seen:
                yield Sentence(
                    "Line %(line)s: the %(field)s %(value)s is already on line %(other)s. Each person stands in the "
                    "file once.",
                    line=entry.line,
                    field=FIELDS[key],
                    value=repr(value),
                    other=seen[value],
                )
            elif value:
                seen[value] = entry.line
