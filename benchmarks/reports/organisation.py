"""An organisation of many teams in a real database: a year of published figures, reports asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy import insert, select

from pulse import mail, rounds
from pulse.database import transaction
from pulse.questions import questions_for
from pulse.reports import Report
from pulse.results import Figure
from pulse.results.rounding import publish, shown
from pulse.roster import create_organisation, import_roster
from pulse.rounds import Round
from pulse.schedule import schedule_pulse

MONTHS = 12
LAST = date(2026, 11, 3)


def organisation(teams: int) -> int:
    """Two people a team on the roster, figures as if twelve had been asked; the id of the round to report."""
    chance = Random(teams)
    paths = [f"Zorg / Afdeling {number // 10} / Team {number}" for number in range(teams)]
    lines = ["email,name,team,role,language"]
    for number, path in enumerate(paths):
        lines += [
            f"m{number}@example.org,Manager {number},{path},manager,nl",
            f"p{number}@example.org,P,{path},member,",
        ]
    with transaction() as session:
        made = create_organisation(session, "Stichting De Linde", "hr@example.org", "nl", "Europe/Amsterdam")
        import_roster(session, made.id, "\n".join(lines).encode())
        pulse = schedule_pulse(session, made.id, "Monthly", "FREQ=MONTHLY;BYDAY=1TU", time(10), "Europe/Amsterdam")
        newest = mail.launch(session, pulse, LAST, send_at=datetime(2026, 11, 3, 9, tzinfo=UTC))
        newest.state, newest.closed_at = "closed", datetime(2026, 11, 10, 9, tzinfo=UTC)
        newest.erased_at = newest.reports_queued_at = newest.closed_at
        months = [*_past(session, newest), newest]
        for asked in months:
            session.execute(insert(Figure), _figures(asked, paths, chance))
        return newest.id


def ask_for(round_id: int, teams: int) -> None:
    """Ask for a report of so many teams."""
    with transaction() as session:
        paths = session.scalars(
            select(rounds.RoundTeam.path)
            .where(rounds.RoundTeam.round_id == round_id, rounds.RoundTeam.name.like("Team %"))
            .limit(teams)
        ).all()
        now = datetime.now(UTC)
        for path in paths:
            session.add(
                Report(organisation_id=1, round_id=round_id, team_path=path, language="nl", created_at=now, due_at=now)
            )


def _past(session: object, newest: Round) -> list[Round]:
    columns = {column.key: getattr(newest, column.key) for column in Round.__table__.columns if column.key != "id"}
    past = []
    for ago in range(MONTHS - 1, 0, -1):
        day = LAST.replace(day=1) - timedelta(days=30 * ago)
        asked = Round(**columns | {"uid": f"past-{ago}", "period": f"{day:%Y-%m}"})
        session.add(asked)  # type: ignore[attr-defined]  # the session of the caller
        past.append(asked)
    session.flush()  # type: ignore[attr-defined]  # the session of the caller
    return past


def _figures(asked: Round, paths: list[str], chance: Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for question in questions_for(asked.period, promise=False):
        for path in paths:
            if chance.random() < 0.05:
                continue
            answered = chance.randint(6, 12)
            value = publish(sum(chance.choices(range(5), (2, 4, 5, 2, 1), k=answered)), answered, 5)
            rows.append(
                {
                    "organisation_id": 1,
                    "round_id": asked.id,
                    "period": asked.period,
                    "question": question,
                    "block": path,
                    "label": path,
                    "teams": [path],
                    "value": value,
                    "shown": shown(value, answered, 5),
                    "respondents": answered,
                    "invited": 12,
                    "minimum_group": 5,
                    "published_at": asked.closed_at,
                }
            )
    return rows
