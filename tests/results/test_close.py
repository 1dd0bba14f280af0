"""The close: counted, published once, and every single answer gone, whatever fails on the way."""

from __future__ import annotations

import importlib
import os
import secrets
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from config import settings
from pulse import clock, results, rounds
from pulse.answers import SealedAnswer
from pulse.answers.box import seal
from pulse.database import engine, forget_engine, reading, transaction
from pulse.results import CloseRefused, Figure
from pulse.results.ledger import LedgerIsWrittenOnce
from pulse.rounds import Invitation, Round, RoundTeam
from tests.results.month import CLOSED, EAST, NORTH, OPENED, Month, open_month

closing = importlib.import_module("pulse.results.close")

SAID = {
    "B": {"anna": 0, "bram": 1, "noor": 1, "niek": 1, "nina": 2, "nout": 1}
    | {"chris": 3, "otto": 2, "olga": 2, "mara": 4, "omar": 4, "dirk": 3},
    "R": {"anna": 4, "bram": 4, "noor": 4, "niek": 4, "nina": 4, "chris": 0, "otto": 0},
    "G": {"anna": 2, "bram": 2, "noor": 2, "chris": 2},
    "P": {"chris": 1, "otto": 1, "mara": 1, "omar": 1, "dirk": 1},
    "F": {"anna": 3, "bram": 3, "noor": 2, "niek": 2, "nina": 3},
}
PUBLISHED = [
    # Six of Noord add up to 6: 25, rounded toward 50 and at the tail. The others are the rest of Zorg: 18.
    ("B", "Zorg", "rest of Zorg", ("Zorg", EAST), "≥ 70", 6, 6),
    ("B", NORTH, NORTH, (NORTH,), "≤ 30", 6, 7),
    # Noord asks F this month, not P. Olga says nothing of it, but she was asked.
    ("F", NORTH, NORTH, (NORTH,), "60", 5, 7),
    # P: five answers of Zorg and Oost that add up to 5; G: four answers in all, so nothing.
    ("P", "Zorg", "Zorg", ("Zorg", EAST), "≤ 30", 5, 6),
    # R: two of Oost are too few on their own and at Zorg: they join Noord.
    ("R", NORTH, f"{NORTH} and others", ("Zorg", NORTH, EAST), "70", 7, 13),
]
ERASED: dict[str, object] = {"state": "closed", "erased": True, "delivery": {"queued": 13}}
GONE: dict[str, object] = {"sealed": 0, "handles": 0, "reminders": 0, "hashes": 0, "keys": []}


@pytest.fixture
def month(database: object) -> Month:
    """Zorg's December, with everybody's answers in."""
    opened = open_month()
    opened.say_all(SAID)
    return opened


def close(month: Month) -> results.CloseOutcome:
    with clock.replaying(CLOSED):
        return results.close(month.round_id)


def test_a_round_is_counted_published_and_forgotten(month: Month) -> None:
    assert close(month) == results.CloseOutcome(month.round_id, 5)
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}


def test_closing_again_changes_nothing(month: Month) -> None:
    first = close(month)
    with reading() as session:
        stamps = session.execute(select(Round.closed_at, Round.erased_at)).all()
    with clock.replaying(CLOSED.replace(day=20)):
        assert results.close(month.round_id) == first
    with reading() as session:
        assert session.execute(select(Round.closed_at, Round.erased_at)).all() == stamps
        assert rounds.due_rounds_to_close(session, CLOSED) == []


def test_from_the_first_step_on_no_answer_is_taken(month: Month) -> None:
    closing._stop_answers(month.round_id)
    assert not month.say("nele", "B", 4)
    close(month)
    assert not month.say("nele", "B", 4)
    assert month.left()["figures"] == PUBLISHED


STEPS = (
    "_publish",
    "ledger.write",
    "_erase",
    "destroy_box_key",
    "delete_answers",
    "mail.forget_round",
    "_truncate_log",
    "destroy_link_key",
)


class Crash(Exception):
    """The process is gone."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_anywhere_ends_the_same(month: Month, monkeypatch: pytest.MonkeyPatch, step: str, after: bool) -> None:
    with monkeypatch.context() as broken:
        crash_at(broken, step, after)
        with pytest.raises(Crash):
            close(month)
    with reading() as session:
        finished = (step, after) == ("_erase", True)
        assert rounds.due_rounds_to_close(session, CLOSED) == ([] if finished else [month.round_id])
    assert close(month).figures == 5
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}


def crash_at(monkeypatch: pytest.MonkeyPatch, step: str, after: bool) -> None:
    where, _, name = step.rpartition(".")
    home = getattr(closing, where) if where else closing
    real: Callable[..., Any] = getattr(home, name)

    def crashing(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Crash

    monkeypatch.setattr(home, name, crashing)


def test_until_the_figures_are_written_no_answer_is_lost(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    crash_at(monkeypatch, "ledger.write", after=True)
    with pytest.raises(Crash):
        close(month)
    left = month.left()
    assert (left["state"], left["figures"]) == ("closing", [])
    assert left["sealed"] == sum(len(options) for options in SAID.values())
    assert rounds.box_key(month.uid) is not None


def test_the_key_goes_before_the_rows(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    crash_at(monkeypatch, "delete_answers", after=False)
    with pytest.raises(Crash):
        close(month)
    left = month.left()
    assert left["figures"] == PUBLISHED
    assert left["sealed"] and left["keys"] == [f"{month.uid}.link"]


def test_many_may_close_at_once(month: Month) -> None:
    problems: list[BaseException] = []
    outcomes: list[int] = []

    def one() -> None:
        try:
            outcomes.append(results.close(month.round_id).figures)
        except BaseException as error:
            problems.append(error)

    closers = [threading.Thread(target=one) for _ in range(4)]
    for closer in closers:
        closer.start()
    for closer in closers:
        closer.join(60)
    assert (problems, outcomes) == ([], [5, 5, 5, 5])
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}


def test_a_machine_is_not_counted_and_of_two_answers_the_later_is(month: Month) -> None:
    for evidence in (0, 1, 2):
        month.say("nele", "B", 4, evidence)
        month.say("anna", "B", 4, evidence)
    month.say("bram", "B", 4, 3)  # weaker than what he pressed before
    month.say("nina", "R", 0)
    month.say("nina", "R", 4)
    close(month)
    assert month.left()["figures"] == PUBLISHED


def test_an_answer_nobody_asked_for_is_not_counted(month: Month) -> None:
    """A row that came into the database by another way than the page."""
    with transaction() as session:
        asked = session.get_one(Round, month.round_id)
        someone = session.scalars(select(Invitation).where(Invitation.counting_path == NORTH)).first()
        assert someone is not None
        for question in ("P", "LA", "nonsense"):
            session.add(
                SealedAnswer(
                    organisation_id=month.organisation_id,
                    invitation_id=someone.id,
                    question=question,
                    visit="none",
                    evidence=4,
                    sealed=seal(asked.public_key, 0),
                )
            )
    close(month)
    assert month.left()["figures"] == PUBLISHED


def test_without_its_key_a_round_says_so_and_waits(month: Month) -> None:
    path = settings().key_dir / f"{month.uid}.box"
    key = path.read_bytes()
    path.unlink()
    with pytest.raises(CloseRefused, match=rf"Put {month.uid}\.box back"):
        close(month)
    assert month.left()["sealed"] == sum(len(options) for options in SAID.values())
    assert month.left()["figures"] == []
    path.write_bytes(key)
    close(month)
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}


@pytest.mark.parametrize("lost", ["box", "link"])
def test_a_round_whose_key_is_lost_can_be_given_up(month: Month, lost: str, app: Flask) -> None:
    flask = app.test_cli_runner()
    (settings().key_dir / f"{month.uid}.{lost}").unlink()
    assert flask.invoke(args=["round", "abandon", str(month.round_id)], input="n\n").exit_code == 1
    assert month.left()["sealed"] == sum(len(options) for options in SAID.values())
    done = flask.invoke(args=["round", "abandon", str(month.round_id), "--yes"])
    assert (done.exit_code, "answers are lost; nothing was published" in done.output) == (0, True), done.output
    assert month.left() == {**ERASED, **GONE, "state": "abandoned", "figures": []}
    # The tick has nothing more to do with it, nothing is reported, and it can neither be closed nor answered.
    with reading() as session:
        assert rounds.due_rounds_to_close(session, CLOSED) == rounds.rounds_to_report(session) == []
        assert rounds.key_problems(session, CLOSED.replace(month=12, day=20)) == []
    again = flask.invoke(args=["round", "abandon", str(month.round_id), "--yes"])
    assert again.output == done.output
    assert "abandoned\t0 figures" in flask.invoke(args=["round", "close", str(month.round_id)]).output
    assert not month.say("anna", "B", 1)


def test_giving_up_that_broke_off_is_finished_by_the_tick(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings().key_dir / f"{month.uid}.box").unlink()
    with monkeypatch.context() as broken:
        crash_at(broken, "delete_answers", after=False)
        with pytest.raises(Crash):
            results.abandon(month.round_id)
    with reading() as session:
        assert rounds.due_rounds_to_close(session, OPENED) == [month.round_id]
    close(month)
    assert month.left() == {**ERASED, **GONE, "state": "abandoned", "figures": []}


def test_a_round_that_can_be_counted_or_was_is_not_given_up(month: Month) -> None:
    with pytest.raises(CloseRefused, match=f"Close it instead: flask round close {month.round_id}"):
        results.abandon(month.round_id)
    close(month)
    with pytest.raises(CloseRefused, match="is closed and its figures are published; they stay"):
        results.abandon(month.round_id)
    with pytest.raises(CloseRefused, match="There is no round 999"):
        results.abandon(999)
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}


def test_keys_that_are_lost_older_than_their_round_or_open_to_others_are_said(month: Month) -> None:
    key = settings().key_dir / f"{month.uid}.box"
    kept = key.read_bytes()
    assert [stat.S_IMODE(path.stat().st_mode) for path in settings().key_dir.iterdir()] == [0o600, 0o600]
    assert stat.S_IMODE(settings().key_dir.stat().st_mode) == 0o700

    def problems() -> list[str]:
        with reading() as session:
            return rounds.key_problems(session, clock.now())

    with clock.replaying(OPENED):
        assert problems() == []
        key.chmod(0o640)
        assert "Others can read" in problems()[0]
        key.unlink()
        assert f"flask round abandon {month.round_id}" in problems()[0]
    key.write_bytes(kept)
    key.chmod(0o600)
    close(month)
    # A backup of KEY_DIR is put back after the close.
    key.write_bytes(kept)
    key.chmod(0o600)
    os.utime(key, (CLOSED.timestamp(), CLOSED.timestamp()))
    with clock.replaying(CLOSED.replace(day=10)):
        assert "keys of rounds that are over" in problems()[0]
        with transaction() as session:
            assert rounds.sweep_orphan_keys(session) == 1
        assert problems() == []


def test_a_key_that_is_destroyed_while_somebody_looks_is_no_fault(
    database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulse.rounds.finding.stored_keys", lambda: {"gone.link": settings().key_dir / "gone.link"})
    with transaction() as session:
        assert rounds.key_problems(session, clock.now()) == []
        assert rounds.sweep_orphan_keys(session) == 0


def test_with_another_rounds_key_nothing_is_published(month: Month) -> None:
    (settings().key_dir / f"{month.uid}.box").write_bytes(secrets.token_bytes(32))
    with pytest.raises(CloseRefused, match="Nothing was published"):
        close(month)
    assert month.left()["figures"] == []


def test_a_round_that_nobody_answered_closes_without_key_or_figures(database: object) -> None:
    month = open_month()
    (settings().key_dir / f"{month.uid}.box").unlink()
    assert close(month).figures == 0
    assert month.left() == {**ERASED, **GONE, "figures": []}


def test_there_is_no_such_round(database: object) -> None:
    with pytest.raises(CloseRefused, match="There is no round 7"):
        results.close(7)


def test_nothing_sealed_is_left_in_the_files(month: Month, tmp_path: Path) -> None:
    if engine().dialect.name != "sqlite":
        pytest.skip("PostgreSQL's pages are noise without the key; this looks into SQLite's file")
    with reading() as session:
        sealed = list(session.scalars(select(SealedAnswer.sealed)))
        handles = [handle.encode() for handle in session.scalars(select(Invitation.handle_sha256)) if handle]
    assert all(any(item in content for content in database_files()) for item in sealed)
    close(month)
    assert not any(item in content for item in (*sealed, *handles) for content in database_files())


def test_in_wal_mode_the_log_is_cut(database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine().dialect.name != "sqlite":
        pytest.skip("the write-ahead log of SQLite")
    forget_engine()
    monkeypatch.setattr(sys.modules["pulse.database.engine"], "wal_is_safe", lambda version: True)
    month = open_month()
    month.say_all(SAID)
    with reading() as session:
        sealed = list(session.scalars(select(SealedAnswer.sealed)))
    close(month)
    assert month.left() == {**ERASED, **GONE, "figures": PUBLISHED}
    assert not any(item in content for item in sealed for content in database_files())


def database_files() -> list[bytes]:
    path = Path(engine().url.database or "")
    return [found.read_bytes() for found in path.parent.glob(f"{path.name}*")]


def test_ten_thousand_answers_close_in_seconds(database: object) -> None:
    month = open_month(promised=None)
    crowd(month, people=2500)
    started = time.monotonic()
    outcome = close(month)
    assert time.monotonic() - started < 10
    assert outcome.figures == 4 * 100
    assert month.left()["sealed"] == 0


def crowd(month: Month, people: int) -> None:
    """A hundred teams more, whose people answer all four questions."""
    with transaction() as session:
        asked = session.get_one(Round, month.round_id)
        sealed = {option: seal(asked.public_key, option) for option in range(5)}
        common = {"organisation_id": month.organisation_id, "round_id": month.round_id}
        paths = [f"Zorg / {number}" for number in range(100)]
        session.execute(
            insert(RoundTeam),
            [
                {
                    **common,
                    "path": path,
                    "parent_path": "Zorg",
                    "name": path,
                    "questions": ["B", "R", "G", "P"],
                }
                for path in paths
            ],
        )
        session.execute(
            insert(Invitation),
            [
                {
                    **common,
                    "uid": secrets.token_hex(8),
                    "person_id": None,
                    "email": f"{number}@zorg.example",
                    "name": "",
                    "language": "nl",
                    "timezone": "Europe/Amsterdam",
                    "team_path": paths[number % 100],
                    "counting_path": paths[number % 100],
                    "send_at": OPENED,
                    "closes_at": CLOSED,
                }
                for number in range(people)
            ],
        )
        everybody = session.scalars(select(Invitation.id).where(Invitation.person_id.is_(None))).all()
        session.execute(
            insert(SealedAnswer),
            [
                {
                    "organisation_id": month.organisation_id,
                    "invitation_id": person,
                    "question": question,
                    "visit": "one",
                    "evidence": 4,
                    "sealed": sealed[person % 5],
                }
                for person in everybody
                for question in ("B", "R", "G", "P")
            ],
        )


def test_a_published_figure_can_be_neither_changed_nor_deleted(month: Month) -> None:
    close(month)
    with pytest.raises(LedgerIsWrittenOnce), transaction() as session:
        session.scalars(select(Figure)).first().value = 55  # type: ignore[union-attr]
    with pytest.raises(LedgerIsWrittenOnce), transaction() as session:
        session.delete(session.scalars(select(Figure)).first())
    with pytest.raises(LedgerIsWrittenOnce), transaction() as session:
        session.execute(update(Figure).values(value=55))
    with pytest.raises(LedgerIsWrittenOnce), transaction(month.organisation_id) as session:
        session.execute(delete(Figure).where(Figure.round_id == month.round_id))
    with pytest.raises(LedgerIsWrittenOnce), transaction() as session:
        session.execute(delete(Figure.__table__))
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Figure)) == 5
    assert month.left()["figures"] == PUBLISHED


def test_the_export_says_what_was_published_and_nothing_else(month: Month) -> None:
    close(month)
    with reading() as session:
        lines = list(results.export_lines(session, None, month.round_id))
        assert list(results.export_lines(session, month.organisation_id, None)) == lines
        assert list(results.export_lines(session, month.organisation_id + 1, None)) == []
        assert list(results.export_lines(session, None, month.round_id + 1)) == []
    assert lines[0] == {
        "organisation": "Zorg BV",
        "block": "rest of Zorg",
        "teams": ["Zorg", EAST],
        "round": month.round_id,
        "period": "2026-12",
        "question": "B",
        "value": 70,
        "shown": "≥ 70",
        "respondents": 6,
        "invited": 6,
    }
    assert [line["question"] for line in lines] == ["B", "B", "F", "P", "R"]


def test_figures_come_back_as_plain_values(month: Month) -> None:
    close(month)
    with reading(month.organisation_id) as session:
        figures = results.figures_of(session, month.organisation_id)
        assert results.figures_of(session, month.organisation_id + 1) == []
    assert [(figure.question, figure.block, figure.shown) for figure in figures] == [
        (question, block, shown) for question, block, _, _, shown, _, _ in PUBLISHED
    ]
    assert figures[0].teams == ("Zorg", EAST)
    assert (figures[0].at_tail, figures[0].minimum_group, figures[0].period) == ("high", 5, "2026-12")


def test_the_ledger_knows_no_person() -> None:
    """Column by column: a new one must be argued for here, and none leads to a person."""
    assert [column.name for column in Figure.__table__.columns] == [
        "id",
        "round_id",
        "period",
        "question",
        "block",
        "label",
        "teams",
        "value",
        "shown",
        "respondents",
        "invited",
        "minimum_group",
        "published_at",
        "organisation_id",
    ]
    assert not Figure.__table__.foreign_keys
    assert Figure.metadata is not Round.metadata
