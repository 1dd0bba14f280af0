"""A link works once, for ten minutes; a session ends by itself, by its owner, and everywhere at once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from pulse import accounts, clock
from pulse.database import reading, transaction
from pulse.roster import create_organisation

MORNING = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def administrator(database: object) -> accounts.Administrator:
    """Hanna administers De Linde."""
    with clock.replaying(MORNING), transaction() as session:
        organisation = create_organisation(session, "De Linde", "hr@delinde.example")
        return accounts.create_administrator(session, organisation.id, "Hanna@DeLinde.example", "nl")


def token_for(administrator: accounts.Administrator, at: datetime = MORNING) -> str:
    with clock.replaying(at), transaction() as session:
        return accounts.sign_in_token(accounts.request_sign_in(session, administrator))


def redeem(token: str, at: datetime = MORNING) -> tuple[str, accounts.Administrator] | None:
    with clock.replaying(at), transaction() as session:
        return accounts.redeem(session, token)


def is_in(secret: str, at: datetime) -> bool:
    with clock.replaying(at), reading() as session:
        return accounts.session_of(session, secret) is not None


def test_a_link_signs_in_once(administrator: accounts.Administrator) -> None:
    token = token_for(administrator)
    first = redeem(token)
    assert first is not None
    assert first[1].email == "hanna@delinde.example"
    assert redeem(token) is None


def test_a_link_lives_for_ten_minutes(administrator: accounts.Administrator) -> None:
    token = token_for(administrator)
    with clock.replaying(MORNING + timedelta(minutes=9)), reading() as session:
        assert accounts.usable(session, token)
    with clock.replaying(MORNING + timedelta(minutes=10)), reading() as session:
        assert not accounts.usable(session, token)
    assert redeem(token, MORNING + timedelta(minutes=10)) is None
    assert redeem(token, MORNING + timedelta(minutes=9)) is not None


@pytest.mark.parametrize("token", ["", "x", "WzEsImEiXQ.AAAA", "é" * 40, "a" * 5000, "..", "null"])
def test_a_made_up_link_is_worth_nothing(administrator: accounts.Administrator, token: str) -> None:
    token_for(administrator)
    assert redeem(token) is None


def test_a_link_changed_by_one_letter_is_worth_nothing(administrator: accounts.Administrator) -> None:
    token = token_for(administrator)
    for place in range(len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        assert redeem(token[:place] + other + token[place + 1 :]) is None
    assert redeem(token) is not None


def test_the_link_is_made_again_from_its_row(administrator: accounts.Administrator) -> None:
    with transaction() as session:
        sign_in = accounts.request_sign_in(session, administrator)
        made = accounts.sign_in_token(sign_in)
    with reading() as session:
        assert accounts.sign_in_token(session.get_one(accounts.SignIn, sign_in.id)) == made


def test_six_asks_give_five_links_and_later_a_sixth(administrator: accounts.Administrator) -> None:
    given = []
    for minute in (0, 1, 2, 3, 4, 5):
        with clock.replaying(MORNING + timedelta(minutes=minute)), transaction() as session:
            given.append(len(accounts.ask_links(session, " HANNA@delinde.example ")))
    assert given == [1, 1, 1, 1, 1, 0]
    with clock.replaying(MORNING + timedelta(minutes=11)), transaction() as session:
        assert len(accounts.ask_links(session, "hanna@delinde.example")) == 1


@pytest.mark.parametrize(
    "address", ["nobody@delinde.example", "", "no address", "hanna@delinde.example\r\nBcc: x@y.example"]
)
def test_an_unknown_address_gets_nothing(administrator: accounts.Administrator, address: str) -> None:
    with transaction() as session:
        assert accounts.ask_links(session, address) == []


def test_who_administers_two_organisations_gets_two_links(administrator: accounts.Administrator) -> None:
    with transaction() as session:
        other = create_organisation(session, "De Beuk", "hr@debeuk.example")
        accounts.create_administrator(session, other.id, "hanna@delinde.example", "en")
        links = accounts.ask_links(session, "hanna@delinde.example")
    assert [one.organisation_id for one, _ in links] == [administrator.organisation_id, other.id]


def test_only_a_digest_of_the_session_is_kept(administrator: accounts.Administrator) -> None:
    redeemed = redeem(token_for(administrator))
    assert redeemed is not None
    with reading() as session:
        kept = session.scalars(select(accounts.WebSession.secret_sha256)).one()
    assert kept == hashlib.sha256(redeemed[0].encode()).hexdigest()
    assert len(redeemed[0]) >= 43  # 256 random bits


def test_a_session_ends_after_half_an_hour_without_use(administrator: accounts.Administrator) -> None:
    redeemed = redeem(token_for(administrator))
    assert redeemed is not None
    secret = redeemed[0]
    assert is_in(secret, MORNING + timedelta(minutes=29))
    assert not is_in(secret, MORNING + timedelta(minutes=30))
    with clock.replaying(MORNING + timedelta(minutes=29)), transaction() as session:
        accounts.touch(session, secret)
    assert is_in(secret, MORNING + timedelta(minutes=58))
    with clock.replaying(MORNING + timedelta(minutes=60)), transaction() as session:
        accounts.touch(session, secret)
    assert not is_in(secret, MORNING + timedelta(minutes=60))


def test_a_session_ends_after_twelve_hours_however_busy(administrator: accounts.Administrator) -> None:
    redeemed = redeem(token_for(administrator))
    assert redeemed is not None
    for minutes in range(20, 12 * 60, 20):
        with clock.replaying(MORNING + timedelta(minutes=minutes)), transaction() as session:
            accounts.touch(session, redeemed[0])
    assert is_in(redeemed[0], MORNING + timedelta(hours=12, seconds=-1))
    assert not is_in(redeemed[0], MORNING + timedelta(hours=12))


def test_signing_out_ends_this_session_or_all(administrator: accounts.Administrator) -> None:
    secrets = [entered[0] for _ in range(3) if (entered := redeem(token_for(administrator)))]
    with clock.replaying(MORNING), transaction() as session:
        accounts.sign_out(session, secrets[0])
    assert [is_in(secret, MORNING) for secret in secrets] == [False, True, True]
    with clock.replaying(MORNING), transaction() as session:
        accounts.sign_out_everywhere(session, administrator.id)
    assert not any(is_in(secret, MORNING) for secret in secrets)


def test_ended_sessions_are_swept_at_the_next_sign_in(administrator: accounts.Administrator) -> None:
    redeem(token_for(administrator))
    later = MORNING + timedelta(hours=1)
    redeem(token_for(administrator, later), later)
    with reading() as session:
        assert session.scalar(select(func.count(accounts.WebSession.id))) == 1


@pytest.mark.parametrize(
    ("email", "language", "words"),
    [
        ("no address", "nl", "is no mail address"),
        ("new@delinde.example", "fy", "does not speak"),
        ("HANNA@delinde.example", "nl", "already an administrator"),
    ],
)
def test_an_account_is_refused_with_a_sentence(
    administrator: accounts.Administrator, email: str, language: str, words: str
) -> None:
    with transaction() as session, pytest.raises(accounts.AccountRefused, match=words):
        accounts.create_administrator(session, administrator.organisation_id, email, language)
