"""Connecting to the mail server of SMTP_URL and signing in there; a refusal becomes a sentence for the operator."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from config import settings
from pulse.mail.delivery.access_tokens import AccessTokenRefused, access_token
from pulse.mail.replies import SENDER, classify


class SenderHeld(Exception):
    """Nobody's mail can go now; the text is a sentence for the operator."""

    def __init__(self, sentence: str, *, fault: bool) -> None:
        super().__init__(sentence)
        self.fault = fault
        """The server will not have us (login, certificate), against: it is away and will come back by itself."""


def connect(seconds: float) -> smtplib.SMTP:
    """A signed-in connection to the server of SMTP_URL; raises SenderHeld with a sentence."""
    parts = urlsplit(settings().smtp_url)
    host = parts.hostname or "localhost"
    try:
        return _signed_in(host, seconds)
    except smtplib.SMTPResponseException as error:
        said = reply_text(error.smtp_code, error.smtp_error)
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
    if parts.scheme == "smtps":
        port, context = parts.port or 465, ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, name, timeout=seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if options.get("tls") == ["starttls"]:
            # Raises where the server offers none: a password must not cross the wire in the clear.
            server.starttls(context=ssl.create_default_context())
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


def reply_text(code: int, words: bytes | str) -> str:
    """A server's reply on one line of 500 characters at most."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"[:500]
