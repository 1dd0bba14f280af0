"""When, from where and through which link a page was opened: sealed for the round, and gone with its link key.

Beside an answer stands no time, no address and no browser that anybody could read in the database
(science.md B7); the rule that tells people from machines needs them, as long as the round is open.
"""

from __future__ import annotations

import hmac
import struct
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from nacl.secret import SecretBox

FORM = struct.Struct(">d8s4sB")
PARTS = ("text", "html")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of one page load."""

    at: float
    """When the page was opened, in seconds since 1970."""
    cluster: bytes
    """8 bytes: network and browser, hashed with the round's own secret."""
    link: bytes
    """4 bytes: the mark of the link."""
    part: str


UNKNOWN = Circumstances(0.0, b"", b"", "html")
"""Of a visit that came in before circumstances were kept."""


def cluster(secret: bytes, address: str, agent: str) -> bytes:
    """The same 8 bytes for the same network and browser within a round, and never again after it."""
    return hmac.digest(secret, f"cluster|{network(address)}|{agent}".encode(), "sha256")[:8]


def network(address: str) -> str:
    """The /24 or /48 that an address belongs to; what is no address stands for itself.

    >>> network("192.0.2.77"), network("2001:db8:1:2::3"), network("somewhere")
    ('192.0.2.0/24', '2001:db8:1::/48', 'somewhere')
    """
    try:
        length = 24 if ip_address(address).version == 4 else 48
        return str(ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return address


class Cover:
    """Seals and opens the circumstances of one round."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the round's link key."""
        self._box = SecretBox(hmac.digest(secret, b"circumstances", "sha256"))

    def seal(self, said: Circumstances) -> bytes:
        """61 bytes that tell nothing without the round's link key."""
        return bytes(self._box.encrypt(FORM.pack(said.at, said.cluster, said.link, PARTS.index(said.part))))

    def open(self, sealed: bytes) -> Circumstances:
        """What was sealed; raises nacl's CryptoError with another round's key."""
        if not sealed:
            return UNKNOWN
        at, same, link, part = FORM.unpack(self._box.decrypt(sealed))
        return Circumstances(at, same, link, PARTS[part])
