"""The upkeep queue: what no round needs any more, and mail that comes back."""

from __future__ import annotations

from pulse import tick
from tasks import app, names


@app.task(name=names.UPKEEP)  # type: ignore[untyped-decorator]  # Celery ships no types
def upkeep() -> dict[str, int]:
    """Sweep keys that belong to no round."""
    return dict(tick.upkeep())


@app.task(name=names.COLLECT_RETURNS)  # type: ignore[untyped-decorator]  # Celery ships no types
def collect_returns() -> dict[str, int]:
    """Take in what lies in the mailbox of returned mail; nothing where there is none."""
    return dict(tick.collect_returns())
