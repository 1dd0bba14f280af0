"""One SMTP connection for many mails; each mail in a transaction of its own, with the last step laid open."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit

from config import settings
from pulse.mail.delivery.access_tokens import AccessTokenRefused, access_token
from pulse.mail.replies import OURS, REASONS, SENDER, SOFT, Verdict, classify

MAILS_PER_CONNECTION = 100
IDLE_SECONDS = 20
"""After a longer silence a connection is asked whether it is still there (NOOP) before a mail relies on it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds."""

    conversation: float = 60
    after_dot: float = 600
    """RFC 5321 4.5.3.2.6: a shorter wait for the last word manufactures duplicates."""


class SenderHeld(Exception):
    """Nobody's mail can go now; the text is a sentence for the operator."""

    def __init__(self, sentence: str, *, fault: bool) -> None:
        super().__init__(sentence)
        self.fault = fault
        """The server will not have us (login, certificate), against: it is away and will come back by itself."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a mail. `outcome`: accepted, deferred, rejected or unknown."""

    outcome: str
    text: str
    verdict: Verdict | None = None
    lost: bool = False
    """The connection broke."""


def not_sent(reason: str, text: str = "", *, again: bool = False) -> Reply:
    """A mail that did not go for a reason of ours."""
    return Reply("deferred" if again else "rejected", text or REASONS[reason], Verdict(OURS, reason, again))


@dataclass
class Connection:
    """A connection that is opened at the first mail and renewed after a hundred."""

    patience: Patience = field(default_factory=Patience)
    _server: smtplib.SMTP | None = None
    _sent: int = 0
    _spoke_at: float = 0.0

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def ready(self) -> bool:
        """Whether the next mail can go without a word before it."""
        fresh = time.monotonic() - self._spoke_at < IDLE_SECONDS
        return self._server is not None and self._sent < MAILS_PER_CONNECTION and fresh

    def open(self) -> None:
        """Make ready: connect and sign in, or ask whether the other side is still there. Raises SenderHeld."""
        if self._server is not None and self._sent >= MAILS_PER_CONNECTION:
            self.close()
        if self._server is not None and not self.ready and not self._still_there():
            self.close(quietly=True)
        if self._server is None:
            self._server = connect(self.patience.conversation)
            self._spoke_at = time.monotonic()

    def send(self, sender: str, recipient: str, content: bytes, may_finish: Callable[[], bool]) -> Reply | None:
        """Hand over one mail to one recipient on a connection that is `ready`.

        `may_finish` is asked just before the final dot, the only step that can deliver; where it says no,
        the connection is dropped, nothing was delivered, and None comes back.
        """
        server = self._server
        assert server is not None
        options = f" SIZE={len(content)}" if server.has_extn("size") else ""
        try:
            refused = self._begin(server, sender, recipient, options)
            if refused is not None:
                return refused
            server.send(_stuffed(content))
            if not may_finish():
                self.close(quietly=True)
                return None
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError) as error:
            self.close(quietly=True)
            said = f"{REASONS['connection_lost']} ({error})"
            return Reply("deferred", said, Verdict(SOFT, "connection_lost", True), lost=True)
        return self._finish(server)

    def close(self, quietly: bool = False) -> None:
        """End the connection; `quietly` without a last word to a server that is gone."""
        server, self._server, self._sent = self._server, None, 0
        if server is None:
            return
        try:
            if not quietly:
                server.quit()
        except (smtplib.SMTPException, OSError):
            pass
        finally:
            server.close()

    def _begin(self, server: smtplib.SMTP, sender: str, recipient: str, options: str) -> Reply | None:
        """MAIL, RCPT and DATA, in one go where the server takes it so (RFC 2920); None once it waits for the mail."""
        commands = (f"MAIL FROM:<{sender}>{options}", f"RCPT TO:<{recipient}>", "DATA")
        together = server.has_extn("pipelining")
        if together:
            server.send("".join(f"{command}\r\n" for command in commands))
        refused: Reply | None = None
        for command, stage in zip(commands, ("sender", "recipient", "data"), strict=True):
            if not together:
                server.send(f"{command}\r\n")
            code, words = server.getreply()
            if stage == "data" and code == 354:
                if refused is not None:
                    # Nobody to deliver to, yet it waits for a mail: an empty one, which it must refuse.
                    server.send(".\r\n")
                    server.getreply()
                break
            if stage == "data" or code // 100 != 2:
                refused = refused or self._refused(code, words, stage)
                if code == 421 or not together:
                    break
        if refused is not None:
            self._reset()
        return refused

    def _finish(self, server: smtplib.SMTP) -> Reply:
        try:
            assert server.sock is not None
            server.sock.settimeout(self.patience.after_dot)
            server.send(b".\r\n")
            code, words = server.getreply()
            server.sock.settimeout(self.patience.conversation)
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException, OSError) as error:
            self.close(quietly=True)
            said = f"{REASONS['fate_unknown']} ({error})"
            return Reply("unknown", said, Verdict(SOFT, "fate_unknown"), lost=True)
        self._sent += 1
        self._spoke_at = time.monotonic()
        if code // 100 == 2:
            return Reply("accepted", _text(code, words))
        refused = self._refused(code, words, "data")
        if code != 421:
            self._reset()
        return refused

    def _refused(self, code: int, words: bytes, stage: str) -> Reply:
        text = _text(code, words)
        if code == 421:
            self.close(quietly=True)
        verdict = classify(text, code=code, stage=stage)
        # A code that is neither yes nor no is taken as "not now".
        return Reply("rejected" if code // 100 == 5 else "deferred", text, verdict, lost=code == 421)

    def _reset(self) -> None:
        if self._server is not None and not self._says(self._server.rset):
            self.close(quietly=True)

    def _still_there(self) -> bool:
        return self._server is not None and self._says(self._server.noop)

    def _says(self, command: Callable[[], tuple[int, bytes]]) -> bool:
        try:
            said = command()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False
        self._spoke_at = time.monotonic()
        return said


def connect(seconds: float) -> smtplib.SMTP:
    """A signed-in connection to the server of SMTP_URL; raises SenderHeld with a sentence."""
    parts = urlsplit(settings().smtp_url)
    host = parts.hostname or "localhost"
    try:
        return _signed_in(host, seconds)
    except smtplib.SMTPResponseException as error:
        said = _text(error.smtp_code, error.smtp_error)
        stage = "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "connect"
        if classify(said, code=error.smtp_code, stage=stage).kind == SENDER:
            raise SenderHeld(f"{REFUSED[stage].format(host=host, said=said)}", fault=True) from error
        raise SenderHeld(f"The mail server {host} puts us off ({said}).", fault=False) from error
    except (smtplib.SMTPNotSupportedError, AccessTokenRefused) as error:
        raise SenderHeld(f"Signing in to the mail server {host} fails: {error} The mail waits.", fault=True) from error
    except ssl.SSLCertVerificationError as error:
        raise SenderHeld(
            f"The mail server {host} has no certificate that we trust ({error.verify_message}). "
            "Correct SMTP_URL or the certificate; the mail waits.",
            fault=True,
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SenderHeld(f"The mail server {host} cannot be reached ({error}).", fault=False) from error


REFUSED = {
    "login": "The mail server {host} refuses our name or password ({said}). Correct SMTP_URL; the mail waits.",
    "connect": "The mail server {host} will not speak with us ({said}). Ask its administrator; the mail waits.",
}


def _signed_in(host: str, seconds: float) -> smtplib.SMTP:
    parts = urlsplit(settings().smtp_url)
    options = parse_qs(parts.query)
    name = "localhost" if host in {"127.0.0.1", "localhost", "::1"} else socket.getfqdn()
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        port = parts.port or 465
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, name, timeout=seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if options.get("tls") == ["starttls"]:
            # Raises where the server offers none: a password must not cross the wire in the clear.
            server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        if parts.username:
            _sign_in(server, unquote(parts.username), unquote(parts.password or ""))
        assert server.sock is not None
        # The final dot is a write of its own and must not wait for the answer to the one before it.
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    if settings().oauth_token_url is None:
        server.login(user, password)
        return
    for fresh in (False, True):
        token = access_token(renew=fresh)
        try:
            server.auth("XOAUTH2", _Bearer(user, token))
            return
        except smtplib.SMTPAuthenticationError:
            if fresh:
                raise


@dataclass(frozen=True, slots=True)
class _Bearer:
    """XOAUTH2, as Microsoft and Google describe it; a refusal comes as a question, and wants an empty answer."""

    user: str
    token: str = field(repr=False)

    def __call__(self, challenge: bytes | None = None) -> str:
        return f"user={self.user}\1auth=Bearer {self.token}\1\1" if challenge is None else ""


def _stuffed(content: bytes) -> bytes:
    """The mail as it goes over the wire, without the final dot: lines that begin with a dot get a second one."""
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    return b"." * content.startswith(b".") + content.replace(b"\n.", b"\n..")


def _text(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"[:500]
