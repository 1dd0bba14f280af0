"""One SMTP connection for many mails, with the moment before DATA laid open."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from config import settings

CONVERSATION_SECONDS = 60
AFTER_DATA_SECONDS = 600
"""RFC 5321 4.5.3.2.6: a shorter wait for the last word manufactures duplicates."""
MAILS_PER_CONNECTION = 100


class SenderFault(Exception):
    """The server will not have us at all (login, certificate); nobody's mail is to blame."""


class ServerAway(Exception):
    """The server cannot be reached, or left before it took anything of this mail."""


@dataclass(frozen=True)
class Reply:
    """What the server said to a mail. `outcome`: accepted, deferred, rejected or unknown."""

    outcome: str
    text: str


class Connection:
    """A connection that is opened at the first mail and renewed after a hundred."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, sender: str, recipient: str, content: bytes, before_data: Callable[[], bool]) -> Reply | None:
        """Hand over one mail to one recipient. None where `before_data` says the claim was lost.

        Raises ServerAway or SenderFault before anything was handed over.
        """
        server = self._ready()
        try:
            for answer in (server.mail(sender), server.rcpt(recipient)):
                if answer[0] not in (250, 251):
                    return self._refused(answer)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self.close(quietly=True)
            raise ServerAway(f"The connection was lost before the mail was handed over ({error}).") from error
        if not before_data():
            self._reset()
            return None
        return self._data(server, content)

    def close(self, quietly: bool = False) -> None:
        """End the connection; `quietly` without a last word to a server that is gone."""
        server, self._server, self._sent = self._server, None, 0
        if server is None:
            return
        try:
            if quietly:
                server.close()
            else:
                server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()

    def _data(self, server: smtplib.SMTP, content: bytes) -> Reply:
        assert server.sock is not None
        server.sock.settimeout(AFTER_DATA_SECONDS)
        try:
            answer = server.data(content)
            server.sock.settimeout(CONVERSATION_SECONDS)
        except smtplib.SMTPDataError as error:
            # Refused at DATA itself: nothing of the mail was taken.
            return self._refused((error.smtp_code, error.smtp_error))
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError) as error:
            self.close(quietly=True)
            return Reply("unknown", f"The connection was lost after the mail was handed over ({error}).")
        self._sent += 1
        if answer[0] == 250:
            return Reply("accepted", _text(answer))
        return self._refused(answer)

    def _refused(self, answer: tuple[int, bytes | str]) -> Reply:
        if answer[0] == 421:
            self.close(quietly=True)
        else:
            self._reset()
        return Reply("rejected" if 500 <= answer[0] < 600 else "deferred", _text(answer))

    def _reset(self) -> None:
        if self._server is not None:
            try:
                self._server.rset()
            except (smtplib.SMTPException, OSError):
                self.close(quietly=True)

    def _ready(self) -> smtplib.SMTP:
        if self._server is not None and self._sent >= MAILS_PER_CONNECTION:
            self.close()
        if self._server is None:
            self._server = _connect()
        return self._server


def _connect() -> smtplib.SMTP:
    parts = urlsplit(settings().smtp_url)
    host, options = parts.hostname or "localhost", parse_qs(parts.query)
    name = socket.getfqdn() if host not in {"127.0.0.1", "localhost"} else "localhost"
    try:
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, name, timeout=CONVERSATION_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, name, timeout=CONVERSATION_SECONDS)
        if options.get("tls") == ["starttls"]:
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except smtplib.SMTPAuthenticationError as error:
        raise SenderFault(
            f"The mail server {host} refuses our name or password ({_text((error.smtp_code, error.smtp_error))}). "
            "Correct SMTP_URL; the mail waits."
        ) from error
    except ssl.SSLError as error:
        raise SenderFault(
            f"The mail server {host} has no certificate that we trust ({error.reason}). "
            "Correct SMTP_URL; the mail waits."
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ServerAway(f"The mail server {host} cannot be reached ({error}).") from error
    return server


def _text(answer: tuple[int, bytes | str]) -> str:
    words = answer[1].decode("utf-8", "replace") if isinstance(answer[1], bytes) else answer[1]
    return f"{answer[0]} {' '.join(words.split())}"[:500]
