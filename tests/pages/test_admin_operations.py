"""What operators ask: alive, ready, and how it does; the numbers only from the machine itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from pulse import clock, create_app, mail, tick
from pulse.database import transaction
from pulse.mail.delivery.sender import sender_name
from pulse.mail.tables import MailSender
from tests.pages.administering import Browser, organisation


@pytest.fixture
def app(database: object) -> Flask:
    """An organisation and one letter in the outbox."""
    made = organisation("De Linde", "hanna@delinde.example")
    with transaction(made) as session:
        mail.queue(
            session,
            kind="sign_in",
            about_id=1,
            number=0,
            organisation_id=made,
            address="hanna@delinde.example",
            recipient="Hanna",
            language="nl",
            due_at=clock.now() - timedelta(seconds=90),
        )
    return create_app()


def beat_all() -> None:
    for queue in tick.WATCHED_QUEUES:
        tick.beat(queue)


def test_health_says_what_is_not_well(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "The tick queue has never worked." in answer.text
    beat_all()
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "All is well.\n")
    with clock.replaying(clock.now() + timedelta(minutes=3, seconds=5)):
        assert "The tick queue last worked 3 minutes ago." in client.get("/healthz").text


def test_ready_when_the_database_is_migrated(app: Flask) -> None:
    assert app.test_client().get("/readyz").status_code == 200


def test_without_a_database_both_say_so(environment: pytest.MonkeyPatch) -> None:
    client = create_app().test_client()
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "The database does not answer." in answer.text


def test_metrics_are_prometheus_text_without_a_name(app: Flask) -> None:
    beat_all()
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'ruil_messages{state="queued"} 1' in lines
    assert 'ruil_heartbeat_age_seconds{queue="tick"} 0' in lines
    waited = next(line for line in lines if line.startswith("ruil_mail_oldest_due_seconds "))
    assert 90 <= int(waited.split()[1]) < 120
    for line in lines:
        assert re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"\})? -?\d+', line), line
    assert "hanna" not in answer.text.lower()


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("2001:db8::7", {}),
        ("", {}),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}),
    ],
)
def test_nobody_else_gets_the_metrics(app: Flask, address: str, headers: dict[str, str]) -> None:
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404
    assert "ruil_" not in answer.text


def test_that_the_mail_server_refuses_us_is_said_where_no_alert_can_say_it(app: Flask) -> None:
    beat_all()
    with transaction() as session:
        session.add(
            MailSender(name=sender_name(), failures=1, held_until=clock.now(), held_reason="It refuses our name.")
        )
    assert app.test_client().get("/healthz").text == (
        "It refuses our name. No alert reaches administrators until it is over.\n"
    )
    overview = Browser(app).sign_in("hanna@delinde.example").text("/admin/")
    assert (
        "The mail server cannot be reached or refuses Ruil, so all mail waits, also what would tell you so." in overview
    )
    assert "does not run as it should" not in overview
