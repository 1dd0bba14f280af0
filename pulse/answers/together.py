"""Visits that arrive at the same moment share one commit.

Each durable commit waits for the disk; whoever comes while one is under way joins the next. Nobody is
thanked before the commit that holds their answer has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from pulse.answers.recording import AnswerRefused, Outcome, Recorded, Said, record_all
from pulse.database import engine

MOST_TOGETHER = 64


@dataclass(eq=False)
class _Waiting:
    said: Said
    done: bool = False
    outcome: Outcome = None
    error: Exception | None = None


_arriving = Lock()
_committing = Lock()
_waiting: list[_Waiting] = []


def record_together(said: Said) -> Recorded | None:
    """Take in one visit, durably; None where the link is not that of an open round.

    Raises AnswerRefused, and the database's own error where the commit that held it failed.
    """
    mine = _Waiting(said)
    with _arriving:
        _waiting.append(mine)
    with _committing:
        # Whoever held the lock before may have taken this one along.
        while not mine.done:
            _commit_next()
    if mine.error is not None:
        raise mine.error
    if isinstance(mine.outcome, AnswerRefused):
        raise mine.outcome
    return mine.outcome


def _commit_next() -> None:
    with _arriving:
        batch = _waiting[:MOST_TOGETHER]
        del _waiting[:MOST_TOGETHER]
    try:
        with engine().begin() as connection:
            outcomes = record_all(connection, [one.said for one in batch])
        for one, outcome in zip(batch, outcomes, strict=True):
            one.outcome = outcome
    except Exception as error:  # each of those who wait must hear of it
        for one in batch:
            one.error = error
    finally:
        for one in batch:
            one.done = True
