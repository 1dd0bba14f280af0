"""This month, through the real path, and the checks of what came of it."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import ceil
from urllib.request import urlopen

from sqlalchemy import func, select

from config import settings
from demo import clicking, colleagues
from demo.failure import DemoFailed
from pulse import results
from pulse.answers import SealedAnswer
from pulse.database import reading
from pulse.giveback import GiveBackRequest
from pulse.mail import Message
from pulse.reports import Report
from pulse.rounds import Invitation, Round, RoundTeam

STEPS = ((80, 1, 5), (40, 2, 10), (15, 5, 15), (7, 10, 20), (5, 10, 30))
"""From so many respondents on: the rounding step, and where the tails begin."""


@dataclass(frozen=True)
class Letter:
    """One person's invitation as it arrived, and where the answer will count."""

    email: str
    team: str
    counting: str
    links: list[str]
    questions: list[str]


@dataclass
class Clicks:
    """What was clicked, kept only here: by question and counting node."""

    people: int = 0
    answers: dict[str, dict[str, list[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


def mails(address: str) -> list[dict[str, object]]:
    """All mails in the mailbox."""
    with urlopen(f"{address}/mails.json", timeout=60) as answer:
        found: list[dict[str, object]] = json.load(answer)
    return found


def wait_for_letters(address: str, round_id: int) -> list[Letter]:
    """Until everybody asked has exactly one letter of this round."""
    with reading() as session:
        teams = session.scalars(select(RoundTeam).where(RoundTeam.round_id == round_id))
        questions = {team.path: team.questions for team in teams}
        asked = {
            item.email: item for item in session.scalars(select(Invitation).where(Invitation.round_id == round_id))
        }
    _until(
        lambda: _accepted(round_id, "invitation") == len(asked),
        240,
        lambda: f"{_accepted(round_id, 'invitation')} of {len(asked)} letters were accepted",
    )
    newest: dict[str, dict[str, object]] = {}
    count: Counter[str] = Counter()
    for mail in mails(address):
        links = clicking.answer_links(str(mail["text"]))
        if links and _is_live(links[0]):
            newest[str(mail["to"])] = mail
            count[str(mail["to"])] += 1
    if set(count) != set(asked) or set(count.values()) != {1}:
        raise DemoFailed(f"Of {len(asked)} people, {len(count)} got letters, some {max(count.values())} times.")
    return [
        Letter(
            email,
            asked[email].team_path,
            asked[email].counting_path,
            clicking.answer_links(str(mail["text"])),
            questions[asked[email].counting_path],
        )
        for email, mail in newest.items()
    ]


def click(letters: list[Letter], skip: int) -> Clicks:
    """Colleagues open their link and press; `skip` people of Wijkteam Oost leave it to the newcomer."""
    clicks = Clicks()
    with reading() as session:
        period = session.scalars(select(Round.period).order_by(Round.id.desc())).first() or ""
    left_open = [letter.email for letter in letters if letter.team == colleagues.SINKING_TEAM][:skip]
    for letter in letters:
        if letter.email in left_open or not colleagues.responds(letter.email, period):
            continue
        _answer(letter, period, clicks)
    return clicks


def _answer(letter: Letter, period: str, clicks: Clicks) -> None:
    chosen = colleagues.answer(letter.email, letter.team, "B", period, 0)
    assert chosen is not None
    link = letter.links[chosen]
    page = clicking.press(link, clicking.get(link))
    clicks.people += 1
    clicks.answers["B"][letter.counting].append(chosen)
    for question in letter.questions[1:]:
        option = colleagues.answer(letter.email, letter.team, question, period, 0)
        if option is not None:
            page = clicking.press(link, page, (f"option-{question}", str(option)))
            clicks.answers[question][letter.counting].append(option)


def check_links_record_nothing(letters: list[Letter]) -> None:
    """Open every link of every letter, as a scanner would: no answer may come of it."""
    before = _answers_stored()
    for letter in letters:
        for link in letter.links:
            clicking.get(link)
    if _answers_stored() != before:
        raise DemoFailed("Opening links without pressing anything recorded an answer.")


def check_figures(round_id: int, clicks: Clicks) -> int:
    """Compare the ledger with what these clicks give by the published rule, block by block."""
    with reading() as session:
        lines = list(results.export_lines(session, None, round_id))
    for line in lines:
        counted = [option for path in line["teams"] for option in clicks.answers[line["question"]].get(path, [])]
        expected = published(counted)
        if (line["value"], line["respondents"]) != (expected, len(counted)):
            raise DemoFailed(f"The ledger says {line}; the clicks give {expected} from {len(counted)}.")
    counted_questions = {line["question"] for line in lines}
    if not lines or not {"B", "R"} <= counted_questions:
        raise DemoFailed("The close published no figures for the two fixed questions.")
    return len(lines)


def published(options: list[int]) -> float:
    """One block's published value: rounded toward 50, cut at the tails."""
    step, tail = next((step, tail) for least, step, tail in STEPS if len(options) >= least)
    distance = 25 * sum(options) / len(options) - 50
    rounded = 50 + (1 if distance > 0 else -1) * ceil(abs(distance) / step - 0.5) * step
    return min(max(rounded, tail), 100 - tail)


def wait_for_reports(address: str, round_id: int) -> int:
    """Until every report is built and mailed; returns how many managers got one."""
    _until(lambda: _reports_open(round_id) == 0, 240, lambda: f"{_reports_open(round_id)} reports are not built")
    with reading() as session:
        managers = session.scalar(
            select(func.count(GiveBackRequest.person_id.distinct())).where(GiveBackRequest.round_id == round_id)
        )
    _until(
        lambda: _accepted(round_id, "report") == managers,
        120,
        lambda: f"{_accepted(round_id, 'report')} of {managers} managers have their report",
    )
    if not managers:
        raise DemoFailed("No manager got a report.")
    return managers


def newest_report() -> str:
    """Where the newest PDF of Wijkteam Oost lies."""
    with reading() as session:
        report = session.scalars(
            select(Report)
            .where(Report.team_path == colleagues.SINKING_TEAM, Report.state == "built")
            .order_by(Report.id.desc())
        ).first()
    return f"{settings().report_dir / (report.sha256 or '')}.pdf" if report else "(not made yet)"


def _is_live(link: str) -> bool:
    from urllib.error import HTTPError

    try:
        clicking.get(link)
    except HTTPError:
        return False
    return True


def _answers_stored() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(SealedAnswer)) or 0


def _accepted(round_id: int, kind: str) -> int:
    with reading() as session:
        return (
            session.scalar(
                select(func.count()).where(
                    Message.round_id == round_id, Message.kind == kind, Message.state == "accepted"
                )
            )
            or 0
        )


def _reports_open(round_id: int) -> int:
    with reading() as session:
        if session.get_one(Round, round_id).reports_queued_at is None:
            return -1
        return session.scalar(select(func.count()).where(Report.round_id == round_id, Report.state != "built")) or 0


def _until(done: object, seconds: float, said: object) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        if time.monotonic() > end:
            raise DemoFailed(f"After {seconds:.0f} seconds {said()}.")  # type: ignore[operator]
        time.sleep(0.5)
