"""Links: which token stands for what, recomputed and never stored. (pure)

A token is 26 characters of lower-case base32: 13 for the handle of a row, 13 for a 65-bit MAC
over handle, option and part. Whoever has the database has neither the key nor the handle.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256

HALF = 13
OPTIONS: tuple[int | None, ...] = (0, 1, 2, 3, 4, None)
PARTS = ("text", "html")
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True)
class Choice:
    """What a link stands for: an option 0 to 4, or None for "no option yet", in a part of the mail."""

    option: int | None
    part: str


def handle(link_key: bytes, invitation_uid: str) -> str:
    """The 65-bit handle of an invitation: 13 characters that only the round's link key can make."""
    return _code(link_key, f"handle|{invitation_uid}")


def handle_sha256(handle: str) -> str:
    """What the database keeps of a handle."""
    return sha256(handle.encode()).hexdigest()


def token(key: bytes, handle: str, option: int | None, part: str) -> str:
    """The token of one option in one part of the mail; the two parts' tokens differ."""
    return handle + _code(key, handle + _suffix(option, part))


def read_token(key: bytes, token: str) -> Choice | None:
    """What the token stands for, or None where its MAC is wrong: then every possibility was looked at."""
    token = token.lower()
    handle, given = token[:HALF], _bits(token[HALF:])
    for choice, suffix in _SUFFIXES:
        code = int.from_bytes(hmac.digest(key, f"{handle}{suffix}".encode(), "sha256")[:9], "big") >> 7
        if hmac.compare_digest(code.to_bytes(9, "big"), given):
            return choice
    return None


def link_mark(key: bytes, token: str) -> bytes:
    """4 bytes by which visits to one link are told from visits to another, and no more."""
    return hmac.digest(key, f"mark|{token}".encode(), "sha256")[:4]


def signed_token(secret_key: str, purpose: str, row_id: int, option: int | None = None) -> str:
    """A lasting link to a row (a manager's give-back, someone's preferences), signed with SECRET_KEY."""
    named = base64.b32encode(row_id.to_bytes(8, "big")).decode().rstrip("=").lower()
    return token(_purpose_key(secret_key, purpose), named, option, "html")


def read_signed_token(secret_key: str, purpose: str, token: str) -> tuple[int, int | None] | None:
    """The row and option of a signed link, or None where it is not ours."""
    if len(token) != 2 * HALF or not token.isascii():
        return None
    choice = read_token(_purpose_key(secret_key, purpose), token)
    if choice is None:
        return None
    row = base64.b32decode(token[:HALF].upper() + "===")
    return int.from_bytes(row, "big"), choice.option


def _suffix(option: int | None, part: str) -> str:
    return f"|{'' if option is None else option}|{part}"


_SUFFIXES = [(Choice(option, part), _suffix(option, part)) for part in reversed(PARTS) for option in OPTIONS]


def _bits(code: str) -> bytes:
    """The 65 bits that 13 characters of base32 stand for; nine bytes that no code has where one is none."""
    number = 0
    for sign in code:
        digit = ALPHABET.find(sign)
        if digit < 0:
            return b"\xff" * 9
        number = number << 5 | digit
    return number.to_bytes(9, "big")


def _purpose_key(secret_key: str, purpose: str) -> bytes:
    return hmac.digest(secret_key.encode(), f"ruil {purpose} links".encode(), "sha256")


def _code(key: bytes, text: str) -> str:
    return base64.b32encode(hmac.digest(key, text.encode(), "sha256")).decode()[:HALF].lower()
