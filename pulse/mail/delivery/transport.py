"""One SMTP connection for many mails; each mail in a transaction of its own, with the last step laid open."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from pulse.mail.delivery.connecting import connect, reply_text
from pulse.mail.replies import OURS, REASONS, SOFT, Verdict, classify

MAILS_PER_CONNECTION = 100
IDLE_SECONDS = 20
"""After a longer silence a connection is asked whether it is still there (NOOP) before a mail relies on it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds."""

    conversation: float = 60
    after_dot: float = 600
    """RFC 5321 4.5.3.2.6: a shorter wait for the last word manufactures duplicates."""


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
            return Reply("accepted", reply_text(code, words))
        refused = self._refused(code, words, "data")
        if code != 421:
            self._reset()
        return refused

    def _refused(self, code: int, words: bytes, stage: str) -> Reply:
        text = reply_text(code, words)
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


def _stuffed(content: bytes) -> bytes:
    """The mail as it goes over the wire, without the final dot: lines that begin with a dot get a second one."""
    content = content if content.endswith(b"\r\n") else content + b"\r\n"
    return b"." * content.startswith(b".") + content.replace(b"\n.", b"\n..")
