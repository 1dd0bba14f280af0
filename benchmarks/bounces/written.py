"""What no mail server of Debian makes: other makes' bounces, complaints, automatic answers and people's replies.

Written by hand in the manner of each make. The second half was never looked at while the reader was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bounces.judging import Sample

IDENTITY = "0d2b7c1e-5b3f-4c8e-9a57-6f1f5d0c9a11"
TO = "b+0d2b7c1e5b3f4c8e9a576f1f5d0c9a11.0123456789abcdef@ruil.example"
ORIGINAL = f"""Message-ID: <{IDENTITY}@ruil.example>
From: Ruil <ruil@ruil.example>
To: Anna <anna@example.org>
Subject: Hoe was jouw balans deze maand?
Auto-Submitted: auto-generated

Dag Anna, een klik is genoeg.
"""


def _mail(sender: str, subject: str, body: str, *headers: str) -> bytes:
    lines = [f"From: {sender}", f"To: {TO}", f"Subject: {subject}", "Date: Tue, 03 Nov 2026 10:05:00 +0100", *headers]
    return ("\n".join(lines) + "\n\n" + body).encode()


def _report(kind: str, sender: str, subject: str, words: str, fields: str, *headers: str) -> bytes:
    body = f"""--b
Content-Type: text/plain; charset=utf-8

{words}

--b
Content-Type: message/{kind}

{fields}

--b
Content-Type: message/rfc822

{ORIGINAL}
--b--
"""
    report = "feedback-report" if kind == "feedback-report" else "delivery-status"
    report = kind if kind == "disposition-notification" else report
    content = f'Content-Type: multipart/report; report-type={report}; boundary="b"'
    return _mail(sender, subject, body, "MIME-Version: 1.0", content, *headers)


def _dsn(status: str, diagnostic: str, words: str = "", action: str = "failed") -> str:
    said = f"\nDiagnostic-Code: {diagnostic}" if diagnostic else ""
    return f"Reporting-MTA: dns;mx.example.org\n\nFinal-Recipient: rfc822;anna@example.org\nAction: {action}\nStatus: {status}{said}"


def _qmail(line: str) -> bytes:
    return _mail(
        "MAILER-DAEMON@mx.example.org", "failure notice",
        f"""Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<anna@example.org>:
{line}

--- Below this line is a copy of the message.

Return-Path: <{TO}>
{ORIGINAL}""",
    )  # fmt: skip


def _exchange(words: str, code: str) -> bytes:
    return _report(
        "delivery-status", "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.org>",
        "Undeliverable: Hoe was jouw balans deze maand?", words,
        f"Reporting-MTA: dns;AM0PR01.example.org\n\nFinal-recipient: RFC822; anna@example.org\nAction: failed\nStatus: {code[:5]}\nDiagnostic-Code: smtp;{code}",
        "X-MS-Exchange-Message-Is-Ndr:",
    )  # fmt: skip


def _courteous(sender: str, subject: str, words: str, *headers: str) -> bytes:
    return _mail(sender, subject, f"{words}\n\n----- Original message -----\n\n{ORIGINAL}", *headers)


def written() -> Iterator[Sample]:
    """All of them."""
    for group, samples in (("seen", SEEN), ("held out", HELD_OUT)):
        for number, (label, content) in enumerate(samples):
            yield Sample("written", f"{group} {number}", label, content, group == "held out")


SYSTEM = "Mail Delivery System <MAILER-DAEMON@example.org>"
PERSON = "Anna <anna@example.org>"
SEEN = [
    ("hard", _qmail("Sorry, no mailbox here by that name. (#5.1.1)")),
    ("soft", _qmail("Sorry, this mailbox is over its quota. (#5.2.2)")),
    ("hard", _exchange("Your message couldn't be delivered. The address wasn't found at example.org.", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup")),
    ("soft", _exchange("Your message couldn't be delivered: the mailbox is full.", "554 5.2.2 STOREDRV.Deliver; mailbox full")),
    ("hard", _courteous(SYSTEM, "Undeliverable mail", "Your message to anna@example.org could not be delivered.\nReason: unknown user")),
    ("delay", _courteous(SYSTEM, "Warning: message delayed 24 hours", "A message that you sent has not yet been delivered to anna@example.org.\nNo action is required on your part: delivery attempts will continue.")),
    ("none", _report("feedback-report", "feedback@provider.example", "Complaint", "This is an abuse report.", "Feedback-Type: abuse\nUser-Agent: P/1\nVersion: 1")),
    ("none", _mail(PERSON, "Automatic reply: Hoe was jouw balans", "I am out of office until Monday.", "Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All")),
    ("none", _mail(PERSON, "Re: Hoe was jouw balans", "Wat een goede vraag, dank je wel!")),
    ("none", _report("disposition-notification", PERSON, "Gelezen: Hoe was jouw balans", "Uw bericht is gelezen.", "Final-Recipient: rfc822;anna@example.org\nDisposition: manual-action/MDN-sent-automatically; displayed")),
]  # fmt: skip
HELD_OUT = [
    ("hard", _qmail("192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 unknown or illegal alias: anna@example.org\nGiving up on 192.0.2.7.")),
    ("hard", _qmail("Sorry, I couldn't find any host named example.org. (#5.1.2)")),
    ("hard", _qmail("This address no longer accepts mail: the account was closed.")),
    ("soft", _qmail("I'm not going to try again; this message has been in the queue too long.\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)")),
    ("soft", _qmail("User's mailbox is full: [/home/anna/Maildir] Unable to deliver mail.")),
    ("soft", _qmail("192.0.2.7 failed after I sent the message.\nRemote host said: 554 Message refused: it looks like spam")),
    ("hard", _exchange("Uw bericht aan anna@example.org kan niet worden bezorgd. Het opgegeven e-mailadres is niet gevonden.", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found")),
    ("soft", _exchange("Your message wasn't delivered because the recipient's e-mail provider rejected it.", "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy")),
    ("soft", _exchange("Delivery is restricted: only people inside the organisation may send to anna.", "550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized to send to recipient")),
    ("soft", _exchange("Uw bericht is te groot voor deze ontvanger.", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient")),
    ("soft", _exchange("The message couldn't be delivered in time.", "550 4.4.7 QUEUE.Expired; message expired")),
    ("hard", _courteous("postmaster@example.org", "Delivery Notification: Delivery has failed", "This report relates to a message you sent.\n\nYour message cannot be delivered to the following recipients:\n\n  Recipient address: anna@example.org\n  Reason: Illegal host/domain name found\n")),
    ("hard", _courteous("Postmaster <postmaster@example.org>", "Mail System Error - Returned Mail", "This Message was undeliverable due to the following reason:\n\nThe user(s) account is not known here.\n\nanna@example.org")),
    ("hard", _courteous(SYSTEM, "Onbestelbaar: Hoe was jouw balans", "Uw bericht is niet afgeleverd.\n\nanna@example.org: onbekende gebruiker")),
    ("hard", _courteous(SYSTEM, "Unzustellbar: Hoe was jouw balans", "Ihre Nachricht konnte nicht zugestellt werden an:\n\nanna@example.org\nDas Postfach existiert nicht.")),
    ("hard", _courteous(SYSTEM, "Message non remis", "Votre message n'a pas pu être remis à :\n\nanna@example.org\nadresse introuvable")),
    ("hard", _courteous("Mail Administrator <Postmaster@gateway.example>", "Mail could not be delivered", "****** Message from InterScan Messaging ******\n\n<anna@example.org> 550 No such recipient\n\n** End of message **")),
    ("soft", _courteous("Mail Administrator <Postmaster@gateway.example>", "Mail could not be delivered", "The following mail was not delivered: the mailbox of anna@example.org has exceeded its storage limit.")),
    ("soft", _courteous("postmaster@example.org", "Undeliverable message", "Delivery to anna@example.org failed: connection timed out after 5 days.")),
    ("soft", _courteous("postmaster@example.org", "Message rejected", "Your message to anna@example.org was blocked by our content policy.")),
    ("soft", _courteous(SYSTEM, "Returned mail: too large", "The message is larger than the 10 MB that anna@example.org may receive.")),
    ("hard", _courteous(SYSTEM, "failure notice", "Message from example.org.\nUnable to deliver message to the following address(es).\n\n<anna@example.org>:\nThis user doesn't have an example account (anna@example.org) [0]")),
    ("hard", _mail(SYSTEM, "Delivery Status Notification (Failure)", "<html><body><p>Your message to <b>anna@example.org</b> couldn't be delivered.</p><p>The address couldn't be found, or is unable to receive mail.</p></body></html>", "Content-Type: text/html; charset=utf-8", "X-Failed-Recipients: anna@example.org", "MIME-Version: 1.0")),
    ("delay", _report("delivery-status", SYSTEM, "Delivery Status Notification (Delay)", "There was a temporary problem delivering your message. Gmail will retry for 46 more hours.", _dsn("4.4.1", "smtp; The recipient server did not accept our requests to connect.", action="delayed"))),
    ("delay", _courteous("postmaster@example.org", "Delivery delayed: Hoe was jouw balans", "Delivery to anna@example.org is delayed by the receiving system being busy. We will keep trying for 4 days.")),
    ("none", _report("delivery-status", SYSTEM, "Relayed: Hoe was jouw balans", "Delivery to these recipients is complete, but no notification was sent.", _dsn("2.0.0", "", action="relayed"))),
    ("none", _report("feedback-report", "fbl@other.example", "FW: Hoe was jouw balans", "An email abuse report.", "Feedback-Type: opt-out\nUser-Agent: O/2\nVersion: 0.1\nOriginal-Rcpt-To: anna@example.org")),
    ("none", _report("feedback-report", "dmarc@other.example", "Authentication failure", "An authentication failure report.", "Feedback-Type: auth-failure\nUser-Agent: O/2\nVersion: 1\nAuth-Failure: dmarc")),
    ("none", _mail(PERSON, "Afwezig: Hoe was jouw balans", "Ik ben met vakantie. Mijn mail wordt niet gelezen; dit adres bestaat vanaf 1 december niet meer.", "Precedence: auto_reply")),
    ("none", _mail(PERSON, "Abwesenheitsnotiz", "Ich bin nicht im Büro. Unbekannt verzogen!", "X-Autoreply: yes")),
    ("none", _mail(PERSON, "Re: Hoe was jouw balans", "Anna no longer works here. Her address does not exist any more; write to bram@example.org.", "Auto-Submitted: auto-replied", "Return-Path: <>")),
    ("none", _mail(PERSON, "Re: Hoe was jouw balans", "Bij ons is de mailbox van Bram vol en bestaat de gebruiker Chris niet meer. 550 5.1.1 user unknown, zegt de server.")),
    ("none", _mail("Anna's ticket system <support@example.org>", "[#1234] We have received your message", "Thank you. Your message could not be assigned yet.", "Auto-Submitted: auto-generated")),
    ("none", _mail("Spam guard <guard@example.org>", "Please confirm your message to anna@example.org", "Click https://guard.example.org/confirm to have your message delivered. Unconfirmed mail is rejected.")),
    ("none", _mail(PERSON, "Out of Office", "I left the company. Unknown user from now on: this mailbox will be closed.")),
    ("none", _report("disposition-notification", PERSON, "Not read: Hoe was jouw balans", "Your message was deleted without being read.", "Final-Recipient: rfc822;anna@example.org\nDisposition: automatic-action/MDN-sent-automatically; deleted")),
    ("none", _mail("newsletter@shop.example", "Returned goods", "Your parcel was delivered.", "Precedence: bulk")),
]  # fmt: skip
