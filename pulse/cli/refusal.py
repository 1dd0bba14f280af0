"""A refusal is one sentence on standard error and exit code 1."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from config import ConfigurationError
from pulse.accounts import AccountRefused
from pulse.giveback import GiveBackRefused
from pulse.reports import ReportRefused
from pulse.results import CloseRefused
from pulse.roster import RosterRefused
from pulse.rounds import RoundRefused
from pulse.schedule import ScheduleRefused

REFUSALS = (
    ConfigurationError,
    AccountRefused,
    GiveBackRefused,
    ReportRefused,
    CloseRefused,
    RosterRefused,
    RoundRefused,
    ScheduleRefused,
)


class Command(click.Command):
    """A command whose refusals are sentences, not tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command in the application's context."""
        try:
            return with_appcontext(super().invoke)(ctx)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            raise click.ClickException(
                f"The database does not answer as it should: {error.orig}. "
                "If it is new, run `flask db upgrade` first; else look at DATABASE_URL."
            ) from error


class Group(AppGroup):
    """A group of such commands."""

    command_class = Command
