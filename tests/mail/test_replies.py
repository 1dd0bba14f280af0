"""What a server means, by code and by words: who is gone, and who only has a full mailbox."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pulse.locale import translator
from pulse.mail import REASONS, classify

AT_RCPT = """
hard no_such_person | 550 5.1.1 <x@y.example>: Recipient address rejected: User unknown in virtual mailbox table
hard no_such_person | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@y.example not found by SMTP address lookup
hard no_such_person | 550 5.4.1 Recipient address rejected: Access denied. [AMS0EPF.eop-eur.prod.protection.outlook.com]
hard no_such_person | 550-5.1.1 The email account that you tried to reach does not exist. Please try
hard no_such_person | 550 No such user here
hard no_such_person | 550 5.0.0 <x@y.example>... User unknown
hard no_such_person | 550 5.5.0 Requested action not taken: mailbox unavailable
hard no_such_person | 550 #5.1.0 Address rejected: unknown user x
hard no_such_domain | 550 5.1.2 Bad destination system address
hard moved          | 551 5.1.6 the person has moved
hard bad_address    | 501 5.1.3 Bad recipient address syntax
soft mailbox_disabled | 550 5.2.1 The email account that you tried to reach is inactive
soft mailbox_full   | 552 5.2.2 The recipient's inbox is out of storage space, over quota
soft mailbox_full   | 452 4.2.2 mailbox full
soft mailbox_full   | 550 5.1.1 x@y.example mailbox is full
soft mailbox_full   | 552 Requested mail action aborted
soft misrouted      | 550 5.4.4 Unable to route
hard no_such_domain | 550 5.4.4 Name service error for name=y.example type=A: Host not found
soft busy           | 451 4.4.3 Name service error for name=y.example type=MX: Host not found, try again
hard no_such_person | 550 5.7.1 User unknown
hard no_such_person | 550 Deze gebruiker bestaat niet
hard no_such_person | 550 Benutzer unbekannt
hard no_such_person | 550 L'utilisateur n’existe pas
hard no_such_person | 550 5.2.0 El buzón no existe
hard no_such_person | 550 casella inesistente
sender sender_refused | 554 5.7.1 <s@z.example>: Sender address rejected: Domain not found
policy blocked      | 550 Sender verify failed: no such user
policy blocked      | 554 Denied
soft greylisted     | 450 4.2.0 <x@y.example>: Recipient address rejected: Greylisted, see http://postgrey.example
soft greylisted     | 451 4.7.1 Greylisting in action, please come back in 300 seconds
soft throttled      | 421 4.7.0 Try again later, closing connection
soft throttled      | 450 4.7.1 please slow down
soft throttled      | 550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery
soft no_such_person | 450 4.1.1 <x@y.example>: unverified address: unknown user
soft busy           | 451 4.3.0 Temporary lookup failure
soft refused        | 550 no
soft busy           | 450 not now
policy blocked      | 550 5.7.1 Message rejected as spam by Content Filtering
policy blocked      | 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org
policy blocked      | 550 5.1.1 Blocked by the block list, user unknown to you
policy no_relay     | 554 5.7.1 <x@elsewhere.example>: Relay access denied
ours not_authenticated | 550 5.7.515 Access denied, sending domain does not meet the required authentication level
ours not_authenticated | 550 5.7.26 This mail is unauthenticated: SPF [y] did not pass
ours too_large      | 552 5.3.4 Message size exceeds fixed limit
ours too_large      | 552 5.2.3 Message exceeds maximum fixed size
sender login_refused | 530 5.7.57 Client not authenticated to send mail
sender sender_refused | 550 5.7.60 SMTP; Client does not have permissions to send as this sender
"""


@pytest.mark.parametrize("line", AT_RCPT.strip().splitlines())
def test_a_reply_is_read_by_its_code_and_its_words(line: str) -> None:
    expected, said = (part.strip() for part in line.split("|", 1))
    found = classify(said, code=int(said[:3]))
    assert f"{found.kind} {found.reason}" == " ".join(expected.split())
    assert found.passing is (said[0] == "4")
    bounced = classify(f"smtp; {said}")
    assert (bounced.kind == "hard") is (found.kind == "hard")


@pytest.mark.parametrize(
    ("stage", "said", "expected"),
    [
        ("connect", "554 5.7.1 go away", "sender server_refuses"),
        ("connect", "450 come back", "soft throttled"),
        ("login", "535 5.7.8 Error: authentication failed", "sender login_refused"),
        ("login", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled", "sender login_refused"),
        ("login", "454 4.7.0 Temporary authentication failure", "soft busy"),
        ("sender", "553 5.7.1 <b@ruil.example>: Sender address rejected: not owned by user x", "sender sender_refused"),
        ("sender", "552 5.3.4 Message size exceeds fixed limit", "ours too_large"),
        ("sender", "530 5.7.0 Must issue a STARTTLS command first", "sender encryption_needed"),
        ("sender", "451 4.3.0 try again", "soft busy"),
    ],
)
def test_what_is_said_before_a_recipient_is_named_is_about_us(stage: str, said: str, expected: str) -> None:
    found = classify(said, code=int(said[:3]), stage=stage)
    assert f"{found.kind} {found.reason}" == expected


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    dutch = translator("nl").words
    assert set(REASONS.values()) <= dutch.keys()
    assert all(sentence.endswith(".") for sentence in REASONS.values())


def test_a_code_that_the_reporter_made_up_loses_from_the_servers_words() -> None:
    assert classify("550 Rejected by policy", enhanced="5.1.1").kind == "policy"
    assert classify("550 no", enhanced="5.1.1").kind == "hard"
    assert classify("556 5.1.10 Domain does not accept mail (nullMX)").kind == "hard"


def test_names_of_mailboxes_and_hosts_say_nothing() -> None:
    said = "host spam.example.net[192.0.2.9] said: 550 <full@quota.example.org>: unknown user"
    assert classify(said).kind == "hard"


@given(some.text(max_size=300), some.sampled_from(["", "5.1.1", "4.2.2", "5.999.999"]))
def test_any_text_has_a_meaning(said: str, status: str) -> None:
    assert classify(said, enhanced=status).reason in REASONS
