"""Signing in to a mail server, and signing mail: real TLS, a real token server, and a verifier that is not ours."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from urllib.parse import parse_qs

import dkim
import pytest
from aiosmtpd.controller import Controller

import config
from benchmarks.mail.sink import Sink, Taken
from config import ConfigurationError
from demo.mailbox import Mailbox
from pulse import clock, mail
from pulse.database import reading
from pulse.mail.delivery import access_tokens
from pulse.mail.delivery.dkim import SIGNED
from tests.conftest import SETTINGS, free_port
from tests.mail.conftest import Serve


def problems() -> str:
    with reading() as session:
        return " ".join(mail.sender_problems(session))


def configure(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        environment.setenv(name, value)
    config.settings.cache_clear()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost, signed by itself."""
    folder = tmp_path_factory.mktemp("certificate")
    words = f"-newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout {folder}/key -out {folder}/cert"
    name = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(["openssl", "req", "-x509", *words.split(), *name], check=True, capture_output=True)
    return folder


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[tuple[Mailbox, int]]:
    """A server that takes mail only after STARTTLS."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert", certificate / "key")
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="localhost", port=free_port(), tls_context=context, require_starttls=True)
    server.start()
    yield mailbox, server.port
    server.stop()


def test_encryption_is_checked_before_anything_is_said(
    a_round: int, encrypted: tuple[Mailbox, int], certificate: Path, environment: pytest.MonkeyPatch
) -> None:
    mailbox, port = encrypted
    configure(environment, SMTP_URL=f"smtp://localhost:{port}?tls=starttls")
    assert mail.drain() == {"held": 13}
    assert "no certificate that we trust" in problems()
    environment.setenv("SSL_CERT_FILE", str(certificate / "cert"))
    assert mail.drain(insist=True) == {"accepted": 13}
    assert len(mailbox.mails) == 13
    assert problems() == ""


def test_without_the_encryption_that_was_asked_for_no_mail_goes(a_round: int, serve: Serve) -> None:
    sink = serve(url="smtp://ruil:secret@127.0.0.1:{port}?tls=starttls", extensions=("AUTH PLAIN",))
    assert mail.drain() == {"held": 13}
    assert "STARTTLS" in problems()
    assert sink.commands == []


def test_a_password_never_goes_in_the_clear() -> None:
    with pytest.raises(ConfigurationError, match="in the clear"):
        config.read(
            {
                **SETTINGS,
                "DEVELOPMENT": "false",
                "BASE_URL": "https://r.example",
                "SMTP_URL": "smtp://a:b@mail.example:587",
            }
        )


class Tokens(BaseHTTPRequestHandler):
    """A token server that knows one client."""

    asked: list[dict[str, list[str]]]

    def do_POST(self) -> None:
        words = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(words)
        known = words["client_secret"] == ["right"]
        said = (
            {"access_token": f"token-{len(self.asked)}", "expires_in": 3600} if known else {"error": "invalid_client"}
        )
        body = json.dumps(said).encode()
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def tokens(environment: pytest.MonkeyPatch) -> Iterator[list[dict[str, list[str]]]]:
    """What the token server was asked; the settings point at it."""
    handler = type("AskedTokens", (Tokens,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/token"
    configure(environment, OAUTH_TOKEN_URL=address, OAUTH_CLIENT_ID="ruil", OAUTH_CLIENT_SECRET="right")
    access_tokens._kept.clear()
    yield handler.asked
    server.shutdown()
    access_tokens._kept.clear()


def bearer(sink: Sink) -> list[str]:
    said = [line.split(" ")[2] for line in sink.commands if line.startswith("AUTH XOAUTH2")]
    return [base64.b64decode(each).decode() for each in said]


def test_a_token_is_fetched_once_and_renewed_when_it_is_refused(
    a_round: int, serve: Serve, tokens: list[dict[str, list[str]]], caplog: pytest.LogCaptureFixture
) -> None:
    sink = serve(url="smtp://ruil%40de-linde.example@127.0.0.1:{port}", extensions=("AUTH XOAUTH2",))
    assert mail.drain() == {"accepted": 13}
    assert bearer(sink) == ["user=ruil@de-linde.example\1auth=Bearer token-1\1\1"]
    assert tokens[0]["grant_type"] == ["client_credentials"]
    assert access_tokens.access_token() == "token-1"
    assert access_tokens.access_token(renew=True) == "token-2"
    assert len(tokens) == 2
    assert "token-" not in caplog.text


def test_a_refused_token_holds_the_mail_and_names_no_secret(
    a_round: int, serve: Serve, tokens: list[dict[str, list[str]]], environment: pytest.MonkeyPatch
) -> None:
    sink = serve(url="smtp://ruil%40de-linde.example@127.0.0.1:{port}", extensions=("AUTH XOAUTH2",))
    configure(environment, OAUTH_CLIENT_SECRET="wrong", OAUTH_REFRESH_TOKEN="lasting")
    assert mail.drain() == {"held": 13}
    assert tokens[0]["grant_type"] == ["refresh_token"]
    assert "invalid_client" in problems()
    assert "wrong" not in problems()
    assert bearer(sink) == []


@pytest.mark.parametrize("kind", [["RSA", "-pkeyopt", "rsa_keygen_bits:2048"], ["ed25519"]], ids=["RSA", "Ed25519"])
def test_our_signature_convinces_a_verifier_that_is_not_ours(
    a_round: int, serve: Serve, kind: list[str], environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = subprocess.run(["openssl", "genpkey", "-algorithm", *kind], check=True, capture_output=True, text=True)
    pem = made.stdout
    sink = serve()
    (tmp_path / "key").write_text(pem)
    configure(environment, DKIM_KEY_FILE=str(tmp_path / "key"), MAIL_FROM="De Linde <ruil@de-linde.example>")
    with clock.replaying(clock.now()):
        assert mail.drain() == {"accepted": 13}
    record = _record(pem, kind[0].lower()).encode()
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    for taken in sink.taken:
        assert dkim.verify(taken.content, dnsfunc=dns)
        assert not dkim.verify(taken.content.replace(b"Subject: ", b"Subject: Re "), dnsfunc=dns)
        assert not dkim.verify(b"From: otto@example.org\r\n" + taken.content, dnsfunc=dns)
        assert not dkim.verify(taken.content.replace(b"One-Click", b"Two-Click", 1), dnsfunc=dns)
        assert not dkim.verify(taken.content + b"more\r\n", dnsfunc=dns)
    assert set(asked) == {b"ruil._domainkey.de-linde.example."}
    names = _signed_names(sink.taken[0])
    assert names.count("from") == 2
    assert {"list-unsubscribe", "list-unsubscribe-post", "message-id", "date"} <= set(names) <= set(SIGNED)


def _record(pem: str, kind: str) -> str:
    """The text of the DNS record, made from the key by OpenSSL, as docs/mail.md says."""
    public = subprocess.run(
        ["openssl", "pkey", "-pubout", "-outform", "DER"], input=pem.encode(), check=True, capture_output=True
    ).stdout
    # RFC 8463: of an Ed25519 key the 32 bytes alone, without what says that it is one.
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public if kind == 'rsa' else public[-32:]).decode()}"


def _signed_names(taken: Taken) -> list[str]:
    field = taken.content.split(b"\r\nContent-Type")[0].decode()
    return "".join(field.split("h=")[1].split(";")[0].split()).split(":")


def test_an_unusable_key_sends_nothing_unsigned(a_round: int, serve: Serve, environment: pytest.MonkeyPatch) -> None:
    sink = serve()
    configure(environment, DKIM_KEY="-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----")
    assert mail.drain() == {"deferred": 13}
    assert sink.taken == []
