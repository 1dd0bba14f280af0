"""What tests share: a database of each kind, the app, a real SMTP server, a real browser."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

import config
from demo.mailbox import Mailbox
from pulse.database import forget_engine
from pulse.database.migrations import upgrade
from pulse.holding import forget_clocks

# A busy machine is no failure: no test is about its own speed.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
POSTGRES = os.environ.get("TEST_POSTGRES_URL")
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-blink-features=AutomationControlled",
    "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
]
SETTINGS = {
    "DEVELOPMENT": "true",
    "BASE_URL": "http://127.0.0.1:8000",
    "MAIL_DOMAIN": "ruil.example",
    "SECRET_KEY": "a secret for tests that is long enough",
}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings that point into this test's own folder; nothing of the developer's own."""
    for name in config.names():
        monkeypatch.delenv(name, raising=False)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    for name in ("KEY_DIR", "REPORT_DIR", "BROKER_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'ruil.db'}")
    forget()
    yield monkeypatch
    forget()


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def database(request: pytest.FixtureRequest, environment: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh database with all tables, on SQLite and, where one runs, on PostgreSQL; gives its kind."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    if request.param == "postgresql":
        assert POSTGRES is not None
        on_server(f'CREATE DATABASE "{name}"')
        environment.setenv("DATABASE_URL", POSTGRES.rsplit("/", 1)[0] + f"/{name}")
        forget()
    upgrade()
    yield str(request.param)
    forget()
    if request.param == "postgresql":
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def app(database: str) -> Flask:
    """The web app on this test's database."""
    from pulse import create_app

    made = create_app()
    made.config["TESTING"] = True
    return made


@pytest.fixture
def smtp_sink(environment: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A real SMTP server that keeps what it gets."""
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=0)
    server.port = free_port()
    server.start()
    environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    config.settings.cache_clear()
    yield mailbox
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window, and without saying that a program drives it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


def forget() -> None:
    """Read the settings anew, connect anew, and remember no other test's clock."""
    forget_engine()
    forget_clocks()
    config.settings.cache_clear()


def on_server(statement: str) -> None:
    """Run a statement on the test's own PostgreSQL server."""
    assert POSTGRES is not None
    with psycopg.connect(POSTGRES.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # the name is made above


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
