"""A local mailbox for development: an SMTP server that keeps mail, and a small page that shows it.

    python -m demo.mailbox SMTP_PORT HTTP_PORT

The page shows each mail's HTML and text part as they are. Nothing leaves this machine.
"""

from __future__ import annotations

import asyncio
import html
import json
import sys
import threading
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

SHOWN = 300
"""How many mails a list shows; searching reaches all of them."""


@dataclass(frozen=True)
class Mail:
    """One received mail, with the envelope it came in."""

    number: int
    sender: str
    recipient: str
    content: bytes

    def parsed(self) -> EmailMessage:
        """The mail, parsed by the strict modern policy."""
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


class Mailbox:
    """All mail received, in order."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.lock = threading.Lock()
        self.seconds = 0.0
        """How long the server takes to accept a mail."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Take in one mail from the SMTP server."""
        await asyncio.sleep(self.seconds)
        with self.lock:
            number = len(self.mails) + 1
            for recipient in envelope.rcpt_tos:
                self.mails.append(Mail(number, envelope.mail_from, recipient, envelope.content))
        return f"250 2.0.0 kept as {number}"

    def found(self, words: str) -> list[Mail]:
        """Mails whose recipient or subject contains `words`, newest first."""
        with self.lock:
            mails = list(reversed(self.mails))
        if not words:
            return mails[:SHOWN]
        return [
            mail for mail in mails if words in mail.recipient.lower() or words in str(mail.parsed()["subject"]).lower()
        ][:SHOWN]


STYLE = """
:root { color-scheme: light dark; --line: #8884; --accent: #0072b2; }
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif }
header { padding: 1rem 1.25rem;
  border-bottom: 1px solid var(--line);
  display: flex;
  flex-wrap: wrap;
  gap: .75rem 1.5rem;
  align-items: center }
h1 { font-size: 1.25rem;
  margin: 0 }
  input { font: inherit;
  padding: .5rem .75rem;
  border: 1px solid var(--line);
  border-radius: .5rem;
  min-width: 16rem }
ul { list-style: none;
  margin: 0;
  padding: 0 }
  li a { display: grid;
  grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
  gap: 0 1rem;
  padding: .75rem 1.25rem;
  border-bottom: 1px solid var(--line);
  color: inherit;
  text-decoration: none }
li a:hover, li a:focus-visible { background: #0072b218 }
  li span:first-child { font-weight: 600;
  overflow-wrap: anywhere }
main.mail { padding: 1.25rem;
  max-width: 60rem;
  margin: 0 auto }
  iframe { width: 100%;
  height: 46rem;
  border: 1px solid var(--line);
  border-radius: .75rem;
  background: #fff }
pre { white-space: pre-wrap;
  overflow-wrap: anywhere;
  border: 1px solid var(--line);
  border-radius: .75rem;
  padding: 1rem }
  dl { display: grid;
  grid-template-columns: max-content 1fr;
  gap: .25rem 1rem }
  dd { margin: 0;
  overflow-wrap: anywhere }
  dt { opacity: .7 }
@media (max-width: 40rem) { li a { grid-template-columns: 1fr } }
"""


class Page(BaseHTTPRequestHandler):
    """The mailbox's pages; `/mails.json` gives the same to programs."""

    mailbox: Mailbox

    def do_GET(self) -> None:
        """List, one mail, one of its parts, or an attachment."""
        parts = urlsplit(self.path)
        words = parse_qs(parts.query).get("for", [""])[0].strip().lower()
        steps = parts.path.strip("/").split("/")
        if parts.path == "/":
            self._send(_list_page(self.mailbox.found(words), words, len(self.mailbox.mails)))
        elif parts.path == "/mails.json":
            self._send(_json(self.mailbox.mails), "application/json")
        elif steps[0] == "mail" and len(steps) >= 2 and steps[1].isdigit():
            self._mail(int(steps[1]), steps[2:])
        else:
            self.send_error(404, "No such page")

    def _mail(self, number: int, rest: list[str]) -> None:
        if not 0 < number <= len(self.mailbox.mails):
            self.send_error(404, "No such mail")
            return
        mail = self.mailbox.mails[number - 1]
        message = mail.parsed()
        if rest == ["html"]:
            body = message.get_body(("html",))
            # A link in a mail opens its own tab, as in any mail program; the answer page refuses frames.
            self._send("<base target=_blank>" + (body.get_content() if body else "No HTML part."))
        elif rest[:1] == ["attachment"] and len(rest) == 2 and rest[1].isdigit():
            files = list(message.iter_attachments())
            if int(rest[1]) >= len(files):
                self.send_error(404, "No such attachment")
                return
            chosen = files[int(rest[1])]
            self._send(chosen.get_content(), chosen.get_content_type())
        else:
            self._send(_mail_page(mail, message))

    def _send(self, body: str | bytes, kind: str = "text/html; charset=utf-8") -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a path is not worth a line here."""


def _page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style>{body}</html>"
    )


def _list_page(mails: list[Mail], words: str, total: int) -> str:
    rows = "".join(
        f"<li><a href='/mail/{mail.number}'><span>{html.escape(mail.recipient)}</span>"
        f"<span>{html.escape(str(mail.parsed()['subject']))}</span></a></li>"
        for mail in mails
    )
    return _page(
        "Mailbox",
        f"<header><h1>Mailbox</h1><form><input name=for type=search aria-label='Search' "
        f"placeholder='address or subject' value='{html.escape(words, quote=True)}'></form>"
        f"<span>{len(mails)} shown of {total}</span></header><main><ul>{rows}</ul></main>",
    )


def _mail_page(mail: Mail, message: EmailMessage) -> str:
    text = message.get_body(("plain",))
    headers = "".join(
        f"<dt>{name}</dt><dd>{html.escape(str(message.get(name.lower(), '')))}</dd>"
        for name in ("From", "To", "Subject", "Date")
    )
    files = "".join(
        f"<p><a href='/mail/{mail.number}/attachment/{index}'>{html.escape(part.get_filename() or 'file')}</a></p>"
        for index, part in enumerate(message.iter_attachments())
    )
    return _page(
        str(message["subject"]),
        f"<main class=mail><p><a href='/'>All mail</a></p><dl>{headers}</dl>{files}"
        f"<h2>HTML part</h2><iframe title='HTML part' src='/mail/{mail.number}/html' "
        "sandbox='allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation'></iframe>"
        f"<h2>Text part</h2><pre>{html.escape(text.get_content()) if text else ''}</pre></main>",
    )


def _json(mails: list[Mail]) -> str:
    return json.dumps(
        [
            {
                "number": mail.number,
                "to": mail.recipient,
                "subject": str(message["subject"]),
                "date": str(message["date"]),
                "text": body.get_content() if (body := message.get_body(("plain",))) else "",
                "attachments": [part.get_filename() for part in message.iter_attachments()],
            }
            for mail in list(mails)
            for message in (mail.parsed(),)
        ]
    )


def main() -> None:
    """Serve both doors until interrupted."""
    smtp_port, http_port = int(sys.argv[1]), int(sys.argv[2])
    mailbox = Mailbox()
    Controller(mailbox, hostname="127.0.0.1", port=smtp_port, data_size_limit=2**25).start()
    page = type("MailboxPage", (Page,), {"mailbox": mailbox})
    ThreadingHTTPServer(("127.0.0.1", http_port), page).serve_forever()


if __name__ == "__main__":
    main()
