"""The report queue: build what is asked for, then wake the mail that carries it."""

from __future__ import annotations

from pulse import tick
from tasks import app, names


@app.task(name=names.DRAIN_REPORTS)  # type: ignore[untyped-decorator]  # Celery ships no types
def drain_reports() -> dict[str, int]:
    """Build until nothing is asked for or the time is up; the next tick goes on."""
    done = tick.drain_reports()
    if done:
        app.send_task(names.DRAIN_MAIL, queue=names.MAIL_QUEUE, expires=55)
    return dict(done)
