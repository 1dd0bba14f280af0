"""An open round closes on another day than some letters say: they stay what they are, later ones name the new day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flask import Flask

from benchmarks.mail.sink import Fault, Sink
from pulse import clock, tick
from tests import factories
from tests.mail.conftest import Serve

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)
ANNA, BRAM, CHRIS = "anna@example.org", "bram@example.org", "chris@example.org"
FAULTS = {
    ("dot", BRAM): Fault(drop=True, keep=True),
    ("dot", CHRIS): Fault(drop=True),
    ("recipient", ANNA): Fault("450 4.2.0 later"),
}
"""Bram's letter and Chris's are of unknown fate, Anna's is put off."""


def work(after: timedelta) -> None:
    """Everything that is due then."""
    with clock.replaying(TUESDAY + after):
        tick.run_until_idle()


def bodies(sink: Sink, address: str) -> list[bytes]:
    """What somebody got, unfolded."""
    return [taken.content.replace(b"=\r\n", b"") for taken in sink.taken if taken.recipient == address]


def test_a_letter_that_may_have_arrived_is_sent_again_as_it_was_and_the_others_name_the_new_day(
    app: Flask, serve: Serve
) -> None:
    sink = serve(lambda stage, whom, number: FAULTS.get((stage, whom)) if number == 1 else None)
    organisation_id = factories.organisation()
    with clock.replaying(TUESDAY):
        round_id = factories.open_round(organisation_id, date(2026, 12, 1))
    work(timedelta())
    with clock.replaying(TUESDAY + timedelta(minutes=3)):
        moved = app.test_cli_runner().invoke(args=["round", "move-close", str(round_id), "2026-12-10"])
    assert moved.exit_code == 0, moved.output
    for minutes in (10, 40, 80):
        work(timedelta(minutes=minutes))
    first, second = bodies(sink, BRAM)
    assert first == second
    assert b"Tuesday 8 December" in first
    [chris] = bodies(sink, CHRIS)
    assert b"Tuesday 8 December" in chris
    [anna] = bodies(sink, ANNA)
    assert b"donderdag 10 december" in anna
    work(timedelta(days=2, minutes=5))
    assert b"Thursday 10 December" in bodies(sink, BRAM)[2]
