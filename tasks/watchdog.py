"""A worker that is connected but does nothing ends itself, and whoever supervises it starts a new one.

Liveness is measured by work done (the heartbeats in the database), not by a process that exists: a Celery worker
can stop consuming without a word (celery#8030, #10205).
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_ready
from sqlalchemy.exc import SQLAlchemyError

from pulse import clock, tick

log = logging.getLogger(__name__)

EVERY_SECONDS = 30.0


def watch(queues: Collection[str], *, every: float = EVERY_SECONDS, after: timedelta = tick.STALE_AFTER) -> None:
    """Look now and then; end this process when none of its queues has done anything for `after`."""
    started = clock.now()
    while not _deaf(queues, started, after):
        time.sleep(every)
    log.critical("This worker has done nothing for %d seconds and ends, to be started anew.", after.total_seconds())
    for last_word in (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL):
        os.kill(os.getpid(), last_word)
        time.sleep(60)


def _deaf(queues: Collection[str], started: datetime, after: timedelta) -> bool:
    now = clock.now()
    if now - started < after:
        return False
    try:
        return tick.silent(queues, now - after)
    except SQLAlchemyError:
        # A database that is away is not this worker's fault, and a new one would not find it either.
        return False


@worker_ready.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _start(sender: Any, **_kwargs: Any) -> None:
    queues = set(sender.app.amqp.queues.consume_from)
    threading.Thread(target=watch, args=(queues,), name="watchdog", daemon=True).start()
