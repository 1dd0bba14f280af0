"""Dates as HR systems write them, decided for a whole column. (pure)"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%b-%Y", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S")


def date_format(values: Iterable[str]) -> str | None:
    """The one format that reads every value; None where none does, or where days and months could be swapped."""
    present = [value for value in values if value]
    fitting = [form for form in FORMATS if all(_reads(value, form) for value in present)]
    if len(fitting) == 2 and present:
        same = all(parse(value, fitting[0]) == parse(value, fitting[1]) for value in present)
        return fitting[0] if same else None
    return fitting[0] if fitting else None


def parse(value: str, form: str) -> date:
    """The date in a value that has this format."""
    return datetime.strptime(value, form).date()  # noqa: DTZ007  # a date has no zone


def _reads(value: str, form: str) -> bool:
    try:
        parse(value, form)
    except ValueError:
        return False
    return True
