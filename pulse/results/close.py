"""Closing a round: count, publish once, and let every single answer cease to exist.

Each step may be repeated after a crash: the state of the round says which are done.
open → closing (no more answers) → closed (figures written, in one transaction) → erased. A round whose
keys are lost cannot be counted by anybody; it is abandoned instead: nothing is published, the rest is erased.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from pulse import clock, mail
from pulse.answers import KeyMissing, counted_of, delete_answers
from pulse.answers.box import BrokenSeal, opener
from pulse.database import engine, reading, transaction
from pulse.questions import NOT_MY_CASE
from pulse.results import ledger
from pulse.results.blocks import Block, Node, cut
from pulse.results.tables import Figure
from pulse.rounds import Invitation, Round, RoundTeam, box_key, destroy_box_key, destroy_link_key, link_key

OPENERS, AT_ONCE = 2, 2000
"""Threads that open seals, and how many seals each takes."""
_Opened = tuple[str, str, int]
"""Node, question, option."""


class CloseRefused(Exception):
    """A round that cannot be closed; the text is a sentence."""


@dataclass(frozen=True)
class CloseOutcome:
    """What a close has published."""

    round_id: int
    figures: int
    state: str = "closed"
    """Or `abandoned`: then there is nothing to publish."""


def close(round_id: int) -> CloseOutcome:
    """Close a round, or finish a close that was interrupted; repeating it changes nothing."""
    _stop_answers(round_id)
    _publish(round_id)
    _erase(round_id)
    with reading() as session:
        figures = session.scalar(select(func.count()).where(Figure.round_id == round_id))
        state = session.get_one(Round, round_id).state
    return CloseOutcome(round_id, figures or 0, state)


def abandon(round_id: int) -> None:
    """Give up a round whose keys are lost: publish nothing, erase everything. Repeating it changes nothing.

    Raises CloseRefused while its answers can still be counted: no round is thrown away by mistake, or by choice.
    """
    with transaction() as session:
        asked = session.get(Round, round_id, with_for_update=True)
        if asked is None:
            raise CloseRefused(f"There is no round {round_id}. See `flask round list`.")
        if asked.state == "closed":
            raise CloseRefused(f"Round {round_id} is closed and its figures are published; they stay.")
        if asked.state != "abandoned" and box_key(asked.uid) is not None and link_key(asked.uid) is not None:
            raise CloseRefused(
                f"The keys of round {round_id} are in KEY_DIR, so its answers can be counted. "
                f"Close it instead: flask round close {round_id}."
            )
        asked.state = "abandoned"
    _erase(round_id)


def _stop_answers(round_id: int) -> None:
    with transaction() as session:
        asked = session.get(Round, round_id, with_for_update=True)
        if asked is None:
            raise CloseRefused(f"There is no round {round_id}. See `flask round list`.")
        if asked.state == "open":
            asked.state = "closing"


def _publish(round_id: int) -> None:
    with transaction() as session:
        asked = session.get_one(Round, round_id, with_for_update=True)
        if asked.state != "closing":
            return
        now = clock.now()
        ledger.write(session, asked, _blocks(session, asked), now)
        asked.state, asked.closed_at = "closed", now


def _erase(round_id: int) -> None:
    """First the key that opens the answers, then the rows, then the key of the links."""
    with reading() as session:
        asked = session.get_one(Round, round_id)
    if asked.state not in {"closed", "abandoned"} or asked.erased_at is not None:
        return
    destroy_box_key(asked.uid)
    with transaction() as session:
        row = session.get_one(Round, round_id, with_for_update=True)
        delete_answers(session, round_id)
        mail.forget_round(session, row)
        session.execute(update(Invitation).where(Invitation.round_id == round_id).values(handle_sha256=None))
    _truncate_log()
    destroy_link_key(asked.uid)
    # Last, so that whatever a crash leaves undone is finished by the next tick.
    with transaction() as session:
        session.get_one(Round, round_id).erased_at = clock.now()


def _blocks(session: Session, asked: Round) -> dict[str, list[Block]]:
    answers = _opened(session, asked)
    teams = session.scalars(select(RoundTeam).where(RoundTeam.round_id == asked.id)).all()
    invited = dict(
        session.execute(
            select(Invitation.counting_path, func.count())
            .where(Invitation.round_id == asked.id)
            .group_by(Invitation.counting_path)
        ).all()
    )
    not_reached = mail.not_reached(session, asked.id)
    questions = sorted({question for team in teams for question in team.questions})
    return {
        question: cut(
            {
                team.path: Node(
                    team.path,
                    team.parent_path,
                    invited.get(team.path, 0) if question in team.questions else 0,
                    tuple(answers[question][team.path]) if question in team.questions else (),
                    not_reached.get(team.path, 0) if question in team.questions else 0,
                )
                for team in teams
            },
            asked.minimum_group,
        )
        for question in questions
    }


def _opened(session: Session, asked: Round) -> dict[str, dict[str, list[int]]]:
    """All answers that count, by question and node. They exist in the clear only here, only now.

    Seals are opened in threads of their own, outside Python's lock, while this one goes on reading and judging.
    """
    key = box_key(asked.uid)
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    counted = counted_of(session, asked.id)
    waiting: deque[Future[list[_Opened]]] = deque()
    try:
        with ThreadPoolExecutor(OPENERS) as threads:
            while some := list(islice(counted, AT_ONCE)):
                if key is None:
                    raise CloseRefused(
                        f"The key of round {asked.id} is not in KEY_DIR, so its answers cannot be opened. Put "
                        f"{asked.uid}.box back. If it cannot be found, they are lost: flask round abandon {asked.id}."
                    )
                waiting.append(threads.submit(_open, opener(key), some))
                if len(waiting) > OPENERS:
                    _sort_in(waiting.popleft().result(), found)
            for future in waiting:
                _sort_in(future.result(), found)
    except KeyMissing as error:
        raise CloseRefused(str(error)) from error
    except BrokenSeal as error:
        raise CloseRefused(
            f"An answer of round {asked.id} does not open with its key. Nothing was published. "
            "Compare KEY_DIR and the database: were they restored from different days?"
        ) from error
    return found


def _open(open_sealed: Callable[[bytes], int], some: Sequence[tuple[str, str, bytes]]) -> list[_Opened]:
    return [(node, question, open_sealed(sealed)) for node, question, sealed in some]


def _sort_in(opened: Iterable[_Opened], found: dict[str, dict[str, list[int]]]) -> None:
    for node, question, option in opened:
        if option in range(NOT_MY_CASE):
            found[question][node].append(option)


def _truncate_log() -> None:
    """On SQLite in WAL mode the log may still hold what was deleted."""
    if engine().dialect.name == "sqlite":
        connection = engine().raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
