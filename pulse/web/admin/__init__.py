"""The administrator's pages. They show people, plans and delivery; never who answered, never an answer."""

from pulse.web.admin import (
    account,
    asking,
    calendars,
    holds,
    importing,
    letters,
    overview,
    people,
    published,
    pulses,
    reports,
    rounds,
    unreachable,
)
from pulse.web.admin.door import blueprint

__all__ = [
    "account",
    "asking",
    "blueprint",
    "calendars",
    "holds",
    "importing",
    "letters",
    "overview",
    "people",
    "published",
    "pulses",
    "reports",
    "rounds",
    "unreachable",
]
