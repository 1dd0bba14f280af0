"""Reading the mailbox that returned mail goes to, over IMAP: each mail taken in, then removed; safe to break off.

A mail is removed only after it was taken in, and taking in twice changes nothing; so a crash costs nothing. What is
about none of our mails stays where it is, marked, for whoever else reads that mailbox.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote, urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from config import settings
from pulse import mail
from pulse.mail.delivery.access_tokens import AccessTokenRefused, access_token
from pulse.returns.taking import OTHER, take_in

log = logging.getLogger(__name__)

READ = "$RuilRead"
"""The mark of a mail that is about none of ours (an IMAP keyword, RFC 9051 2.3.2)."""
SECONDS = 30
BUDGET_SECONDS = 40.0
"""Less than the minute after which the next reader is woken."""
MOST_BYTES = 30_000_000


class MailboxUnread(Exception):
    """The mailbox cannot be read now; the text is a sentence for the operator, without the password."""


def collect(budget_seconds: float = BUDGET_SECONDS) -> Counter[str]:
    """Take in what lies in the mailbox of BOUNCE_IMAP_URL; counts by kind. Nothing where there is none."""
    done: Counter[str] = Counter()
    if settings().bounce_imap_url is None:
        return done
    end = time.monotonic() + budget_seconds
    with _opened() as (server, mark, keep_in):
        # A server that keeps no keywords marks what was read as seen.
        unread = server.search(["UNKEYWORD", READ, "UNDELETED"] if mark == READ else ["UNSEEN", "UNDELETED"])
        for uid in unread:
            if time.monotonic() > end:
                break
            content = _content(server, uid)
            if content is None:
                continue
            try:
                kind = take_in(content)
            except mail.NotForwarded as error:
                log.warning("%s", error)
                done["later"] += 1
                continue
            done[kind] += 1
            if kind == OTHER:
                server.add_flags([uid], [mark], silent=True)
            else:
                _remove(server, uid, keep_in)
    return done


@contextmanager
def _opened() -> Iterator[tuple[IMAPClient, str, str]]:
    """The mailbox, signed in and selected; how mail is marked there; and the folder that handled mail is kept in."""
    parts = urlsplit(settings().bounce_imap_url or "")
    host, folder = parts.hostname or "localhost", unquote(parts.path.strip("/")) or "INBOX"
    try:
        server = IMAPClient(
            host,
            port=parts.port,
            ssl=parts.scheme == "imaps",
            ssl_context=ssl.create_default_context() if parts.scheme == "imaps" else None,
            timeout=SECONDS,
        )
        with server:
            if parts.scheme == "imap" and host not in {"127.0.0.1", "localhost", "::1"}:
                server.starttls(ssl.create_default_context())
            if settings().oauth_token_url and not parts.password:
                server.oauth2_login(unquote(parts.username or ""), access_token())
            else:
                server.login(unquote(parts.username or ""), unquote(parts.password or ""))
            selected = server.select_folder(folder)
            mark = READ if b"\\*" in selected.get(b"PERMANENTFLAGS", ()) else "\\Seen"
            yield server, mark, parse_qs(parts.query).get("keep", [""])[0]
    except (IMAPClientError, OSError, AccessTokenRefused) as error:
        raise MailboxUnread(
            f"The mailbox of returned mail at {host} cannot be read ({error}). Correct BOUNCE_IMAP_URL or the "
            "mail server; nothing is lost, what lies there is read later."
        ) from error


def _content(server: IMAPClient, uid: int) -> bytes | None:
    """A mail as it is, without marking it; None where somebody else has just removed it."""
    found = server.fetch([uid], [f"BODY.PEEK[]<0.{MOST_BYTES}>"]).get(uid, {})
    content = next((value for name, value in found.items() if name.startswith(b"BODY[")), None)
    return content if isinstance(content, bytes) else None


def _remove(server: IMAPClient, uid: int, keep_in: str) -> None:
    if keep_in:
        if not server.folder_exists(keep_in):
            server.create_folder(keep_in)
        server.copy([uid], keep_in)
    server.delete_messages([uid], silent=True)
    if server.has_capability("UIDPLUS"):
        server.expunge([uid])
