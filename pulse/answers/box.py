"""Sealed answers: anybody may put one in, only the close takes one out."""

from __future__ import annotations

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox


class BrokenSeal(Exception):
    """A sealed answer that this key does not open."""


SIZE = 16
"""Bytes that are sealed, whatever the answer: so that length says nothing."""


def seal(public_key: bytes, option: int) -> bytes:
    """The option, sealed to the round's public key: 64 bytes."""
    return SealedBox(PublicKey(public_key)).encrypt(bytes([option]).ljust(SIZE, b"\0"))


def open_sealed(private_key: bytes, sealed: bytes) -> int:
    """The option in a sealed answer, for `results.close` alone; raises BrokenSeal for another round's key."""
    try:
        return SealedBox(PrivateKey(private_key)).decrypt(sealed)[0]
    except CryptoError as error:
        raise BrokenSeal("The key does not open this answer.") from error
