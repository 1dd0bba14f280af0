"""Whatever a mail server does: everybody who can be reached gets exactly one; nobody is blamed for another's fault."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

import config
from benchmarks.mail.sink import Fault, Plan, Sink
from pulse import answers, clock, mail, tick
from pulse.answers import SealedAnswer
from pulse.database import engine, reading, transaction
from pulse.mail import Message
from pulse.mail.delivery.sending import Patience
from pulse.rounds import Invitation, RoundTeam
from tests.mail.conftest import Serve, row

ANNA, BRAM = "anna@example.org", "bram@example.org"
HURRIED = Patience(conversation=0.5, after_dot=0.5)


def at(stage: str, recipient: str, fault: Fault, times: int = 1_000) -> Plan:
    """A plan with one fault, for one recipient, the first so many times."""
    return lambda here, whom, number: fault if (here, whom) == (stage, recipient) and number <= times else None


def states() -> Counter[str]:
    with reading() as session:
        return Counter(session.scalars(select(Message.state)))


def received(sink: Sink) -> Counter[str]:
    return Counter(taken.recipient for taken in sink.taken)


def later(minutes: float, act: Callable[[], object] = mail.drain) -> object:
    with clock.replaying(clock.now() + timedelta(minutes=minutes)):
        return act()


def reclaim() -> int:
    with transaction() as session:
        return mail.reclaim(session, clock.now(), arrived=answers.arrived)


@pytest.mark.parametrize("together", [True, False], ids=["pipelining", "step by step"])
@pytest.mark.parametrize(
    ("stage", "reply", "reason"),
    [
        ("sender", "451 4.3.0 try again", "busy"),
        ("recipient", "450 4.2.0 greylisted, come back in 2 minutes", "greylisted"),
        ("recipient", "452 4.2.2 mailbox full", "mailbox_full"),
        ("data", "451 4.3.0 out of order", "busy"),
        ("dot", "451 4.7.1 slow down", "throttled"),
    ],
)
def test_put_off_at_any_stage_is_sent_later_and_once(
    a_round: int, serve: Serve, stage: str, reply: str, reason: str, together: bool
) -> None:
    whom = ANNA if stage != "sender" else ""
    sink = serve(
        lambda here, recipient, number: Fault(reply) if (here, recipient) == (stage, whom) and number == 1 else None,
        extensions=("PIPELINING", "SIZE 1000000") if together else ("SIZE 1000000",),
    )
    assert mail.drain() == {"accepted": 12, "deferred": 1}
    with reading() as session:
        put_off = session.scalars(select(Message).where(Message.state == "deferred")).one()
    assert (put_off.reason, put_off.reply, put_off.tries) == (reason, reply, 1)
    least, most = (2, 3) if "2 minutes" in reply else (5, 6.1)
    assert timedelta(minutes=least) <= put_off.due_at - clock.now() + timedelta(seconds=5) <= timedelta(minutes=most)
    assert later(1) == {}
    assert later(7) == {"accepted": 1}
    assert set(received(sink).values()) == {1}
    assert len(received(sink)) == 13
    assert sink.connections <= 2


def test_what_one_person_cannot_get_touches_nobody_else(a_round: int, serve: Serve) -> None:
    with transaction() as session:
        session.execute(update(Message).where(Message.address == "n0@example.org").values(address="not an address"))
        session.execute(update(Message).where(Message.address == "n1@example.org").values(address="zoë@example.org"))
        session.execute(update(Message).where(Message.address == "n2@example.org").values(address="n2@exämple.org"))
        session.execute(
            update(Message).where(Message.address == "n3@example.org").values(address="a@b\r\nRCPT TO:<otto@x.org>")
        )
    sink = serve(
        lambda stage, whom, _number: {
            ("recipient", ANNA): Fault("550 5.1.1 no such user"),
            ("recipient", BRAM): Fault("552 5.3.4 message too large"),
            ("dot", "chris@example.org"): Fault("554 5.7.1 refused as spam"),
        }.get((stage, whom))
    )  # fmt: skip
    assert mail.drain() == {"accepted": 7, "rejected": 6}
    assert (row(ANNA).reason, row(BRAM).reason) == ("no_such_person", "too_large")
    assert row("chris@example.org").reason == "blocked"
    assert row("zoë@example.org").reason == row("not an address").reason == "bad_address"
    assert len(sink.taken) == 7
    assert "n2@xn--exmple-cua.org" in received(sink)
    assert later(3000) == {}


def test_a_connection_lost_before_the_dot_costs_nothing_and_after_it_once_more(a_round: int, serve: Serve) -> None:
    sink = serve(
        lambda stage, whom, number: {
            ("data", ANNA): Fault(drop=True),
            ("dot", BRAM): Fault(drop=True, keep=True),
            ("dot", "chris@example.org"): Fault(drop=True),
        }.get((stage, whom)) if number == 1 else None
    )  # fmt: skip
    assert mail.drain() == {"accepted": 10, "deferred": 1, "unknown": 2}
    assert row(BRAM).reason == "fate_unknown"
    assert later(10) == {"accepted": 1}
    for minutes, resent in ((20, 0), (31, 2), (500, 0)):
        assert later(minutes, reclaim) == resent
        assert later(minutes) == ({"accepted": 2} if resent else {})
    assert received(sink) == Counter(dict.fromkeys(received(sink), 1)) + Counter({BRAM: 1})
    first, second = (taken.content for taken in sink.taken if taken.recipient == BRAM)
    assert first == second


def test_a_mail_that_was_read_is_not_sent_again_and_a_reminder_never_is(a_round: int, serve: Serve) -> None:
    serve(at("dot", ANNA, Fault(drop=True)))
    with transaction() as session:
        session.execute(update(Message).where(Message.address == BRAM).values(kind="reminder", number=1))
    assert mail.drain()["unknown"] == 1
    with transaction() as session:
        mine = row(ANNA)
        visit = {"question": "", "visit": "0" * 16, "evidence": 0, "circumstances": b"x"}
        session.add(SealedAnswer(invitation_id=mine.about_id, organisation_id=mine.organisation_id, **visit))
        session.execute(
            update(Message).where(Message.address == BRAM).values(state="unknown", transmitting_at=clock.now())
        )
    assert later(60, reclaim) == 0


def test_unknown_mail_is_left_alone_where_the_operator_says_never(
    a_round: int, serve: Serve, environment: pytest.MonkeyPatch
) -> None:
    sink = serve(at("dot", ANNA, Fault(drop=True)))
    environment.setenv("UNKNOWN_MAIL", "never")
    config.settings.cache_clear()
    assert mail.drain()["unknown"] == 1
    assert later(60, reclaim) == 0
    assert len(sink.taken) == 12


def test_a_second_try_that_would_read_differently_is_not_sent(a_round: int, serve: Serve) -> None:
    sink = serve(at("dot", ANNA, Fault("451 4.3.0 later")))
    mail.drain()
    with transaction() as session:
        session.execute(update(RoundTeam).values(promise="Something new.", promised_by="Mara"))
    assert later(10) == {"rejected": 1}
    assert row(ANNA).reason == "unrenderable"
    assert ANNA not in received(sink)


def test_one_mail_that_cannot_be_made_holds_up_no_other(a_round: int, serve: Serve) -> None:
    sink = serve()
    with transaction() as session:
        asked = session.scalars(select(Invitation).where(Invitation.email == ANNA)).one()
        asked.counting_path = "A team that nobody froze"
    assert mail.drain() == {"accepted": 12, "deferred": 1}
    assert len(sink.taken) == 12


def test_a_server_that_stalls_delays_others_little(a_round: int, serve: Serve) -> None:
    sink = serve(
        lambda stage, whom, number: {
            ("recipient", ANNA): Fault(seconds=2),
            ("dot", BRAM): Fault(seconds=2, keep=True),
        }.get((stage, whom)) if number == 1 else None
    )  # fmt: skip
    begun = time.monotonic()
    assert mail.drain(patience=HURRIED) == {"accepted": 11, "deferred": 1, "unknown": 1}
    assert time.monotonic() - begun < 20
    assert later(10) == {"accepted": 1}
    assert set(received(sink).values()) == {1}


def test_a_server_that_is_away_costs_time_and_nothing_else(a_round: int, serve: Serve) -> None:
    sink = serve(lambda stage, _whom, number: Fault("421 4.3.2 not now") if stage == "connect" and number < 3 else None)
    assert mail.drain() == {"held": 13}
    assert states() == {"queued": 13}
    assert mail.drain() == {}
    assert later(2) == {"held": 13}
    with reading() as session:
        assert "puts us off" in mail.sender_problems(session)[0]
        assert "puts us off" in " ".join(tick.health(session, clock.now()))
    assert later(5) == {"accepted": 13}
    assert (row(ANNA).tries, len(sink.taken)) == (0, 13)
    with reading() as session:
        assert mail.sender_problems(session) == []


def test_a_server_that_breaks_off_every_time_is_left_alone(a_round: int, serve: Serve) -> None:
    sink = serve(lambda stage, _whom, number: Fault(drop=True) if stage == "data" else None)
    assert mail.drain() == {"deferred": 3, "held": 10}
    assert sink.connections == 3


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        ("login", "535 5.7.8 authentication failed"),
        ("sender", "553 5.7.1 sender address rejected: not owned by user"),
        ("dot", "550 5.7.60 client does not have permissions to send as this sender"),
    ],
)
def test_a_server_that_will_not_have_us_is_nobodys_fault(a_round: int, serve: Serve, stage: str, said: str) -> None:
    willing = False
    sink = serve(
        lambda here, _whom, _number: Fault(said) if here == stage and not willing else None,
        url="smtp://ruil:secret@127.0.0.1:{port}",
        extensions=("AUTH PLAIN",),
    )
    assert mail.drain() == {"held": 13}
    assert states() == {"queued": 13}
    assert later(10) == {}
    with reading() as session:
        problems = " ".join(mail.sender_problems(session))
    assert said[4:9] in problems
    assert "secret" not in problems
    willing = True
    assert later(16) == {"accepted": 13}
    assert set(received(sink).values()) == {1}


def test_after_421_the_rest_waits_for_the_next_round_of_work(a_round: int, serve: Serve) -> None:
    sink = serve(at("recipient", ANNA, Fault("421 4.7.0 too many messages"), times=1))
    first = mail.drain()
    assert first["deferred"] == 1
    assert first["held"] + first["accepted"] == 12
    assert first["held"] > 0
    second = mail.drain()
    assert second["accepted"] == first["held"]
    assert later(10)["accepted"] == 1  # type: ignore[index]
    assert set(received(sink).values()) == {1}


def test_a_mail_that_is_always_put_off_ends_with_the_reason(a_round: int, serve: Serve) -> None:
    serve(at("recipient", ANNA, Fault("450 4.2.0 greylisted")))
    mail.drain()
    for hours in range(1, 60):
        later(hours * 60)
    assert (row(ANNA).state, row(ANNA).reason, row(ANNA).tries) == ("rejected", "gave_up", 18)


def test_what_expires_while_it_is_put_off_says_why_it_was(a_round: int, serve: Serve) -> None:
    serve(at("recipient", ANNA, Fault("452 4.2.2 mailbox full, try again in 4 hours")))
    with transaction() as session:
        session.execute(update(Message).values(expires_at=clock.now() + timedelta(hours=5)))
    mail.drain()
    for hours in (4.1, 6):
        later(hours * 60)
    assert (row(ANNA).state, row(ANNA).reason) == ("cancelled", "mailbox_full")


def test_the_database_that_goes_away_after_the_dot_still_learns_of_it(
    a_round: int, serve: Serve, database: str
) -> None:
    if database == "sqlite":
        pytest.skip("SQLite has no server that could go away")

    def cut(stage: str, whom: str, number: int) -> Fault | None:
        if (stage, whom, number) == ("dot", ANNA, 1):
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            with engine().connect() as connection:
                connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
        return None

    sink = serve(cut)
    while mail.drain():
        pass
    reclaim()
    assert row(ANNA).state == "accepted"
    later(5, reclaim)
    later(5)
    assert set(received(sink).values()) == {1}
    assert len(received(sink)) == 13
