"""The crowd that the closing benchmark counts is a round like any other."""

from __future__ import annotations

from sqlalchemy import func, select

from benchmarks.closing.crowd import QUESTIONS, crowd
from pulse import results
from pulse.answers import SealedAnswer
from pulse.database import reading


def test_a_crowd_closes_with_every_answer_counted(database: str) -> None:
    crowd(people=20, teams=2)
    round_id, answers = crowd(people=200, teams=20)
    assert answers == 200 * 8 // 10 * len(QUESTIONS)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(SealedAnswer)) == answers + 32
    results.close(round_id)
    with reading() as session:
        lines = list(results.export_lines(session, None, round_id))
        assert session.scalar(select(func.count()).select_from(SealedAnswer)) == 32
    assert sum(int(str(line["respondents"])) for line in lines) == answers
    assert len(lines) == 20 * len(QUESTIONS)
