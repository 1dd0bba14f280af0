"""Mail that comes back, written by hand for tests: a report, a complaint, an answer."""

from __future__ import annotations

from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from pulse.database import reading
from pulse.mail import Message, bounce_address, message_id


def sent_to(address: str, kind: str = "invitation") -> Message:
    """The newest mail of a kind to somebody."""
    with reading() as session:
        found = session.scalars(
            select(Message).where(Message.address == address, Message.kind == kind).order_by(Message.created_at.desc())
        ).first()
    assert found is not None
    return found


def report(
    message: Message, diagnostic: str, status: str = "5.0.0", action: str = "failed", *, verp: bool = True
) -> bytes:
    """A delivery status notification (RFC 3464) about a mail."""
    to = bounce_address(message) if verp else "someone@ruil.example"
    return f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {message.address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id(message.id) if verp else "<lost@elsewhere.example>"}
List-Unsubscribe: <mailto:stop+aaaaaaaaaaaaaaaaaaaaaaaaaa@ruil.example>

--b--
""".encode()


def complaint(message: Message, kind: str = "abuse") -> bytes:
    """An abuse report (RFC 5965) about a mail."""
    return f"""\
From: feedback@provider.example
To: someone@ruil.example
Subject: complaint about message
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1
Version: 1

--b
Content-Type: message/rfc822

Message-ID: {message_id(message.id)}
From: ruil@ruil.example
Subject: Hoe was jouw balans?

Anna
--b--
""".encode()


def answer(message: Message, body: str = "I will be back on Monday.", **headers: str) -> bytes:
    """An answer by a person or by their mail program, to the address that bounces go to."""
    written = EmailMessage()
    written["From"] = f"Anna <{message.address}>"
    written["To"] = bounce_address(message)
    written["Subject"] = "Re: Hoe was jouw balans?"
    for name, value in headers.items():
        del written[name.replace("_", "-")]
        written[name.replace("_", "-")] = value
    written.set_content(body)
    return written.as_bytes()


def take(app: Flask, content: bytes, *arguments: str) -> str:
    """Pipe a mail into the command, as a mail server does; what it says."""
    done = app.test_cli_runner().invoke(args=["mail", "bounce", *arguments], input=content)
    assert done.exit_code == 0, done.output
    return done.output
