"""Everything that is due now, in order. Safe at any time, any number of times at once.

The database decides what is due; each step below finds its rows there, does them in short
transactions of its own, and leaves the rest to the next tick. Losing the tick costs time, never work.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import settings
from pulse import alerts, answers, clock, holding, mail, reports, results, returns, roster, rounds, schedule
from pulse.database import Heartbeat, held, insert_into, reading, transaction

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=3)
"""A queue without a round of work for this long is not alive, whatever its process says."""
LONGEST_WAIT_MINUTES = 12
"""A mail server may take ten minutes for its last word (RFC 5321 4.5.3.2.6)."""
WATCHED_QUEUES = ("tick", "mail", "report")
RETURNS = "returns"
"""Not a queue: when the mailbox of returned mail was last read."""
UNREAD_AFTER = timedelta(minutes=30)


def run() -> Counter[str]:
    """One tick: opens, reminds, reclaims, closes and asks for reports. Returns what was done.

    A step that fails is logged and does not hold up the others; the next tick tries it again. While Ruil
    is held (`pulse/holding.py`) it only looks, tells administrators, and says that it is alive.
    """
    done: Counter[str] = Counter()
    steps: tuple[tuple[str, Callable[[], int]], ...] = (
        ("resumed", _resume_pulses),
        ("caught up", _catch_up_mail),
        ("opened", _open_due_rounds),
        ("left", _stop_for_leavers),
        ("reminded", _queue_reminders),
        ("reclaimed", _reclaim_mail),
        ("closed", _close_due_rounds),
        ("reported", _queue_reports),
        ("asked", _ask_managers),
        ("alerted", _tell_administrators),
    )
    if holding.look(clock.now()):
        steps = steps[-1:]
    for name, step in steps:
        try:
            done[name] += step()
        except Exception:
            log.exception("The tick could not finish its step %r; the next tick tries again.", name)
            done["failed"] += 1
    _end()
    return +done


def run_until_idle() -> Counter[str]:
    """Tick and drain in this process until nothing more is due: Ruil without Celery."""
    total = collect_returns() + upkeep()
    while True:
        done = run()
        done.update(drain_mail())
        done.update(drain_reports())
        total.update(done)
        if not +done or done["failed"]:
            return total


def drain_mail(*, insist: bool = False) -> Counter[str]:
    """Send the mail that is due; `insist` tries a mail server although it was found away or unwilling."""
    with _beating("mail"):
        sent = mail.drain(insist=insist, alive=lambda: beat("mail"))
    beat("mail")
    return Counter({f"mail {state}": count for state, count in sent.items()})


def drain_reports() -> Counter[str]:
    """Build the reports that are asked for."""
    built = reports.drain_reports()
    beat("report")
    return Counter({f"report {state}": count for state, count in built.items()})


def report_workers() -> int:
    """How many workers have something to draw."""
    with reading() as session:
        return reports.workers_worth_waking(session)


def upkeep() -> Counter[str]:
    """Sweep what no round needs any more; nothing while Ruil is held, for a newer backup may need it."""
    with transaction() as session:
        if held(session):
            return Counter()
        swept = rounds.sweep_orphan_keys(session)
    with transaction() as session:
        now = clock.now()
        forgotten = mail.sweep_mail(session, now)
        lifted = roster.sweep_suppressions(session, now)
    return +Counter({"keys swept": swept, "mails forgotten": forgotten, "suppressions lapsed": lifted})


def collect_returns() -> Counter[str]:
    """Take in what lies in the mailbox of returned mail; nothing where there is none, or where it cannot be read."""
    try:
        collected = returns.collect()
    except returns.MailboxUnread as error:
        log.error("%s", error)
        return Counter()
    if settings().bounce_imap_url:
        beat(RETURNS)
    return +Counter({f"returned {kind}": count for kind, count in collected.items()})


def _end() -> None:
    """Record that the tick has done its work, and that this database has seen one tick more."""
    with transaction() as session:
        # First: ticks that end at the same moment wait for each other at this row, even at the very first.
        _beat(session, "tick")
        mark = holding.take_turn(session, clock.now())
    holding.write_mark(mark)


def beat(queue: str) -> None:
    """Record that `queue` has just done its work."""
    with transaction() as session:
        _beat(session, queue)


def _beat(session: Session, queue: str) -> None:
    beaten = {"beat_at": clock.now()}
    # The very first beats of two workers may come together.
    session.execute(
        insert_into(session.connection(), Heartbeat)
        .values(queue=queue, **beaten)
        .on_conflict_do_update(index_elements=["queue"], set_=beaten)
    )


def silent(queues: Collection[str], since: datetime) -> bool:
    """Whether none of these queues has done any work since then."""
    with reading() as session:
        newest = session.scalar(select(func.max(Heartbeat.beat_at)).where(Heartbeat.queue.in_(queues)))
    return newest is None or newest < since


@contextmanager
def _beating(queue: str) -> Iterator[None]:
    """Beat every minute while the work below waits for others, but no longer than they may keep it waiting."""
    over = threading.Event()

    def keep_on() -> None:
        for _ in range(LONGEST_WAIT_MINUTES):
            if over.wait(60):
                return
            beat(queue)

    threading.Thread(target=keep_on, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def health(session: Session, now: datetime) -> list[str]:
    """What is not well, each in a sentence with what to do; empty when all is well."""
    beats = {row.queue: row.beat_at for row in session.scalars(select(Heartbeat))}
    problems = []
    for queue in WATCHED_QUEUES:
        if queue not in beats:
            problems.append(f"The {queue} queue has never worked. Start the worker and beat of the Procfile.")
        elif beats[queue] < now - STALE_AFTER:
            minutes = int((now - beats[queue]).total_seconds() // 60)
            problems.append(f"The {queue} queue last worked {minutes} minutes ago. Restart the worker and beat.")
    problems += [f"{sentence} To let it go on: flask hold release." for sentence in holding.reasons(session)]
    if settings().bounce_imap_url and beats.get(RETURNS, now - UNREAD_AFTER) <= now - UNREAD_AFTER:
        problems.append("The mailbox of returned mail has not been read for half an hour. See the log for the reason.")
    problems += [
        f"{sentence} No alert reaches administrators until it is over." for sentence in mail.sender_problems(session)
    ]
    return problems + rounds.key_problems(session, now)


def _open_due_rounds() -> int:
    now = clock.now()
    with reading() as session:
        due = [pulse.id for pulse in schedule.due_pulses(session, now)]
    opened = 0
    for pulse_id in due:
        try:
            with transaction() as session:
                opened += mail.launch_due(session, pulse_id, now)
        except Exception:
            log.exception("Pulse %d could not open its round; the next tick tries again.", pulse_id)
    return opened


def _resume_pulses() -> int:
    with transaction() as session:
        return schedule.resume_due(session, clock.now())


def _catch_up_mail() -> int:
    with transaction() as session:
        return mail.catch_up_mail(session, clock.now())


def _stop_for_leavers() -> int:
    with transaction() as session:
        return mail.stop_for_leavers(session, clock.now())


def _queue_reminders() -> int:
    with transaction() as session:
        return answers.queue_reminders(session, clock.now())


def _reclaim_mail() -> int:
    with transaction() as session:
        return mail.reclaim(session, clock.now(), arrived=answers.arrived)


def _close_due_rounds() -> int:
    with reading() as session:
        due = rounds.due_rounds_to_close(session, clock.now())
    return _each(due, results.close, "close")


def _queue_reports() -> int:
    with reading() as session:
        waiting = rounds.rounds_to_report(session)
    return _each(waiting, reports.queue_reports, "report")


def _ask_managers() -> int:
    with transaction() as session:
        return reports.ask_managers(session, clock.now())


def _tell_administrators() -> int:
    with reading() as session:
        notices = alerts.noticed(session, clock.now())
    with transaction() as session:
        return alerts.tell(session, notices, clock.now())


def _each(round_ids: list[int], act: Callable[[int], object], what: str) -> int:
    """Do the same for each round; one that cannot be done is logged and holds up no other."""
    done = 0
    for round_id in round_ids:
        try:
            act(round_id)
            done += 1
        except Exception:
            log.exception("Round %d could not %s; the next tick tries again.", round_id, what)
    return done
