"""`python -m benchmarks.mtas UNPACKED_OPENSMTPD`: a round of 1,000 people through Postfix and through OpenSMTPD."""

from __future__ import annotations

import logging
import sqlite3
import sys
import time
from collections import Counter
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.mail.kills import unfinished
from benchmarks.mail.outbox import fill, use
from benchmarks.mail.sink import Fault
from benchmarks.mtas.proxy import Proxy
from benchmarks.mtas.servers import DOMAIN, dovecot, opensmtpd, postfix
from pulse import clock, mail
from pulse.database import forget_engine, transaction
from pulse.mail.delivery.sending import drain
from pulse.mail.delivery.transport import Patience

PEOPLE = 1_000
PATIENCE = Patience(conversation=1.5, after_dot=1.5)
"""Shorter than the proxy's stall; in life a minute and ten."""
STALL = 3.0
HOURS = 48
NOT_THERE = 7
"""Of every fifty people this one has no mailbox, and the real server says so."""

FAULTS = {
    8: ("recipient", Fault("550 5.1.1 no such user"), 1_000),
    9: ("dot", Fault("552 5.3.4 message size exceeds fixed limit"), 1_000),
    10: ("recipient", Fault("554 5.7.1 refused by our spam filter"), 1_000),
    11: ("dot", Fault(drop=True, keep=True), 1),
    12: ("dot", Fault(drop=True), 1),
    13: ("dot", Fault(seconds=STALL, keep=True), 1),
    14: ("recipient", Fault(seconds=STALL), 1),
    15: ("recipient", Fault("421 4.7.0 too many messages, closing"), 1),
    16: ("data", Fault(drop=True), 2),
    17: ("data", Fault("451 4.3.0 local error"), 1),
    18: ("dot", Fault("451 4.3.2 try again later"), 1),
    19: ("dot", Fault("452 4.3.1 insufficient system storage"), 3),
    20: ("recipient", Fault("452 4.2.2 mailbox full"), 2),
}
"""By a person's number modulo fifty: stage, fault, and at how many tries."""
REASONS = {NOT_THERE: "no_such_person", 8: "no_such_person", 9: "too_large", 10: "blocked"}


def plan(stage: str, recipient: str, number: int) -> Fault | None:
    """What goes wrong: some of it for everybody now and then, some for certain people."""
    if stage == "connect":
        return Fault("421 4.3.2 not now") if number % 15 == 3 else None
    if stage == "sender":
        return Fault("451 4.3.0 try again later") if number % 60 == 0 else None
    person = int(recipient[1:].split("@", maxsplit=1)[0])
    if stage == "recipient" and person % 5 == 0 and number == 1:
        return Fault("450 4.2.0 greylisted, please come back in 300 seconds")
    where, fault, times = FAULTS.get(person % 50, ("", Fault(), 0))
    before = 1 if person % 5 == 0 and where == "recipient" else 0
    return fault if where == stage and number <= times + before else None


def main() -> int:
    """Both servers; 1 where anybody got none, two, or a false reason."""
    package = Path(sys.argv[1]).resolve()
    # That the server was left alone for a while is expected here, and counted below.
    logging.getLogger("pulse.mail").setLevel(logging.CRITICAL)
    print(f"{PEOPLE} people, faults at every stage; exactly one mail each, or a true reason")
    people = [f"p{number}@{DOMAIN}" for number in range(PEOPLE) if number % 50 != NOT_THERE]
    failed = 0
    for name in ("Postfix", "OpenSMTPD"):
        with TemporaryDirectory() as made:
            folder = Path(made)
            folder.chmod(0o755)
            with dovecot(folder / "dovecot") as lmtp, _server(name, folder, lmtp, people, package) as port:
                failed += _round(name, folder, port)
    return 1 if failed else 0


def _server(name: str, folder: Path, lmtp: int, people: list[str], package: Path) -> AbstractContextManager[int]:
    if name == "Postfix":
        return postfix(folder / "postfix", lmtp, people)
    return opensmtpd(folder / "opensmtpd", lmtp, people, package)


def _round(name: str, folder: Path, port: int) -> bool:
    proxy = Proxy(port, plan).start()
    use(f"sqlite:///{folder}/ruil.db", str(folder), proxy.port)
    fill(PEOPLE, DOMAIN)
    begun, start = time.monotonic(), clock.now()
    minutes = 0
    while minutes < HOURS * 60 and unfinished():
        _work(start + timedelta(minutes=minutes))
        minutes += 1 if minutes < 60 else 5
    forget_engine()
    rows = _rows(folder)
    there = {address for address, state, _ in rows if state == "accepted"}
    _await_mailboxes(folder, there)
    took = time.monotonic() - begun
    mailboxes = _mailboxes(folder)
    wrong = _wrong(rows, mailboxes)
    dropped = (folder / "dovecot/log").read_text().count(": discard action: Marked")
    print(f"\n{name}, {took:.0f} s, {minutes} minutes by Ruil's clock")
    print(f"  in the outbox: {_counts(Counter(state for _, state, _ in rows))}")
    print(f"  reasons: {_counts(Counter(reason for _, state, reason in rows if state != 'accepted'))}")
    print(f"  mailboxes with one mail {sum(count == 1 for count in mailboxes.values())}, with more "
          f"{sum(count > 1 for count in mailboxes.values())}; second copies that Sieve dropped {dropped}")  # fmt: skip
    print(f"  faults: {_counts(proxy.done)}")
    for problem in wrong[:10]:
        print(f"  NOT AS PROMISED: {problem}")
    return bool(wrong)


def _work(now: datetime) -> None:
    """What a tick and a drain do."""
    with clock.replaying(now):
        with transaction() as session:
            mail.reclaim(session, now, arrived=lambda _session, _invitation: False)
        drain(patience=PATIENCE)


def _rows(folder: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(folder / "ruil.db")) as database:
        return database.execute("SELECT address, state, coalesce(reason, '') FROM message ORDER BY address").fetchall()


def _await_mailboxes(folder: Path, expected: set[str]) -> None:
    """Until everybody's mail has come through the server's own queue; a minute at most."""
    for _ in range(120):
        if expected <= _mailboxes(folder).keys():
            return
        time.sleep(0.5)


def _mailboxes(folder: Path) -> Counter[str]:
    """How many mails lie in each mailbox; one for somebody else counts for nobody and stands out."""
    found: Counter[str] = Counter()
    for path in (folder / "dovecot/homes").glob("*/Maildir/new/*"):
        owner = f"{path.parents[2].name}@{DOMAIN}"
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        found[owner if owner == letter["to"].addresses[0].addr_spec else f"{owner} holds somebody else's"] += 1
    return found


def _wrong(rows: list[tuple[str, str, str]], mailboxes: Counter[str]) -> list[str]:
    wrong = []
    for address, state, reason in rows:
        expected = REASONS.get(int(address[1:].split("@")[0]) % 50)
        got = mailboxes[address]
        if expected and (state, reason, got) != ("rejected", expected, 0):
            wrong.append(f"{address} cannot be reached ({expected}), but is {state} ({reason}) with {got} mails")
        if not expected and (state, got) not in {("accepted", 1), ("unknown", 1)}:
            wrong.append(f"{address} is {state} ({reason}) with {got} mails")
    known = {address for address, _, _ in rows}
    return wrong + [f"{owner}: {count}" for owner, count in mailboxes.items() if owner not in known]


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {what or 'none'}" for what, count in sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main())
