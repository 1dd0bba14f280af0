"""A mail server that does wrong what a test tells it to, and a round whose letters are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

import config
from benchmarks.mail.sink import Plan, Sink
from pulse.database import reading
from pulse.mail import Message
from tests import factories

Serve = Callable[..., Sink]


@pytest.fixture
def serve(environment: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a server with a plan of faults, and send to it; gives a function that does so."""
    started: list[Sink] = []

    def start(
        plan: Plan = lambda _stage, _recipient, _number: None, url: str = "smtp://127.0.0.1:{port}", **more: object
    ) -> Sink:
        sink = Sink(plan=plan, **more).start()  # type: ignore[arg-type]
        started.append(sink)
        environment.setenv("SMTP_URL", url.format(port=sink.port))
        config.settings.cache_clear()
        return sink

    yield start
    for sink in started:
        sink.stop()


@pytest.fixture
def a_round(database: str) -> int:
    """Thirteen letters are due."""
    return factories.open_round(factories.organisation())


def row(address: str) -> Message:
    """The mail to somebody."""
    with reading() as session:
        return session.scalars(select(Message).where(Message.address == address)).one()
