"""The mail queue: send what is due."""

from __future__ import annotations

from pulse import tick
from tasks import app, names


@app.task(name=names.DRAIN_MAIL)  # type: ignore[untyped-decorator]  # Celery ships no types
def drain_mail() -> dict[str, int]:
    """Send until nothing is due or the time is up; the next tick goes on."""
    return dict(tick.drain_mail())
