"""The tick: what is due now, then a wake-up for each queue that may have work of it."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError

from pulse import tick
from tasks import app, names

log = logging.getLogger(__name__)


@app.task(name=names.TICK)  # type: ignore[untyped-decorator]  # Celery ships no types
def run_tick() -> dict[str, int]:
    """Do everything that is due; losing the wake-ups below costs a minute, never work."""
    done = tick.run()
    drains = [names.DRAIN_REPORTS] * tick.report_workers()
    for name in (names.DRAIN_MAIL, *drains, names.UPKEEP, names.COLLECT_RETURNS):
        try:
            app.send_task(name, queue=names.QUEUE_OF[name], expires=55)
        except (OperationalError, OSError):
            log.warning("The broker did not take the wake-up %s; the next tick sends it again.", name)
    return dict(done)
