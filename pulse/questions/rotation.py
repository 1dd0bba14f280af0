"""Which questions a month asks. (pure)"""

from __future__ import annotations

WHEEL = (("LA", "CO"), ("LT", "OD"), ("LL", "E"), ("G", "P"))
"""Four months, two rotating items each (science.md A2)."""
SOURCES = ("LA", "LT", "LL", "CO", "OD")
"""The items that ask what comes back, by source."""


def questions_for(period: str, promise: bool) -> list[str]:
    """The questions of a period such as `2026-11`, in the order asked.

    Balance is in the mail; recognition and two rotating items follow on the page. In the month
    after a manager's promise, F takes the place of the second rotating item.

    >>> questions_for("2026-11", promise=False)
    ['B', 'R', 'LL', 'E']
    >>> questions_for("2026-11", promise=True)
    ['B', 'R', 'LL', 'F']
    """
    year, month = (int(part) for part in period.split("-"))
    first, second = WHEEL[(year * 12 + month - 1) % len(WHEEL)]
    return ["B", "R", first, "F" if promise else second]
