"""From the database to a page: which rows a team's story is made of, and no others."""

from __future__ import annotations

import re
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
    rounds = session.execute(
        select(Round.id, Round.period)
        .where(Round.pulse_id == asked.pulse_id, Round.period <= asked.period, Round.closed_at.is_not(None))
        .order_by(Round.period.desc())
        .limit(LOOKING_BACK)
    ).all()[::-1]
    return story_of(
        _published(session, asked, tuple(found.id for found in rounds)),
        [(found.id, found.period) for found in rounds],
        _subject(session, asked, team),
        _past(session, asked, team_path),
        _link(request_id),
    )


def page_for(session: Session, round_id: int, team_path: str, language: str, request_id: int | None = None) -> str:
    """The HTML of one team's report: some manager's own copy, or the one without a link."""
    return page_of(story_for(session, round_id, team_path, request_id), language)


def file_name(team_path: str, period: str, language: str) -> str:
    """A name that every file system takes, whatever a team is called."""
    plain = re.sub(r"[^\w]+", "-", team_path).strip("-")[:80] or "team"
    return f"ruil-{period}-{plain}-{language}.pdf"


_newest: dict[tuple[str, tuple[int, ...]], Published] = {}
"""The ledger of the round that is being reported. What is published never changes, so it is read once."""


def _published(session: Session, asked: Round, rounds: tuple[int, ...]) -> Published:
    found = _newest.get((asked.uid, rounds))
    if found is None:
        found = Published(figures_of(session, asked.organisation_id, rounds))
        _newest.clear()
        _newest[asked.uid, rounds] = found
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
