"""The upkeep queue: what no round needs any more."""

from __future__ import annotations

from pulse import tick
from tasks import app, names


@app.task(name=names.UPKEEP)  # type: ignore[untyped-decorator]  # Celery ships no types
def upkeep() -> dict[str, int]:
    """Sweep keys that belong to no round."""
    return dict(tick.upkeep())
