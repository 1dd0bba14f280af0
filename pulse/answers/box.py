"""Sealed answers: anybody may put one in, only the close takes one out."""

from __future__ import annotations

from collections.abc import Callable

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox


class BrokenSeal(Exception):
    """A sealed answer that this key does not open."""


SIZE = 16
"""Bytes that are sealed, whatever the answer: so that length says nothing."""


def seal(public_key: bytes, option: int) -> bytes:
    """The option, sealed to the round's public key: 64 bytes."""
    return SealedBox(PublicKey(public_key)).encrypt(bytes([option]).ljust(SIZE, b"\0"))


def opener(private_key: bytes) -> Callable[[bytes], int]:
    """What opens a round's sealed answers, for `results.close` alone; may be called by several threads at once.

    It gives the option, and raises BrokenSeal for an answer that was sealed to another round.
    """
    box = SealedBox(PrivateKey(private_key))

    def open_sealed(sealed: bytes) -> int:
        try:
            return box.decrypt(sealed)[0]
        except CryptoError as error:
            raise BrokenSeal("The key does not open this answer.") from error

    return open_sealed
