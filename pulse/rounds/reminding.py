"""When an open round reminds: after two working days, and on its last day. (pure)"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pulse.schedule import working_days_after

LEAST_LEFT = timedelta(hours=2)
"""A reminder with less time than this to answer is not worth a mail."""


def remind_instants(sent: datetime, closes: datetime, zone: str) -> list[datetime]:
    """At most two instants for one invitation, at its own wall time; never past the close."""
    local_sent, local_close = (moment.astimezone(ZoneInfo(zone)) for moment in (sent, closes))
    first = datetime.combine(
        working_days_after(local_sent.date(), 2), local_sent.timetz().replace(tzinfo=None), ZoneInfo(zone)
    )
    last = local_close - timedelta(days=1)
    found = [first] if first < local_close - LEAST_LEFT else []
    if last - first >= timedelta(days=1):
        found.append(last)
    return [moment.astimezone(sent.tzinfo) for moment in found]
