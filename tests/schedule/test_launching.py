"""Rounds that open in time, late, moved or not at all: one mail or one recorded reason for everybody, never two."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from demo.mailbox import Mailbox
from pulse import calendar, clock, mail, schedule, tick
from pulse.database import reading, transaction
from pulse.mail import Message
from pulse.roster import Person, import_roster
from pulse.rounds import Invitation, Round, RoundRefused, find_invitation
from pulse.schedule import Pulse, PulseDate, ScheduleRefused, coming_dates
from tests import factories

RULE = "FREQ=MONTHLY;BYDAY=1TU"
EVE = datetime(2026, 11, 20, 9, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""Tuesday the first of December, ten o'clock in Amsterdam."""
ZONES = ("Pacific/Kiritimati", "Pacific/Auckland", "Asia/Tokyo", "Asia/Kolkata", "Africa/Nairobi", "Europe/Amsterdam")
ZONES += ("Europe/London", "Atlantic/Azores", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles")
ZONES += ("Pacific/Pago_Pago",)


def planned(rule: str = RULE, **values: object) -> int:
    """De Linde with a pulse, on the 20th of November 2026; its id."""
    organisation_id = factories.organisation()
    with clock.replaying(EVE), transaction() as session:
        return schedule.schedule_pulse(
            session,
            organisation_id,
            "Monthly",
            rule,
            time(10),
            "Europe/Amsterdam",
            **values,  # type: ignore[arg-type]
        ).id


def live(*moments: datetime) -> None:
    """Tick and send at each of these moments."""
    for moment in moments:
        with clock.replaying(moment):
            done = tick.run_until_idle()
            assert not done["failed"], done


def after(since: datetime, *hours: float) -> list[datetime]:
    return [since + timedelta(hours=hour) for hour in hours]


def invited(sink: Mailbox) -> Counter[str]:
    """How many invitations each address got."""
    with reading() as session:
        ids = set(session.scalars(select(Message.id).where(Message.kind == "invitation")))
    return Counter(one.recipient for one in sink.mails if str(one.parsed()["Message-ID"])[1:].split("@")[0] in ids)


def pulse_of(session: object) -> Pulse:
    return session.scalars(select(Pulse)).one()  # type: ignore[attr-defined]


def test_everybody_is_mailed_at_ten_where_they_are(database: str, smtp_sink: Mailbox) -> None:
    pulse_id = planned()
    with transaction() as session:
        for number, person in enumerate(session.scalars(select(Person).order_by(Person.id))):
            person.timezone = ZONES[number % len(ZONES)]
    # A tick in the minute of each zone and one before: nothing is early, and it opens when the first is mailed.
    offsets = [-13, -12, -8, -3.5, -2, 0, 1, 2, 4, 6, 9, 12, 13]
    live(*after(FIRST, *sorted([hour - 0.02 for hour in offsets] + offsets)))
    with reading() as session:
        opened = session.scalars(select(Round).where(Round.pulse_id == pulse_id)).one()
        for message in session.scalars(select(Message).where(Message.kind == "invitation")):
            invitation = session.get_one(Invitation, message.about_id)
            local = invitation.send_at.astimezone(ZoneInfo(invitation.timezone))
            assert (local.date(), local.time()) == (date(2026, 12, 1), time(10)), invitation.timezone
            assert message.finished_at is not None
            assert timedelta(0) <= message.finished_at - invitation.send_at < timedelta(hours=1), invitation.timezone
        assert opened.opened_at == opened.opens_at == FIRST - timedelta(hours=13)
    assert set(invited(smtp_sink).values()) == {1}


@pytest.mark.parametrize(
    ("awake", "expected"),
    [
        (timedelta(hours=20), datetime(2026, 12, 2, 8, tzinfo=UTC)),  # six in the morning: at nine, when work begins
        (timedelta(hours=24), datetime(2026, 12, 2, 9, tzinfo=UTC)),  # a day late: at once
        (timedelta(days=3), datetime(2026, 12, 4, 9, tzinfo=UTC)),  # three days: ten o'clock of the next working day
        (timedelta(days=4, hours=1), datetime(2026, 12, 7, 9, tzinfo=UTC)),  # Saturday: on Monday
        (timedelta(days=6), None),  # too late: recorded as skipped
    ],
)
def test_after_downtime_everybody_gets_one_mail_or_there_is_one_recorded_reason(
    database: str, smtp_sink: Mailbox, awake: timedelta, expected: datetime | None
) -> None:
    planned()
    live(*after(FIRST + awake, 0, 3, 6, 30, 48, 72))
    with reading() as session:
        skipped = session.scalars(select(PulseDate)).all()
        rounds = session.scalars(select(Round)).all()
        sent = set(session.scalars(select(Invitation.send_at)))
        following = pulse_of(session).next_date
    assert following == date(2027, 1, 5)
    if expected is None:
        assert [(one.planned, one.skipped) for one in skipped] == [(date(2026, 12, 1), "late")]
        assert not rounds
        assert not smtp_sink.mails
    else:
        assert sent == {expected}
        assert not skipped
        assert [one.late for one in rounds] == [awake > timedelta(hours=24)]
        assert set(invited(smtp_sink).values()) == {1}
        assert len(invited(smtp_sink)) == 13


@pytest.mark.parametrize(("down", "sent"), [(timedelta(hours=23), 13), (timedelta(days=3), 13), (timedelta(days=6), 0)])
def test_mail_that_waited_in_the_outbox_keeps_to_the_same_rules(
    database: str, smtp_sink: Mailbox, down: timedelta, sent: int
) -> None:
    planned()
    with clock.replaying(FIRST):
        tick.run()  # opened and queued; then the power went, before a mail left
    with clock.replaying(FIRST + down):
        tick.drain_mail()  # the mail worker is back before the tick
        early = len(smtp_sink.mails)
    assert early == (13 if down <= timedelta(hours=24) else 0)
    live(*after(FIRST + down, 0, 5, 24))
    assert invited(smtp_sink) == Counter(dict.fromkeys(invited(smtp_sink), 1))
    assert len(invited(smtp_sink)) == sent
    with reading() as session:
        states = Counter(session.scalars(select(Message.state)))
        assert session.scalars(select(Round)).one().late == (timedelta(hours=24) < down < timedelta(days=5))
        if not sent:
            assert states["cancelled"] == 13
            assert "more than five days late" in (session.scalars(select(Message.reply)).first() or "")


def test_reminders_are_dropped_and_never_moved(database: str, smtp_sink: Mailbox) -> None:
    planned()
    live(FIRST)
    live(*after(FIRST + timedelta(days=4), 0, 12))
    assert len(smtp_sink.mails) == 13


def test_a_round_by_hand_skips_a_date_within_ten_days_once_and_says_so(database: str) -> None:
    pulse_id = planned()
    wednesday = datetime(2026, 11, 25, 13, tzinfo=UTC)
    with clock.replaying(wednesday), transaction() as session:
        pulse = session.get_one(Pulse, pulse_id)
        assert mail.launch_by_hand(session, pulse, send_now=True).period == "2026-11"
        listed = coming_dates(session, pulse, 2)
        assert [(one.planned, one.skipped) for one in listed] == [
            (date(2026, 12, 1), "lately"),
            (date(2027, 1, 5), ""),
            (date(2027, 2, 2), ""),
        ]
        with pytest.raises(ScheduleRefused, match="within ten days"):
            schedule.move_date(session, pulse, date(2026, 12, 1), date(2026, 12, 3), wednesday)
        schedule.move_date(session, pulse, date(2026, 12, 1), date(2026, 12, 9), wednesday)
    live(datetime(2026, 12, 1, 12, tzinfo=UTC))
    live(datetime(2026, 12, 9, 9, 30, tzinfo=UTC))
    with reading() as session:
        assert list(session.scalars(select(Round.period).order_by(Round.id))) == ["2026-11", "2026-12"]


def test_a_date_with_nobody_to_ask_is_skipped_with_that_reason(database: str) -> None:
    planned()
    with transaction() as session:
        session.execute(update(Person).values(on_leave=True))
    live(FIRST, FIRST + timedelta(minutes=1))
    with reading() as session:
        assert session.scalars(select(PulseDate.skipped)).all() == ["nobody"]
        assert pulse_of(session).next_date == date(2027, 1, 5)


def test_one_date_moves_and_the_others_stay(database: str) -> None:
    pulse_id = planned()
    with clock.replaying(EVE), transaction() as session:
        pulse = session.get_one(Pulse, pulse_id)
        schedule.move_date(session, pulse, date(2026, 12, 1), date(2026, 12, 3))
        days = [one.day for one in coming_dates(session, pulse, 3)]
        assert days == [date(2026, 12, 3), date(2027, 1, 5), date(2027, 2, 2)]
        for to, why in (
            (date(2026, 11, 20), "tomorrow at the earliest"),
            (date(2026, 12, 5), "Nobody works on"),
            (date(2026, 12, 25), "Nobody works on"),
            (date(2026, 12, 30), "within ten days"),
        ):
            with pytest.raises(ScheduleRefused, match=why):
                schedule.move_date(session, pulse, date(2026, 12, 1), to)
        with pytest.raises(ScheduleRefused, match="no coming date"):
            schedule.move_date(session, pulse, date(2026, 12, 2), date(2026, 12, 4))
    live(FIRST)
    with reading() as session:
        assert not session.scalars(select(Round)).all()
    live(FIRST + timedelta(days=2))
    with reading() as session:
        assert session.scalars(select(Round)).one().closes_at == FIRST + timedelta(days=9)


def test_closed_dates_move_the_round_and_its_reminders_and_are_frozen(database: str, smtp_sink: Mailbox) -> None:
    pulse_id = planned()
    with clock.replaying(EVE), transaction() as session:
        pulse = session.get_one(Pulse, pulse_id)
        organisation_id = pulse.organisation_id
        calendar.close_dates(session, organisation_id, date(2026, 12, 1), date(2026, 12, 2), "Moving house")
        schedule.replan(session, organisation_id)
        [one] = coming_dates(session, pulse, 1)
        assert (one.planned, one.day, one.why) == (date(2026, 12, 1), date(2026, 12, 3), "closed")
    live(FIRST, FIRST + timedelta(days=2))
    with transaction() as session:
        calendar.close_dates(session, organisation_id, date(2026, 12, 7), date(2026, 12, 7), "")
        asked = session.scalars(select(Invitation)).first()
        assert asked is not None
        assert asked.send_at == FIRST + timedelta(days=2)
        assert asked.first_reminder_at == FIRST + timedelta(days=6), "frozen when the round opened"


def test_shift_staff_are_mailed_in_their_own_hours(database: str) -> None:
    pulse_id = planned("FREQ=MONTHLY;BYMONTHDAY=5")  # a Saturday in December 2026
    with clock.replaying(EVE), transaction() as session:
        pulse = session.get_one(Pulse, pulse_id)
        calendar.set_hours(session, pulse.organisation_id, "Night house", time(14), time(22), weekends=True)
        calendar.set_hours(session, pulse.organisation_id, "London", time(9), time(17), timezone="Europe/London")
        for address, location, zone in (
            ("anna@example.org", "Night house", None),
            ("bram@example.org", "London", None),
            ("chris@example.org", "London", "America/New_York"),
        ):
            person = session.scalars(select(Person).where(Person.email == address)).one()
            person.location, person.timezone = location, zone
        schedule.replan(session, pulse.organisation_id)
    live(datetime(2026, 12, 7, 9, tzinfo=UTC))
    with reading() as session:
        sent = {
            name: factories.invitation(session, f"{name}@example.org").send_at
            for name in ("anna", "bram", "chris", "n1")
        }
    monday = datetime(2026, 12, 7, tzinfo=UTC)
    assert sent == {
        "n1": monday + timedelta(hours=9),
        "anna": monday + timedelta(hours=13),
        "bram": monday + timedelta(hours=10),
        "chris": monday + timedelta(hours=15),
    }


def test_a_pause_ends_by_itself(database: str) -> None:
    pulse_id = planned()
    with clock.replaying(EVE), transaction() as session:
        schedule.pause(session, session.get_one(Pulse, pulse_id), date(2027, 1, 4))
        assert [one.day for one in coming_dates(session, session.get_one(Pulse, pulse_id), 1)] == [date(2027, 1, 5)]
    live(FIRST, FIRST + timedelta(days=33, hours=23), FIRST + timedelta(days=35))
    with reading() as session:
        assert list(session.scalars(select(Round.period))) == ["2027-01"]


def test_who_leaves_loses_the_link_and_gets_it_back_on_return(database: str) -> None:
    organisation_id = factories.organisation()
    factories.open_round(organisation_id)
    token = factories.link("anna@example.org", 2)
    without = "\n".join(line for line in factories.ROSTER.splitlines() if not line.startswith("anna"))

    def is_live() -> bool:
        live(clock.now())
        with reading() as session:
            return find_invitation(session.connection(), token) is not None

    assert is_live()
    for roster, expected in ((without, False), (factories.ROSTER, True)):
        with transaction() as session:
            import_roster(session, organisation_id, roster.encode(), remove_missing=True, allow_many=True)
        assert is_live() is expected
    with transaction() as session:
        yesterday = clock.now().date() - timedelta(days=2)
        session.execute(update(Person).where(Person.name.startswith("Anna")).values(end_date=yesterday))
    assert not is_live()
    with reading() as session:
        mails = session.scalars(select(Message.state).where(Message.address == "anna@example.org")).all()
    assert mails == ["cancelled"]


def test_a_stopped_round_sends_no_more_and_takes_no_answer(database: str, smtp_sink: Mailbox) -> None:
    planned()
    with clock.replaying(FIRST):
        tick.run()
        token = factories.link("anna@example.org", 2)
        with transaction() as session:
            mail.stop_round(session, session.scalars(select(Round)).one(), clock.now())
        with reading() as session:
            assert find_invitation(session.connection(), token) is None
    live(FIRST + timedelta(minutes=1))
    with reading() as session:
        stopped = session.scalars(select(Round)).one()
        assert (stopped.state, stopped.stopped_at) == ("closed", FIRST)
    assert not [one for one in smtp_sink.mails if one.recipient == "anna@example.org"]


def test_only_the_close_of_a_live_round_moves(database: str) -> None:
    planned()
    live(FIRST)
    with clock.replaying(FIRST + timedelta(days=1)), transaction() as session:
        asked = session.scalars(select(Round)).one()
        mail.move_closing_day(session, asked, date(2026, 12, 11), clock.now())
        invitation = session.scalars(select(Invitation)).first()
        assert invitation is not None
        assert asked.closes_at == invitation.closes_at == FIRST + timedelta(days=10)
        assert invitation.last_reminder_at == FIRST + timedelta(days=9)
        for day in (date(2026, 12, 2), date(2026, 12, 30)):
            with pytest.raises(RoundRefused, match="from tomorrow to"):
                mail.move_closing_day(session, asked, day, clock.now())
