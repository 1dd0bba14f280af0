"""A locked database, a full disk, a killed server: nobody is thanked for what is not kept, and nothing kept is lost."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from sqlalchemy import event, select

from benchmarks.answering.people import Asked, ask
from pulse.answers import heard
from pulse.database import engine, forget_engine, reading
from pulse.database.engine import reader
from pulse.rounds import Invitation, Round, handle, link_key, token
from tests import factories
from tests.answers.asking import counted, fields, stored

ONLY_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AGENT = {"User-Agent": "Mozilla/5.0 (a colleague)"}


def _with(pragma: str) -> None:
    """From now on every connection of the app starts with this."""
    forget_engine()
    for made in (engine(), reader()):
        event.listen(made, "connect", lambda connection, _record: connection.execute(f"PRAGMA {pragma}"))
        made.connect().close()


@ONLY_SQLITE
def test_a_locked_database_thanks_nobody_and_says_try_again(app: Flask, tmp_path: Path) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    path = f"/a/{factories.link('anna@example.org', 3)}"
    sent = fields(client.get(path).text)
    _with("busy_timeout=100")
    other = sqlite3.connect(tmp_path / "ruil.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for reply in (client.get(path), client.post(path, data=sent)):
        assert reply.status_code == 503
        assert reply.headers["Retry-After"] == "10"
        assert "over een minuut" in reply.text
    other.execute("ROLLBACK")
    other.close()
    assert stored() == []
    assert "binnen" in client.post(path, data=sent).text
    assert counted("anna@example.org") == {"B": 3}


@ONLY_SQLITE
def test_a_full_disk_thanks_nobody_whose_answer_is_not_on_it(app: Flask, tmp_path: Path) -> None:
    factories.open_round(factories.organisation())
    client = app.test_client()
    with sqlite3.connect(tmp_path / "ruil.db") as known:
        pages = known.execute("PRAGMA page_count").fetchone()[0]
    _with(f"max_page_count={pages}")
    thanked: dict[str, int] = {}
    refused = 0
    for option in range(2):
        for email in ("anna@example.org", "bram@example.org", *(f"n{number}@example.org" for number in range(6))):
            path = f"/a/{factories.link(email, None)}"
            for question in ("B", "R", "LA"):
                sent = {"visit": fields(client.get(path).text)["visit"], f"option-{question}": str(option)}
                reply = client.post(path, data=sent)
                refused += reply.status_code == 503
                if "option-B" in sent and "binnen" in reply.text:
                    thanked[email] = option
    assert refused
    assert thanked
    assert {email: counted(email).get("B") for email in thanked} == thanked


@ONLY_SQLITE
def test_a_server_that_is_killed_loses_no_answer_that_was_thanked_for(database: str, tmp_path: Path) -> None:
    asked = ask(240)
    thanked: set[str] = set()
    for start in range(0, len(asked), 80):
        with _server() as (address, process), ThreadPoolExecutor(8) as pool:
            waiting = [pool.submit(_answers, address, one) for one in asked[start : start + 80]]
            while sum(one.done() for one in waiting) < 20:
                time.sleep(0.005)
            os.killpg(process.pid, signal.SIGKILL)
            thanked |= {one.result() for one in waiting} - {""}
    forget_engine()
    with reading() as session:
        kept = heard(session, session.scalars(select(Round.id)).one())
        key = link_key(session.scalars(select(Round.uid)).one()) or b""
        links = {
            f"/a/{token(key, handle(key, one.uid), 3, 'html')}": one.id for one in session.scalars(select(Invitation))
        }
    assert len(thanked) >= 60
    assert {links[path] for path in thanked} <= kept
    with sqlite3.connect(tmp_path / "ruil.db") as known:
        assert known.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@contextmanager
def _server() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--factory"]
    options = ["--blocking-threads", "8", "--no-ws", "pulse:create_app"]
    with subprocess.Popen(
        [*command, *options], start_new_session=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address, process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            urlopen(f"{address}/privacy", timeout=2)
            return
        except URLError:
            time.sleep(0.1)
    raise AssertionError("The web server did not start.")


def _answers(address: str, one: Asked) -> str:
    """The path of an answer that was thanked for; empty where the server was gone."""
    try:
        with urlopen(Request(address + one.path, one.body.encode(), AGENT), timeout=10) as reply:
            return one.path if "binnen" in reply.read().decode() else ""
    except OSError:
        return ""
