"""Celery: it wakes the work up and spreads it; what is due, the database decides.

`celery -A tasks worker -Q tick,mail,report,upkeep` and `celery -A tasks beat`. Without REDIS_URL the
wake-ups go through a folder, and no server is needed.
"""

from __future__ import annotations

import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from config import settings
from pulse.database import forget_engine
from tasks import names

TICK_SECONDS = 60


def make_celery() -> Celery:
    """The Celery app with the settings of this environment."""
    app = Celery("ruil", include=["tasks.rounds", "tasks.mail", "tasks.reports", "tasks.upkeep", "tasks.watchdog"])
    app.conf.update(_transport())
    app.conf.update(
        task_ignore_result=True,
        result_backend=None,
        task_serializer="json",
        accept_content=["json"],
        task_create_missing_queues=True,
        task_default_queue=names.TICK_QUEUE,
        task_routes={task: {"queue": queue} for task, queue in names.QUEUE_OF.items()},
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        task_soft_time_limit=840,
        task_time_limit=900,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=200,
        worker_max_memory_per_child=400_000,
        worker_hijack_root_logger=False,
        worker_soft_shutdown_timeout=30,
        worker_enable_soft_shutdown_on_idle=True,
        broker_connection_retry_on_startup=True,
        timezone="UTC",
        beat_schedule={
            "tick": {"task": names.TICK, "schedule": TICK_SECONDS, "options": {"expires": TICK_SECONDS - 5}}
        },
        beat_schedule_filename=str(settings().broker_dir / "beat"),
    )
    return app


def _transport() -> dict[str, Any]:
    folder = settings().broker_dir
    folder.mkdir(parents=True, exist_ok=True)
    if address := settings().redis_url:
        return {
            "broker_url": address,
            "broker_transport_options": {
                "visibility_timeout": 3600,
                "socket_keepalive": True,
                "health_check_interval": 30,
            },
        }
    messages, control = folder / "messages", folder / "control"
    for path in (messages, control):
        path.mkdir(exist_ok=True)
    return {
        "broker_url": "filesystem://",
        "broker_transport_options": {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
            "store_processed": False,
        },
    }


@worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery ships no types
def _begin_child(**_kwargs: Any) -> None:
    """A forked child must not share its parent's database connections, and ends when its parent says so.

    systemd and honcho send SIGTERM to all processes of a worker. The parent then lets each child finish its task;
    a child that died of it itself would leave a mail between its last byte and the server's word.
    """
    forget_engine()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


app = make_celery()
