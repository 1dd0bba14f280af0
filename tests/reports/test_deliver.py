"""Each manager gets one mail after a round, with the report of their team and those of the teams below."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import settings
from pulse import answers, clock, mail, reports, results
from pulse.database import reading, transaction
from pulse.giveback import GiveBackRequest
from pulse.mail import Message
from pulse.reports import Report, ReportRefused, deliver
from pulse.reports.pages import page_of
from pulse.reports.readers import MOST_BELOW, Readers
from pulse.reports.render import LARGE, Press, RenderFailed, press
from pulse.rounds import Invitation, Round, RoundTeam, handle, link_key, read_signed_token, token
from tests import factories
from tests.reports.stories import ledger, story

MARA, TINE = "mara@example.org", "tine@example.org"


def closed_round() -> int:
    """A round in which everybody in Noord answers "I give a bit more", and Zuid keeps silent."""
    round_id = factories.open_round(factories.organisation())
    with transaction() as session:
        asked = session.get_one(Round, round_id)
        key = link_key(asked.uid)
        assert key is not None
        for person in session.scalars(
            select(Invitation).where(Invitation.round_id == round_id, Invitation.team_path == "Zorg / Noord")
        ):
            team = session.scalars(
                select(RoundTeam).where(RoundTeam.round_id == round_id, RoundTeam.path == person.counting_path)
            ).one()
            for question in team.questions:
                link = token(key, handle(key, person.uid), 1, "html")
                said = answers.Said(link, answers.PRESSED, person.uid, clock.now(), question=question, option=1)
                answers.record(session.connection(), said)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        results.close(round_id)
    return round_id


def letters(round_id: int) -> dict[str, Message]:
    with reading() as session:
        found = session.scalars(select(Message).where(Message.kind == "report", Message.round_id == round_id))
        return {message.address: message for message in found}


def states(round_id: int) -> dict[tuple[str, str, bool], str]:
    """By kind, team, and whether it is somebody's own."""
    with reading() as session:
        found = session.scalars(select(Report).where(Report.round_id == round_id))
        return {(report.kind, report.team_path, report.request_id is not None): report.state for report in found}


def test_mara_gets_her_team_and_tine_gets_all_in_three_files(database: str) -> None:
    round_id = closed_round()
    # Each team once for its manager and once for the administrator; the overview; and what is below Tine.
    assert reports.queue_reports(round_id) == 6
    assert reports.queue_reports(round_id) == 0
    assert reports.drain_reports() == {"built": 6, "posted": 2}
    assert reports.drain_reports() == {}

    sent = letters(round_id)
    names = {address: [name for _, name in message.facts["attachments"]] for address, message in sent.items()}
    assert set(sent) == {MARA, TINE}
    assert [name.split("-Zorg")[1] for name in names[MARA]] == ["-Noord-nl.pdf"]
    assert [name.split("-Zorg")[1] for name in names[TINE]] == ["-nl.pdf", "-overzicht-nl.pdf", "-teams-eronder-nl.pdf"]
    digest = sent[MARA].facts["attachments"][0][0]
    words = " ".join(PdfReader(BytesIO(mail.stored(digest))).pages[0].extract_text().split())
    (headline,) = sent[MARA].facts["headlines"].values()
    assert headline in words
    # Six members and Bram say 1: 25 of 100, published as 30.
    assert "Geeft wat meer dan er terugkomt 30 " in words
    with reading() as session:
        request = session.scalars(select(GiveBackRequest).where(GiveBackRequest.email == MARA)).one()
        assert sent[MARA].about_id == request.id


def test_a_give_back_link_is_in_the_copy_of_whoever_it_belongs_to(database: str) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    reports.drain_reports()
    sent = letters(round_id)

    own, overview, below = (links(digest) for digest, _ in sent[TINE].facts["attachments"])
    mara = links(sent[MARA].facts["attachments"][0][0])
    assert len(own) == len(mara) == 1 and own != mara
    assert overview == below == set()
    with reading() as session:
        for address, found in ((MARA, mara), (TINE, own)):
            request_id = session.scalars(select(GiveBackRequest.id).where(GiveBackRequest.email == address)).one()
            (link,) = found
            assert read_signed_token(settings().secret_key, "give-back", link.rsplit("/", 1)[1]) == (request_id, None)


def links(digest: str) -> set[str]:
    """Every address that a stored PDF leads to."""
    pages = PdfReader(BytesIO(mail.stored(digest))).pages
    found = [note.get_object() for page in pages for note in page.get("/Annots", [])]
    return {str(note["/A"]["/URI"]) for note in found if "/A" in note}


def test_a_manager_reads_what_is_below_but_not_beside() -> None:
    readers = Readers(
        "De Linde",
        (("Zorg", 1), ("Zorg / Oost", 2), ("Zorg / West", 1)),
        frozenset(
            {"De Linde", "Staf", "Zorg", "Zorg / Oost", "Zorg / Oost / Nacht", "Zorg / West", "Zorg / West / Nacht"}
        ),
    )

    assert readers.teams("Zorg / Oost", 2) == ["Zorg / Oost", "Zorg / Oost / Nacht"]
    assert readers.teams("Zorg", 1) == ["Zorg", "Zorg / Oost", "Zorg / Oost / Nacht"]
    assert readers.teams("Zorg / West", 1) == ["Zorg / West", "Zorg / West / Nacht"]
    assert readers.teams("De Linde", 9)[:3] == ["De Linde", "Staf", "Zorg"]
    assert readers.in_one_file("De Linde", 9)[-3:] == ["Zorg / Oost / Nacht", "Zorg / West", "Zorg / West / Nacht"]


def test_the_teams_below_a_director_are_one_file_with_bookmarks() -> None:
    teams = frozenset({"De Linde", *(f"Zorg / Team {number}" for number in range(200))})
    readers = Readers("De Linde", (("De Linde", 1),), teams)
    assert len(readers.in_one_file("De Linde", 1)) == MOST_BELOW
    pages = [page_of(story(ledger([40] * 12), name=f"Team {number}"), "nl") for number in range(3)]
    content = press().draw(*pages)
    with pikepdf.open(BytesIO(content)) as file, file.open_outline() as outline:
        assert len(file.pages) == 6
        assert [entry.title.split(":")[0] for entry in outline.root] == ["Team 0", "Team 1", "Team 2"]
        assert file.Root.MarkInfo.Marked


def test_the_letter_can_be_made_from_what_is_stored(database: str) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    reports.drain_reports()
    with reading() as session:
        content = mail.compose(session, session.get_one(Message, letters(round_id)[TINE].id))

    assert content.count(b"application/pdf") == 3
    text = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    assert text is not None
    words = " ".join(text.get_content().split())
    assert "En een overzicht van alle teams onder het jouwe. En de bladzijden van het team onder het jouwe." in words


def test_one_report_that_fails_is_tried_three_times_and_holds_up_no_other(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    drawn = deliver.build_pdf

    def poisoned(session: Session, report: Report) -> bytes:
        if report.team_path == "Zorg / Noord" or report.kind == "overview":
            raise RenderFailed("Drawing the report took longer than 30 seconds, so it was stopped.")
        return drawn(session, report)

    monkeypatch.setattr(deliver, "build_pdf", poisoned)
    assert reports.drain_reports()["built"] == 3
    for minutes in (2, 10):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            reports.drain_reports()

    assert {about for about, state in states(round_id).items() if state != "failed"} == {
        ("team", "Zorg", True),
        ("team", "Zorg", False),
        ("below", "Zorg", True),
    }
    with reading() as session:
        failed = session.scalars(select(Report).where(Report.state == "failed")).all()
        assert len(failed) == 3
        assert all(report.reason is not None and "30 seconds" in report.reason for report in failed)
    sent = letters(round_id)
    # Mara's own pages failed: she waits. Tine gets what there is.
    assert set(sent) == {TINE}
    assert len(sent[TINE].facts["attachments"]) == 2
    assert not sent[TINE].facts["overview"]


def test_a_worker_that_died_before_the_post_is_made_good(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    monkeypatch.setattr(deliver, "post_ready", lambda: 0)
    reports.drain_reports()
    assert letters(round_id) == {}
    monkeypatch.undo()

    assert reports.drain_reports() == {"posted": 2}


def test_the_same_round_gives_the_same_bytes_and_writes_them_to_a_folder(database: str, tmp_path: Path) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    reports.drain_reports()
    written = write(round_id, tmp_path / "out", None)

    with reading() as session:
        stored = session.scalars(select(Report.sha256).where(Report.request_id.is_(None))).all()
    # What is written to a folder has no manager's link: it is what the administrator can fetch.
    assert len(written) == 3
    assert set(stored) == {mail.store(path.read_bytes()) for path in written}
    assert write(round_id, tmp_path / "one", "Zorg / Zuid")


def write(round_id: int, out: Path, team: str | None) -> list[Path]:
    return list(reports.write_reports(reports.reports_to_write(round_id, team), out))


def test_who_waits_wakes_workers_and_a_failed_report_can_be_asked_for_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = closed_round()
    reports.queue_reports(round_id)
    with transaction() as session:
        assert reports.workers_worth_waking(session) == 1
        monkeypatch.setattr("pulse.reports.progress.ENOUGH_FOR_ONE", 2)
        assert reports.workers_worth_waking(session) == 4
        assert reports.progress_of(session, round_id) == reports.Progress(6, 0, 0)
        for report in session.scalars(select(Report)):
            report.state, report.attempt, report.reason = "failed", 3, "It took too long."
        first = session.scalars(select(Report.id).order_by(Report.id)).first()
        assert first is not None and reports.ask_again(session, first)
        assert not reports.ask_again(session, first)
        assert reports.progress_of(session, round_id).waiting == 1
    assert reports.drain_reports()["built"] == 1


@pytest.mark.parametrize("path", [None, "Zorg / Nergens"])
def test_what_cannot_be_reported_is_refused_in_a_sentence(database: str, tmp_path: Path, path: str | None) -> None:
    round_id = factories.open_round(factories.organisation())
    with pytest.raises(ReportRefused):
        write(round_id if path is None else closed_later(round_id), tmp_path, path)
    with pytest.raises(ReportRefused, match="no round 999"):
        write(999, tmp_path, None)


def closed_later(round_id: int) -> int:
    with time_machine.travel(clock.now() + timedelta(days=8), tick=True):
        results.close(round_id)
    return round_id


def test_an_open_round_asks_for_no_reports(database: str) -> None:
    assert reports.queue_reports(factories.open_round(factories.organisation())) == 0


def test_a_large_file_leaves_no_grown_child_behind() -> None:
    press = Press()
    pages = "<p>one</p><p style='break-before: page'>two</p>"
    press.draw(pages)
    child = press._child
    assert child is not None
    assert press.draw(f"{pages}<!-- {'x' * LARGE} -->").startswith(b"%PDF")
    assert press._child is None and child.poll() is not None
    press.draw(pages)
    press.close()


def test_a_fork_starts_a_press_of_its_own() -> None:
    press = Press()
    press.draw("<p>one</p><p style='break-before: page'>two</p>")
    first = press._child
    assert first is not None
    press._owner = -1
    press.draw("<p>one</p><p style='break-before: page'>two</p>")

    assert press._child is not first and first.poll() is None
    press.close()
    first.kill()
    first.communicate()
