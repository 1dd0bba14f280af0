"""The whole loop as real processes: on SQLite with a folder as broker, and on PostgreSQL with Redis."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO, StringIO
from math import ceil
from pathlib import Path
from random import Random

import pytest
from pypdf import PdfReader

from demo.clicking import answer_links, get, press
from demo.mailbox import Mail
from tests.way.stack import Stack

STEPS = ((80, 1, 5), (40, 2, 10), (15, 5, 15), (7, 10, 20), (5, 10, 30))


@pytest.fixture(params=["sqlite-folder", "postgresql-redis"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """A whole Ruil on either pair of stores."""
    if request.param == "postgresql-redis" and "TEST_REDIS_URL" not in os.environ:
        pytest.skip("`make test` starts the PostgreSQL and Redis that this needs")
    running = Stack(tmp_path, request.param)
    yield running
    running.end()


def roster(people: int) -> str:
    """Three teams below one top, one of them too small to show."""
    chance = Random(people)
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["email", "name", "team", "role", "language"])
    rows.writerow(["top@example.org", "Tine Top", "Zorg", "manager", "nl"])
    for number in range(people):
        team = ["Noord", "Zuid", "Oost"][number % 3] if number < people - 3 else "Nacht"
        role = "manager" if number < 3 else "member"
        rows.writerow(
            [f"p{number}@example.org", f"Persoon {number}", f"Zorg / {team}", role, chance.choice(["nl", "en"])]
        )
    return out.getvalue()


def published(options: list[int]) -> float:
    """science.md B3, written apart from the product."""
    step, tail = next((step, tail) for least, step, tail in STEPS if len(options) >= least)
    q = 25 * sum(options) / len(options)
    v = 50 + (1 if q > 50 else -1) * ceil(abs(q - 50) / step - 0.5) * step
    return min(max(v, tail), 100 - tail)


def prepare(stack: Stack, people: int) -> None:
    """Database, organisation, roster and pulse, by the commands an operator uses."""
    (stack.folder / "roster.csv").write_text(roster(people), encoding="utf-8")
    stack.flask("db", "upgrade")
    stack.flask("organisation", "create", "De Linde", "--admin", "hr@example.org")
    stack.flask("roster", "import", str(stack.folder / "roster.csv"))
    dates = stack.flask(
        "pulse", "schedule", "--title", "Maandelijks", "--rule", "FREQ=MONTHLY;BYDAY=1TU", "--time", "10:00"
    )
    assert len(re.findall(r"^  \w+day ", dates, re.M)) == 12


def invitations(stack: Stack) -> list[Mail]:
    """The invitations that have arrived."""
    return [mail for mail in list(stack.mailbox.mails) if answer_links(text(mail))]


def text(mail: Mail) -> str:
    """The text part of a mail."""
    body = mail.parsed().get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_a_month_from_roster_to_the_managers_pdf(stack: Stack) -> None:
    people = 45
    prepare(stack, people)
    stack.start_web()
    stack.start_worker()
    stack.start_worker()
    round_id = stack.flask("round", "open", "1", "--now")
    stack.wake()
    stack.until(lambda: len(invitations(stack)) == people + 1, 120, "everybody has a letter")

    letters = {mail.recipient: mail for mail in invitations(stack)}
    assert len(letters) == people + 1
    clicks = click(letters, stack)

    keys = [path.read_bytes() for path in (stack.folder / "keys").iterdir()]
    assert len(keys) == 2
    assert stack.flask("round", "close", round_id)
    nothing_is_left(stack, letters, keys)
    stack.wake()
    figures = stack.figures(round_id)
    assert {"B", "R"} <= {figure["question"] for figure in figures}
    for figure in figures:
        counted = [
            option
            for path in figure["teams"]  # type: ignore[attr-defined]
            for option in clicks[str(figure["question"])][path]
        ]
        assert len(counted) == figure["respondents"]
        assert published(counted) == figure["value"]
    stack.until(lambda: len(reports(stack)) >= 4, 180, "each manager has a report")
    assert len(list((stack.folder / "keys").glob("*"))) == 0
    check_reports(stack)
    assert Counter(mail.recipient for mail in invitations(stack)).most_common(1)[0][1] == 1


def click(letters: dict[str, Mail], stack: Stack) -> dict[str, dict[str, list[int]]]:
    """Everybody answers B without script; what they click is counted by node, apart from the product."""
    chance = Random(7)
    clicks: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = csv.DictReader(StringIO((stack.folder / "roster.csv").read_text()))
    for row in rows:
        links = answer_links(text(letters[row["email"]]))
        assert len(set(links)) == 5
        for link in links:
            get(link)
        leads = row["role"] == "manager"
        node = row["team"].rsplit(" / ", 1)[0] if leads else row["team"]
        option = chance.randrange(5)
        link = links[option]
        page = press(link, get(link))
        clicks["B"][node].append(option)
        option = chance.randrange(5)
        press(link, page, ("option-R", str(option)))
        clicks["R"][node].append(option)
    return clicks


def nothing_is_left(stack: Stack, letters: dict[str, Mail], keys: list[bytes]) -> None:
    """After the close no row ties a person to an answer; no token, handle or key is in the database."""
    held = stack.dump()
    tokens = {link.rsplit("/", 1)[1] for mail in letters.values() for link in answer_links(text(mail))}
    handles = {token[:13] for token in tokens}
    for secret in (*tokens, *handles, *(sha256(handle.encode()).hexdigest() for handle in handles)):
        assert secret.encode() not in held
    for key in keys:
        assert key not in held
        assert key.hex().encode() not in held
    assert stack.count("sealed_answer") == 0
    assert b"anna" in held or b"p1@example.org" in held


def reports(stack: Stack) -> list[Mail]:
    """The managers' mails that have arrived, each with a PDF."""
    return [mail for mail in list(stack.mailbox.mails) if list(mail.parsed().iter_attachments())]


def check_reports(stack: Stack) -> None:
    """Each manager's own PDF, the first of the mail, has two pages."""
    for mail in reports(stack):
        own, *_below = mail.parsed().iter_attachments()
        assert len(PdfReader(BytesIO(own.get_content())).pages) == 2


def test_wake_ups_that_come_twice_in_any_order_or_late_and_a_rolling_deploy_double_nothing(stack: Stack) -> None:
    """F5, F6, F22: two beats and eight ticks at once, each wake-up twice, and workers that are replaced under load."""
    people = 150
    prepare(stack, people)
    stack.mailbox.seconds = 0.03
    stack.flask("round", "open", "1", "--now")
    stack.wake_all(*["ruil.drain_mail"] * 2, *["ruil.tick"] * 10, *["ruil.upkeep", "ruil.drain_mail"] * 2)
    workers = [stack.start_worker(), stack.start_worker()]
    for least in (10, 60):
        stack.until(lambda least=least: len(invitations(stack)) > least, 60, f"{least} letters have left")  # type: ignore[misc]  # it is called at once
        stack.shut_down(workers.pop(0))
        workers.append(stack.start_worker())
        stack.wake_all("ruil.tick", "ruil.drain_mail")
    accepted = "state = 'accepted' AND kind = 'invitation'"
    stack.until(lambda: stack.count("message", accepted) == people + 1, 60, "all letters have left")
    late = stack.count("heartbeat", "queue = 'mail'")
    stack.wake_all(*["ruil.drain_mail", "ruil.drain_reports", "ruil.tick"] * 2)
    stack.tick_in(minutes=70)
    assert late
    assert stack.count("round") == 1
    assert stack.count("message", "state = 'unknown'") == 0
    received = Counter(mail.recipient for mail in invitations(stack))
    assert (len(received), set(received.values())) == (people + 1, {1})


def test_losing_the_broker_and_the_worker_loses_and_doubles_nothing(stack: Stack) -> None:
    people = 240
    prepare(stack, people)
    stack.mailbox.seconds = 0.01
    worker = stack.start_worker()
    stack.flask("round", "open", "1", "--now")
    stack.wake()
    stack.until(lambda: len(invitations(stack)) > 10, 60, "the first letters have left")
    stack.lose_broker()
    stack.kill(worker)
    sent = len(invitations(stack))
    assert sent < people + 1
    stack.tick_in(minutes=20)
    received = Counter(mail.recipient for mail in invitations(stack))
    assert set(received.values()) == {1}
    unknown = stack.count("message", "state = 'unknown'")
    assert unknown <= 2
    assert stack.count("message", "state = 'accepted' AND kind = 'invitation'") == people + 1 - unknown
    assert len(received) >= people + 1 - unknown
    stack.start_worker()
    stack.wake()
    stack.until(lambda: stack.count("heartbeat") >= 2, 60, "a new worker works")
    assert Counter(mail.recipient for mail in invitations(stack)) == received
