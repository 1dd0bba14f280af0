"""What an administrator can do, as they do it: by the pages' own forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from config import settings
from pulse import clock, create_app, mail, schedule, tick
from pulse.answers import GESTURE, SealedAnswer
from pulse.database import Hold, reading, transaction
from pulse.mail import Message
from pulse.reports import Report
from pulse.roster import Person
from pulse.rounds import Invitation, Round
from pulse.schedule import Pulse
from tests.pages.administering import ROSTER, Browser, organisation, words

FORM = {
    "title": "Monthly",
    "every": "weekday",
    "nth": "1",
    "weekday": "TU",
    "month_day": "1",
    "working_day": "1",
    "at": "10:00",
    "open_days": "7",
}
NOVEMBER = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def app(database: object) -> Flask:
    """De Linde, still empty."""
    organisation("De Linde", "hanna@delinde.example")
    return create_app()


@pytest.fixture
def hanna(app: Flask) -> Browser:
    """Hanna, signed in."""
    return Browser(app).sign_in("hanna@delinde.example")


def import_file(browser: Browser, content: bytes, **fields: str) -> str:
    """Choose a file and look at the preview; its source."""
    answer = browser.post(
        "/admin/people/import", {"file": (BytesIO(content), "people.csv"), "remove_missing": "0", **fields}
    )
    return answer.text


def confirm(browser: Browser, preview: str) -> str:
    """Press the preview's button; the words of the page that follows."""
    fields = dict(re.findall(r'name="(kept|remove_missing|allow_many)" value="([^"]*)"', preview))
    answer = browser.post("/admin/people/import/confirm", fields, shown_at="/admin/people/import")
    assert answer.status_code == 303
    return browser.text(answer.location or "")


def people() -> int:
    with reading() as session:
        return session.scalar(select(func.count(Person.id)).where(Person.left_at.is_(None))) or 0


def open_round(browser: Browser) -> int:
    """Import the cast, plan a pulse, ask people now; the round's id."""
    confirm(browser, import_file(browser, ROSTER))
    browser.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    answer = browser.post("/admin/pulses/1/send-now", shown_at="/admin/pulses/1/send-now")
    found = re.fullmatch(r"/admin/rounds/(\d+)", answer.location or "")
    assert found
    browser.get(found[0])  # where it says once what was done
    return int(found[1])


def answer_by(names: list[str]) -> None:
    """These people have each answered."""
    with transaction() as session:
        for name in names:
            invitation = session.scalars(select(Invitation).where(Invitation.name.startswith(name))).one()
            session.add(
                SealedAnswer(
                    organisation_id=invitation.organisation_id,
                    invitation_id=invitation.id,
                    question="B",
                    visit="v",
                    evidence=GESTURE,
                    sealed=b"0" * 64,
                )
            )


def set_mail(address: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(Message).where(Message.address == address).values(**values))


def test_the_overview_leads_a_newcomer_from_step_to_step(hanna: Browser) -> None:
    assert "Begin by importing your people" in hanna.text("/admin/")
    confirm(hanna, import_file(hanna, ROSTER))
    assert "Now choose on which day of the month" in hanna.text("/admin/")
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    seen = hanna.text("/admin/")
    assert "Now choose" not in seen
    assert "At 10:00, 7 people are asked." in seen


def test_an_import_is_shown_before_it_is_done(hanna: Browser) -> None:
    preview = import_file(hanna, ROSTER)
    assert "mara@delinde.example" in preview
    assert people() == 0
    assert re.search("7 added, . changed, 0 left", confirm(hanna, preview))
    assert people() == 7
    assert "changes nothing" in import_file(hanna, ROSTER)


def test_a_bad_file_is_refused_line_by_line_and_nothing_is_written(hanna: Browser) -> None:
    bad = b"email,team\nanna@delinde.example,Zorg\nno address,Zorg\nbram@delinde.example,\n"
    seen = import_file(hanna, bad)
    assert "Nothing was imported" in seen
    assert "3" in seen
    assert "4" in seen
    assert people() == 0


def test_no_file_is_a_sentence(hanna: Browser) -> None:
    answer = hanna.post("/admin/people/import", {"remove_missing": "0"})
    assert answer.status_code == 422
    assert "Choose a file first" in words(answer)


def test_a_preview_cannot_be_altered_nor_kept_for_long(hanna: Browser) -> None:
    preview = import_file(hanna, ROSTER)
    assert "too old" in confirm(hanna, preview.replace('name="kept" value="', 'name="kept" value="A'))
    assert people() == 0


def test_who_is_missing_leaves_only_when_asked(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    fewer = b"\n".join(ROSTER.splitlines()[:-1])
    confirm(hanna, import_file(hanna, fewer))
    assert people() == 7
    assert "more than a tenth" in import_file(hanna, fewer, remove_missing="1")
    confirm(hanna, import_file(hanna, fewer, remove_missing="1", allow_many="1"))
    assert people() == 6


def test_a_large_roster_fits_through_the_preview(hanna: Browser) -> None:
    lines = [b"email,team"] + [b"person%06d@delinde.example,Team %d" % (n, n // 10) for n in range(3000)]
    assert "3000 added" in confirm(hanna, import_file(hanna, b"\n".join(lines)))


def test_teams_stand_in_a_tree_and_people_are_found(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    seen = hanna.text("/admin/people")
    assert re.search(r"Zorg none 0 7 Noord Mara Manager 6 6 Zuid too small .* none 1 1", seen), seen
    found = hanna.text("/admin/people?q=ANNA")
    assert "1 person found" in found
    assert "anna@delinde.example" in found
    assert "0 people found" in hanna.text("/admin/people?q=%25")


def test_nobody_sees_who_asked_to_be_left_alone(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    before = hanna.get("/admin/people?q=bram").text, hanna.get("/admin/people").text
    with transaction() as session:
        session.execute(update(Person).where(Person.name.startswith("Bram")).values(stopped_at=clock.now()))
    assert (hanna.get("/admin/people?q=bram").text, hanna.get("/admin/people").text) == before


def test_a_pulse_is_planned_in_two_steps(hanna: Browser) -> None:
    with clock.replaying(NOVEMBER):
        hanna = Browser(create_app()).sign_in("hanna@delinde.example")
        seen = words(hanna.post("/admin/pulses/new", FORM))
        assert "Every first Tuesday of the month, at 10:00" in seen
        assert "Tuesday 1 December 2026" in seen
        assert seen.split("The next 12 dates")[1].count("Tuesday ") == 12
        with reading() as session:
            assert session.scalar(select(func.count(Pulse.id))) == 0
        assert 'value="Monthly"' in hanna.post("/admin/pulses/new", {**FORM, "change": "1"}).text
        answer = hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
        assert "The pulse is planned." in hanna.text(answer.location or "")
    with reading() as session:
        pulse = session.scalars(select(Pulse)).one()
    assert (pulse.rule, pulse.wall_time) == ("FREQ=MONTHLY;BYDAY=1TU", time(10))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "  ", "Give the pulse a title"),
        ("at", "03:00", "Choose a time from 05:00 to 22:00"),
        ("at", "soon", "Choose a time from 05:00 to 22:00"),
        ("open_days", "60", "1 to 21 days"),
        ("open_days", "²", "1 to 21 days"),
        ("nth", "9", "Choose a day of the month"),
        ("weekday", "XX", "Choose a day of the month"),
        ("every", "", "Choose a day of the month"),
    ],
)
def test_a_form_that_cannot_be_kept_is_a_sentence(hanna: Browser, field: str, value: str, sentence: str) -> None:
    answer = hanna.post("/admin/pulses/new", {**FORM, field: value, "confirm": "1"})
    assert answer.status_code == 422
    assert sentence in words(answer)


@pytest.mark.parametrize(
    ("fields", "rule", "said"),
    [
        ({"nth": "-1", "weekday": "FR"}, "FREQ=MONTHLY;BYDAY=-1FR", "every last Friday"),
        ({"every": "month_day", "month_day": "15"}, "FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of every month"),
        ({"every": "month_day", "month_day": "31"}, "FREQ=MONTHLY;BYMONTHDAY=31", "or its last day"),
        (
            {"every": "working_day", "working_day": "-1"},
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "the last working day",
        ),
    ],
)
def test_every_choice_of_the_form_is_a_rule(hanna: Browser, fields: dict[str, str], rule: str, said: str) -> None:
    hanna.post("/admin/pulses/new", {**FORM, **fields, "confirm": "1"})
    with reading() as session:
        assert session.scalars(select(Pulse.rule)).one() == rule
    assert said in hanna.text("/admin/pulses")


def test_a_pulse_is_paused_and_goes_on(hanna: Browser) -> None:
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    hanna.post("/admin/pulses/1/pause", shown_at="/admin/pulses/1")
    assert "The pulse is paused." in hanna.text("/admin/pulses/1")
    assert "Nothing planned" in hanna.text("/admin/")
    hanna.post("/admin/pulses/1/resume", shown_at="/admin/pulses/1")
    assert "The next dates" in hanna.text("/admin/pulses/1")


def test_asking_now_queues_one_mail_a_person_and_only_once_a_month(hanna: Browser) -> None:
    round_id = open_round(hanna)
    with reading() as session:
        kinds = session.scalars(select(Message.kind).where(Message.round_id == round_id)).all()
        token_page = hanna.form_token("/admin/account")
    assert kinds == ["invitation"] * 7
    assert "already open or done" in hanna.text("/admin/pulses/1/send-now")
    answer = hanna.client.post("/admin/pulses/1/send-now", data={"csrf_token": token_page})
    assert "already open or done" in hanna.text(answer.location or "")
    with reading() as session:
        assert session.scalar(select(func.count(Message.id))) == 7


def test_asking_nobody_is_a_sentence(hanna: Browser) -> None:
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    answer = hanna.post("/admin/pulses/1/send-now", shown_at="/admin/pulses/1/send-now")
    assert "There is nobody to ask" in hanna.text(answer.location or "")


def test_a_round_shows_mail_by_fate_and_addresses_that_need_a_hand(hanna: Browser) -> None:
    round_id = open_round(hanna)
    set_mail("anna@delinde.example", state="accepted")
    set_mail("bram@delinde.example", state="rejected", reply="550 5.1.1 no such user")
    seen = hanna.text(f"/admin/rounds/{round_id}")
    assert "Sent 1" in seen
    assert "Waiting 5" in seen
    assert "Refused 1" in seen
    assert "550 5.1.1 no such user" in seen
    assert "anna@" not in seen
    assert "1 invitation of" in hanna.text("/admin/")


def test_whether_one_persons_mail_was_sent_can_be_looked_up(hanna: Browser) -> None:
    round_id = open_round(hanna)
    set_mail("anna@delinde.example", state="accepted")
    found = hanna.text(f"/admin/rounds/{round_id}?address=Anna@delinde.example")
    assert "Anna Answers Sent anna@delinde.example" in found
    assert "No invitation of this round went to" in hanna.text(f"/admin/rounds/{round_id}?address=x@y.example")


def test_answers_are_counted_while_open_but_nobody_is_named(hanna: Browser) -> None:
    round_id = open_round(hanna)
    answer_by(["Anna", "Chris"])
    assert "2 of 7 have answered." in hanna.text(f"/admin/rounds/{round_id}")
    assert "2 of 7 have answered." in hanna.text("/admin/")


def test_no_page_changes_with_who_answered(hanna: Browser) -> None:
    round_id = open_round(hanna)
    looks = [f"/admin/rounds/{round_id}?address={name}@delinde.example" for name in ("anna", "bram", "mara")]
    looks += ["/admin/", "/admin/rounds", "/admin/people", "/admin/people?q=a", "/admin/reports"]
    pictures = set()
    for name in ("Anna", "Bram", "Mara"):
        with transaction() as session:
            for row in session.scalars(select(SealedAnswer)):
                session.delete(row)
        answer_by([name])
        pictures.add(tuple(words(hanna.get(path)) for path in looks))
    assert len(pictures) == 1


def test_what_is_kept_about_a_person_and_forgetting_them(hanna: Browser) -> None:
    open_round(hanna)
    found = re.search(r"/admin/people/\d+", hanna.get("/admin/people?q=anna").text)
    assert found
    seen = hanna.text(found[0])
    assert "anna@delinde.example" in seen
    assert "There is no answer among it" in seen
    assert hanna.post(f"{found[0]}/forget", shown_at=found[0]).status_code == 303
    assert "Nobody on the roster is called that" in hanna.text("/admin/people?q=anna")
    assert hanna.get("/admin/people/999").status_code == 404


def test_one_link_and_the_strict_profile_are_kept_with_the_pulse(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    asked = hanna.post("/admin/pulses/new", {**FORM, "one_link": "yes", "strict": "yes"})
    assert "The mail carries one link" in words(asked)
    assert "Only groups of eight people or more" in words(asked)
    hanna.post("/admin/pulses/new", {**FORM, "one_link": "yes", "strict": "yes", "confirm": "1"})
    with reading() as session:
        pulse = session.scalars(select(Pulse)).one()
        assert (pulse.one_link, pulse.strict) == (True, True)
        send_now = f"/admin/pulses/{pulse.id}/send-now"
    hanna.post(send_now, shown_at=send_now)
    with reading() as session:
        assert session.scalars(select(Round)).one().minimum_group == 8


def test_reminders_and_resends_tell_nothing(hanna: Browser) -> None:
    """A reminder, or a second try of a mail of unknown fate, goes only to who has not answered."""
    round_id = open_round(hanna)
    set_mail("anna@delinde.example", state="accepted")
    set_mail("bram@delinde.example", state="accepted")
    looks = [f"/admin/rounds/{round_id}?address={name}@delinde.example" for name in ("anna", "bram")]
    before = [words(hanna.get(path)) for path in looks]
    with transaction() as session:
        bram = session.scalars(select(Invitation).where(Invitation.email == "bram@delinde.example")).one()
        mail.queue(
            session,
            kind="reminder",
            about_id=bram.id,
            number=1,
            organisation_id=bram.organisation_id,
            address=bram.email,
            recipient=bram.name,
            language="en",
            due_at=clock.now(),
            round_id=round_id,
        )
    assert [words(hanna.get(path)) for path in looks] == before
    personal = [words(hanna.get(path)).split("Was it sent?")[1] for path in looks]
    for values in (
        {"state": "unknown"},
        {"state": "queued", "resent": True},
        {"state": "accepted", "resent": True},
    ):
        set_mail("bram@delinde.example", **values)
        assert [words(hanna.get(path)).split("Was it sent?")[1] for path in looks] == personal
        assert "bram@" not in hanna.text(f"/admin/rounds/{round_id}")


def test_of_fewer_than_five_people_not_even_a_count_is_shown(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, b"\n".join(ROSTER.splitlines()[:5])))
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    hanna.post("/admin/pulses/1/send-now", shown_at="/admin/pulses/1/send-now")
    answer_by(["Anna"])
    for path in ("/admin/", "/admin/rounds", "/admin/rounds/1"):
        assert not re.search(r"1 (of 4|answered)", hanna.text(path)), path
    assert "Fewer than 5 people are asked" in hanna.text("/admin/rounds/1")


def test_after_the_close_no_count_of_an_hour_ago_remains(hanna: Browser) -> None:
    round_id = open_round(hanna)
    answer_by(["Anna"])
    with transaction() as session:
        session.execute(
            update(Round).values(state="closed", closed_at=clock.now(), delivery={"accepted": 6, "rejected": 1})
        )
    seen = hanna.text(f"/admin/rounds/{round_id}")
    assert "have answered" not in seen
    assert "Every single answer has been erased." in seen
    assert "Sent 6" in seen


def test_reports_are_listed_by_month_and_downloaded(hanna: Browser) -> None:
    round_id = open_round(hanna)
    with transaction() as session:
        for team, state, digest in (
            ('Zorg / "Noord"\r\n../Süd', "built", mail.store(b"%PDF-1.7 north")),
            ("Zorg / Zuid", "failed", None),
        ):
            session.add(
                Report(
                    organisation_id=1,
                    round_id=round_id,
                    team_path=team,
                    language="nl",
                    created_at=clock.now(),
                    due_at=clock.now(),
                    state=state,
                    sha256=digest,
                    reason="It took too long." if digest is None else None,
                )
            )
    seen = hanna.text("/admin/reports")
    assert "Could not be made: It took too long." in seen
    assert "1 of 2 are made." in hanna.text(f"/admin/rounds/{round_id}")
    assert "1 report could not be made" in hanna.text("/admin/")
    answer = hanna.get("/admin/reports/1.pdf")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", b"%PDF-1.7 north")
    header = answer.headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert not re.search(r"[\r\n/\\]|\.\.", header)
    assert hanna.get("/admin/reports/2.pdf").status_code == 404
    assert hanna.post("/admin/reports/2/again", shown_at="/admin/reports").status_code == 303
    assert hanna.post("/admin/reports/1/again", shown_at="/admin/reports").status_code == 404
    assert "being made" in hanna.text("/admin/reports")
    page = hanna.get(f"/admin/rounds/{round_id}").text
    assert '<meta http-equiv="refresh"' in page and '<progress max="2" value="1"' in page
    with reading() as session:
        digest = session.scalars(select(Report.sha256).where(Report.id == 1)).one()
    (settings().report_dir / f"{digest}.pdf").unlink()
    assert hanna.get("/admin/reports/1.pdf").status_code == 410


def test_a_team_whose_report_nobody_reads_is_named(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    assert "Zorg / Zuid has no manager" in hanna.text("/admin/")


def test_trouble_of_the_server_is_told_in_one_sentence(hanna: Browser) -> None:
    from pulse import tick

    for queue in tick.WATCHED_QUEUES:
        tick.beat(queue)
    assert "Ruil itself does not run" not in hanna.text("/admin/")
    with clock.replaying(clock.now() + timedelta(minutes=5)):
        assert "Ruil itself does not run" in hanna.text("/admin/")


def test_dates_move_and_the_calendar_says_why(hanna: Browser) -> None:
    confirm(
        hanna, import_file(hanna, ROSTER.replace(b",language", b",language,location").replace(b",nl\n", b",nl,Huis\n"))
    )
    with clock.replaying(NOVEMBER):
        hanna = Browser(create_app()).sign_in("hanna@delinde.example")
        hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
        own = "/admin/pulses/1"
        hanna.post(f"{own}/move", {"planned": "2026-12-01", "to": "2026-12-03"}, shown_at=own)
        assert "Thursday 3 December 2026 moved by hand from Tuesday 1 December" in hanna.text(own)
        hanna.post(f"{own}/move", {"planned": "2026-12-01", "to": "2026-12-26"}, shown_at=own)
        assert "Nobody works on Saturday 26 December 2026" in hanna.text(own)
        calendar = "/admin/calendar"
        fields = {"first": "2027-01-05", "last": "2027-01-06", "name": "Moving house"}
        hanna.post(f"{calendar}/close", fields, shown_at=calendar)
        assert "Thursday 7 January 2027 moved from Tuesday 5 January: Moving house" in hanna.text(own)
        hanna.post(f"{calendar}/open", {"day": "2026-12-25"}, shown_at=calendar)
        assert re.search(r"Friday 25 December 2026 Christmas Day · people work", hanna.text(calendar))
        hanna.post(f"{calendar}/country", {"country": "BE", "region": ""}, shown_at=calendar)
        assert "All Saints" in hanna.text(calendar)
        fields = {"location": "Huis", "starts": "06:00", "ends": "22:00", "weekends": "1", "timezone": ""}
        hanna.post(f"{calendar}/hours", fields, shown_at=calendar)
        assert "Huis 6 people · 06:00–22:00, every day" in hanna.text(calendar)
        hanna.post(f"{calendar}/hours", {**fields, "starts": "04:00"}, shown_at=calendar)
        assert "04:00 is no time to mail people" in hanna.text(calendar)


def test_a_date_on_which_nobody_was_asked_is_news(hanna: Browser) -> None:
    confirm(hanna, import_file(hanna, ROSTER))
    hanna.post("/admin/pulses/new", {**FORM, "confirm": "1"})
    with transaction() as session:
        pulse = session.scalars(select(Pulse)).one()
        day = pulse.next_date
        assert day is not None
        schedule.skip_date(session, pulse, day, "late")
    sentence = f"There was no round on {day:%A} {day.day} {day:%B} (skipped: Ruil was not running"
    assert sentence in hanna.text("/admin/")


def test_a_round_says_why_mail_waits_and_can_be_stopped(hanna: Browser) -> None:
    round_id = open_round(hanna)
    own = f"/admin/rounds/{round_id}"
    set_mail("anna@delinde.example", state="deferred", reason="greylisted", reply="451 later")
    set_mail("mara@delinde.example", state="cancelled", reason="has_left")
    seen = hanna.text(own)
    assert "1 × The mail server asks every new sender to come back later." in seen
    assert "Not sent" in seen
    assert "asked for no more mail" not in hanna.text(f"{own}?address=mara@delinde.example").split("Was it sent?")[1]
    later = (clock.now() + timedelta(days=12)).date()
    hanna.post(f"{own}/close-on", {"day": later.isoformat()}, shown_at=own)
    assert f"The round closes on {later:%A} {later.day} {later:%B}." in hanna.text(own)
    hanna.post(f"{own}/stop", shown_at=own)
    assert "closing" in hanna.text(own)
    tick.run()
    assert "An administrator stopped this round before its time." in hanna.text(own)


def test_a_hold_is_explained_and_released_with_one_button(hanna: Browser) -> None:
    with transaction() as session:
        session.add(Hold(kind="clock_back", since=clock.now(), facts={"seconds": -7500}))
    assert "went back by 2 hours and 5 minutes" in hanna.text("/admin/")
    hanna.post("/admin/hold/release", shown_at="/admin/hold")
    assert "Ruil goes on." in hanna.text("/admin/")
    assert "Nothing is held." in hanna.text("/admin/hold")


def test_an_import_speaks_the_administrators_language(hanna: Browser) -> None:
    organisation("Het Riet", "ria@hetriet.example", ROSTER, language="nl")
    ria = Browser(create_app()).sign_in("ria@hetriet.example")
    bad = import_file(ria, b"email,team\nniemand,Zorg\nbram@delinde.example,\n")
    assert "Regel 2, kolom &#39;email&#39;: &#39;niemand&#39; is geen e-mailadres." in bad
    assert "Regel 3, kolom &#39;team&#39;: er staat geen team." in bad
    assert "Line" not in bad
    moved = import_file(ria, ROSTER.replace(b"Anna Answers,Zorg / Noord", b"Anna Andersom,Zorg / Zuid"))
    assert "team Zorg / Noord → Zorg / Zuid, naam Anna Answers → Anna Andersom" in moved
    many = import_file(ria, b"\n".join(ROSTER.splitlines()[:3]), remove_missing="1")
    assert "tick" not in many
    assert "kruis dan aan" in many
    assert "--allow-many" not in many
