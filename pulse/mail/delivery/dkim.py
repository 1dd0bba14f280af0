"""Our own DKIM signature (RFC 6376, RFC 8463), for whoever has no relay that signs. Without DKIM_KEY nothing is signed.

The same mail gets the same signature at every try: both kinds of key sign without chance, and no time is put in.
"""

from __future__ import annotations

import base64
import re
from email.utils import parseaddr
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from config import settings

SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    "feedback-id",
)  # fmt: skip
"""RFC 6376 5.4.1, and the list headers that RFC 8058 4 demands."""
OVERSIGNED = "from"
"""Named once more than it stands there, so that nobody can add another."""

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


class KeyUnusable(Exception):
    """DKIM_KEY cannot sign; the text is a sentence."""


def signed(content: bytes) -> bytes:
    """The mail with our signature on top; as it is where DKIM_KEY is not set."""
    known = settings()
    if known.dkim_key is None:
        return content
    key = _key(known.dkim_key)
    head, body = content.split(b"\r\n\r\n", 1)
    fields = _fields(head)
    names = [name for name, _ in fields if name in SIGNED]
    algorithm = "rsa-sha256" if isinstance(key, rsa.RSAPrivateKey) else "ed25519-sha256"
    domain = parseaddr(known.mail_from)[1].rsplit("@", 1)[-1]
    body_hash = base64.b64encode(sha256(_body(body)).digest()).decode()
    field = (
        f"DKIM-Signature: v=1; a={algorithm}; c=relaxed/relaxed; d={domain};\r\n s={known.dkim_selector};"
        f" h={_folded(':'.join([*names, OVERSIGNED]), ':')};\r\n bh={body_hash};\r\n b="
    )
    lines = [*(value for name, value in fields if name in SIGNED), _relaxed(field.encode())]
    signature = base64.b64encode(_signature(key, b"\r\n".join(lines))).decode()
    return field.encode() + _folded(signature).encode() + b"\r\n" + content


@lru_cache(maxsize=2)
def _key(pem: str) -> Key:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable("DKIM_KEY is no private key in PEM without a password; mail is not sent unsigned.") from error
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise KeyUnusable("DKIM_KEY is neither an RSA nor an Ed25519 key; mail is not sent unsigned.")
    return key


def _signature(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(sha256(data).digest())


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    """Each header by its name in lower case, and in relaxed form (RFC 6376 3.4.2)."""
    unfolded = re.split(rb"\r\n(?![ \t])", head)
    return [(line.split(b":", 1)[0].strip().lower().decode("ascii"), _relaxed(line)) for line in unfolded]


def _relaxed(line: bytes) -> bytes:
    name, value = line.split(b":", 1)
    return name.strip().lower() + b":" + re.sub(rb"[ \t\r\n]+", b" ", value).strip()


def _body(body: bytes) -> bytes:
    """The body in relaxed form (RFC 6376 3.4.4)."""
    body = re.sub(rb"[ \t]+", b" ", body).replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


def _folded(words: str, after: str = "") -> str:
    """Cut into lines that fit a header."""
    if after:
        return re.sub(rf"((?:[^{after}]+{after}){{4}})", r"\1\r\n  ", words)
    return "\r\n  ".join(words[start : start + 70] for start in range(0, len(words), 70))
