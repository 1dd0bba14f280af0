"""A whole Ruil as real processes: web, Celery workers, an SMTP server; on either pair of stores."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psycopg
import redis
from aiosmtpd.controller import Controller

from demo.mailbox import Mailbox

LATER = """
import sys
from datetime import timedelta
from pulse import clock, tick
with clock.replaying(clock.now() + timedelta(minutes=int(sys.argv[1]))):
    tick.run_until_idle()
"""
REPOSITORY = Path(__file__).parents[2]


@dataclass
class Stack:
    """The running processes of one test, and the settings they share."""

    folder: Path
    kind: str
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    mailbox: Mailbox = field(default_factory=Mailbox)
    smtp: Controller | None = None

    def __post_init__(self) -> None:
        web, smtp = free_port(), free_port()
        self.smtp = Controller(self.mailbox, hostname="127.0.0.1", port=smtp, data_size_limit=2**25)
        self.smtp.start()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "FLASK_APP": "pulse",
            "DEVELOPMENT": "true",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "BASE_URL": f"http://127.0.0.1:{web}",
            "PORT": str(web),
            "SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "MAIL_DOMAIN": "ruil.example",
            "KEY_DIR": str(self.folder / "keys"),
            "REPORT_DIR": str(self.folder / "reports"),
            "BROKER_DIR": str(self.folder / "broker"),
            "DATABASE_URL": f"sqlite:///{self.folder / 'ruil.db'}",
        }
        if self.kind == "postgresql-redis":
            self.environment["DATABASE_URL"] = new_postgres_database()
            self.environment["REDIS_URL"] = own_redis()

    @property
    def address(self) -> str:
        """Where the web app answers."""
        return self.environment["BASE_URL"]

    def flask(self, *words: str) -> str:
        """Run a `flask` command; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"flask {' '.join(words)}: {done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def figures(self, round_id: str) -> list[dict[str, object]]:
        """What was published of a round."""
        return [json.loads(line) for line in self.flask("export", "figures", "--round", round_id).splitlines()]

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a process of this stack in a process group of its own."""
        log = (self.folder / f"process-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=self.environment,
            cwd=REPOSITORY,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def start_web(self) -> None:
        """The web process as the Procfile starts it."""
        self.start(
            "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1",
            "--port", self.environment["PORT"], "--no-ws", "pulse:create_app",
        )  # fmt: skip
        self.until(lambda: answers(f"{self.address}/healthz"), 60, "the web app answers")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A Celery worker for all queues."""
        return self.start(
            "celery", "-A", "tasks", "worker", "-Q", "tick,mail,report,upkeep", "-c", "2",
            "-n", f"{uuid.uuid4().hex}@%h", "-l", "info",
        )  # fmt: skip

    def wake(self) -> None:
        """Send the beat's one task, so that a test need not wait for the minute."""
        done = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "tasks", "call", "ruil.tick", "--queue", "tick"],
            env=self.environment, cwd=REPOSITORY, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def wake_all(self, *tasks: str) -> None:
        """Send these tasks, in this order, to their queues; they never expire."""
        send = (
            "import sys, tasks\nfor name in sys.argv[1:]: tasks.app.send_task(name, queue=tasks.names.QUEUE_OF[name])"
        )
        done = subprocess.run(
            [sys.executable, "-c", send, *tasks],
            env=self.environment, cwd=REPOSITORY, capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def lose_broker(self) -> None:
        """All that Redis holds for this stack, or the broker's folder emptied."""
        if address := self.environment.get("REDIS_URL"):
            redis.Redis.from_url(address).flushdb()
        else:
            for path in Path(self.environment["BROKER_DIR"], "messages").iterdir():
                path.unlink(missing_ok=True)

    def tick_in(self, minutes: int) -> None:
        """What a tick does that much later, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", LATER, str(minutes)],
            env=self.environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows a table has, asked of the database itself."""
        question = f"SELECT count(*) FROM {table} WHERE {where}"
        address = self.environment["DATABASE_URL"]
        if address.startswith("postgresql"):
            with psycopg.connect(address) as connection:
                return int(connection.execute(question).fetchone()[0])  # type: ignore[arg-type, index]
        with closing(sqlite3.connect(self.folder / "ruil.db")) as connection:
            return int(connection.execute(question).fetchone()[0])

    def dump(self) -> bytes:
        """Everything the database holds: the whole file, or a dump."""
        address = self.environment["DATABASE_URL"]
        if address.startswith("postgresql"):
            return subprocess.run(["pg_dump", address], capture_output=True, check=True, timeout=60).stdout
        return (self.folder / "ruil.db").read_bytes()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 a process that this stack started, with its children."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)

    def shut_down(self, process: subprocess.Popen[bytes]) -> None:
        """Ask a process and its children to end, as systemd and honcho do; gives them time."""
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)

    def until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until `done()`, or fail saying what did not happen, with the logs' ends."""
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                logs = "\n".join(path.read_text()[-3000:] for path in sorted(self.folder.glob("*.log")))
                raise AssertionError(f"Not within {seconds} s: {what}.\n{logs}")
            time.sleep(0.3)

    def end(self) -> None:
        """End what this stack started, by its id."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        if self.smtp is not None:
            self.smtp.stop()


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    """Whether anything answers at `address`, whatever it says."""
    from urllib.error import HTTPError, URLError

    try:
        with urlopen(address, timeout=5):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def new_postgres_database() -> str:
    """A fresh database on the test's own PostgreSQL; its address."""
    server = os.environ["TEST_POSTGRES_URL"]
    name = f"way_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.rsplit("/", 1)[0].replace("postgresql+psycopg://", "postgresql://") + f"/{name}"


def own_redis() -> str:
    """A database of the test's own Redis that no stack of another process uses: its workers would take our wake-ups."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 16
    return os.environ["TEST_REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"
