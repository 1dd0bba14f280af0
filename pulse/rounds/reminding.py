"""When an open round reminds: after two working days, and on its last working day. (pure)"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pulse.calendar import OFFICE, Hours, working_day_before, working_days_after

LEAST_LEFT = timedelta(hours=2)
"""A reminder with less time than this to answer is not worth a mail."""
APART = timedelta(days=1)
"""Between two mails about the same round."""


def remind_instants(
    sent: datetime, closes: datetime, zone: str, hours: Hours = OFFICE, closed: Container[date] = frozenset()
) -> list[datetime]:
    """At most two instants for one invitation, at its own wall time; never past the close."""
    local_sent, local_close = (moment.astimezone(ZoneInfo(zone)) for moment in (sent, closes))
    wall = hours.fitting(local_sent.timetz().replace(tzinfo=None))
    first, last = (
        datetime.combine(day, wall, ZoneInfo(zone))
        for day in (
            working_days_after(local_sent.date(), 2, closed, hours),
            working_day_before((local_close - timedelta(days=1)).date(), hours, closed),
        )
    )
    found = [first] if first < local_close - LEAST_LEFT else []
    if last - (first if found else local_sent) >= APART and last < local_close - LEAST_LEFT:
        found.append(last)
    return [moment.astimezone(sent.tzinfo) for moment in found]
