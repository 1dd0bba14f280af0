"""`flask …`: each command reads its input, calls one use case and shows the outcome.

Exit code 0: done; 1: refused, with a sentence; 2: wrong usage.
"""

from __future__ import annotations

from flask import Flask

from pulse.cli import calendars, database, mail, organisations, people, pulses, reports, roster, rounds, running


def register(app: Flask) -> None:
    """Give `app` all of Ruil's commands."""
    for command in (
        database.group,
        organisations.group,
        roster.group,
        people.group,
        calendars.group,
        calendars.location,
        calendars.hold,
        pulses.group,
        rounds.group,
        mail.group,
        reports.group,
        reports.export,
        running.tick,
        running.healthcheck,
    ):
        app.cli.add_command(command)
