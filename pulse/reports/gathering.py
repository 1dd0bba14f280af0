"""From the database to a page: which rows a team's story is made of, and no others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import settings
from pulse.giveback import PastGiveBack, history
from pulse.reports.facts import story_of
from pulse.reports.lens import Published, Subject
from pulse.reports.pages import page_of
from pulse.reports.story import Story
from pulse.results import figures_of
from pulse.roster import Organisation
from pulse.rounds import Invitation, Round, RoundTeam, signed_token

LOOKING_BACK = 24
"""Rounds of a pulse that a report may speak of: twelve months, and promises of the year before."""


class ReportRefused(Exception):
    """A report that cannot be made; the text is a sentence."""


def story_for(session: Session, round_id: int, team_path: str, request_id: int | None = None) -> Story:
    """One team's story in one closed round, with the link of the manager whose copy it is; raises ReportRefused."""
    asked = session.get(Round, round_id)
    if asked is None or asked.closed_at is None:
        raise ReportRefused(f"Round {round_id} is not closed, so there is nothing to report. See: flask round list.")
    team = session.scalar(select(RoundTeam).where(RoundTeam.round_id == round_id, RoundTeam.path == team_path))
    if team is None:
        raise ReportRefused(
            f"Round {round_id} has no team {team_path!r}. Write its path from the top, such as Zorg / Wijkteam Noord."
        )
    rounds = rounds_told(session, asked)
    return story_of(
        published_in(session, asked, rounds),
        rounds,
        _subject(session, asked, team),
        _past(session, asked, team_path),
        _link(request_id),
    )


def rounds_told(session: Session, asked: Round) -> list[tuple[int, str]]:
    """Id and period of the closed rounds that a report of `asked` speaks of, oldest first."""
    newest_first = (
        select(Round.id, Round.period)
        .where(Round.pulse_id == asked.pulse_id, Round.period <= asked.period, Round.closed_at.is_not(None))
        .order_by(Round.period.desc())
        .limit(LOOKING_BACK)
    )
    return [(found.id, found.period) for found in session.execute(newest_first).all()[::-1]]


def page_for(session: Session, round_id: int, team_path: str, language: str, request_id: int | None = None) -> str:
    """The HTML of one team's report: some manager's own copy, or the one without a link."""
    return page_of(story_for(session, round_id, team_path, request_id), language)


def file_name(team_path: str, period: str, language: str) -> str:
    """A name that every file system takes, whatever a team is called."""
    plain = re.sub(r"[^\w]+", "-", team_path).strip("-")[:80] or "team"
    return f"ruil-{period}-{plain}-{language}.pdf"


_newest: dict[tuple[str, tuple[int, ...]], Published] = {}
"""The ledger of the round that is being reported. What is published never changes, so it is read once."""


def published_in(session: Session, asked: Round, rounds: Sequence[tuple[int, str]]) -> Published:
    """What was published in these rounds, up to and with `asked`."""
    ids = tuple(round_id for round_id, _ in rounds)
    found = _newest.get((asked.uid, ids))
    if found is None:
        found = Published(figures_of(session, asked.organisation_id, ids))
        _newest.clear()
        _newest[asked.uid, ids] = found
    return found


def _subject(session: Session, asked: Round, team: RoundTeam) -> Subject:
    invited = select(func.count()).where(Invitation.round_id == asked.id, Invitation.counting_path == team.path)
    assert asked.closed_at is not None
    return Subject(
        organisation=asked.organisation_name,
        path=team.path,
        name=team.name,
        root=asked.root_path,
        closed_on=asked.closed_at.astimezone(ZoneInfo(settings().timezone)).date(),
        minimum_group=asked.minimum_group,
        invited=session.scalar(invited) or 0,
        colour=session.get_one(Organisation, asked.organisation_id).colour,
    )


def _past(session: Session, asked: Round, team_path: str) -> list[PastGiveBack]:
    """What was given back before this round closed, as it was known then: a report made again is the same."""
    assert asked.closed_at is not None
    return [
        given if given.told_period is None or given.told_period <= asked.period else replace(given, told_period=None)
        for given in history(session, asked.organisation_id, team_path)
        if given.given_at <= asked.closed_at
    ]


def _link(request_id: int | None) -> str | None:
    """The give-back page of the one manager whose copy this is; a copy that others read has none."""
    if request_id is None:
        return None
    return f"{settings().base_url}/m/{signed_token(settings().secret_key, 'give-back', request_id)}"
