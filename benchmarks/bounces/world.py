"""The internet as one mail server sees it here: names, servers that refuse, and the mailbox that bounces come to.

Runs in a network namespace of its own, in which 10.9.0.0/24 is all there is.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import struct
import threading
import time
from pathlib import Path

from benchmarks.bounces.kinds import KINDS, NOTHING_WRONG, Kind

BY_NAME = {kind.name.lower(): kind for kind in (*KINDS, *NOTHING_WRONG)}
SINK = "10.9.0.9"
ADDRESSES = {kind: f"10.9.1.{number}" for number, kind in enumerate(BY_NAME, start=1)} | {"loopback": "10.9.0.1"}
"""Every kind has a server of its own: what one says is not held against another."""
KIND_AT = {address: BY_NAME[kind] for kind, address in ADDRESSES.items()}
A, MX, AAAA = 1, 15, 28
NXDOMAIN, SERVFAIL = 3, 2


class Names(socketserver.BaseRequestHandler):
    """A name server for everything: `<kind>.fail.example` fails as its kind says."""

    def handle(self) -> None:
        """Answer one question."""
        data, server = self.request
        name, position = [], 12
        while data[position]:
            name.append(data[position + 1 : position + 1 + data[position]].decode("latin-1").lower())
            position += data[position] + 1
        kind = struct.unpack("!H", data[position + 1 : position + 3])[0]
        code, answers = resolve(".".join(name), kind)
        question = data[12 : position + 5]
        head = data[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(answers), 0, 0)
        records = b"".join(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(record)) + record for record in answers)
        server.sendto(head + question + records, self.client_address)


def resolve(name: str, kind: int) -> tuple[int, list[bytes]]:
    """The answer to a question: its code and its records."""
    host = name.removeprefix("mx.")
    if name == "ruil.example" or host == "ruil.example":
        return _of(SINK, name, kind)
    if host.endswith(".in-addr.arpa"):
        return NXDOMAIN, []
    failing = BY_NAME.get(host.split(".")[0])
    if failing is None or not host.endswith(".fail.example"):
        return (0, []) if name in ("example", "fail.example") else (NXDOMAIN, [])
    if failing.stage == "nxdomain":
        return NXDOMAIN, []
    if failing.stage == "servfail":
        return SERVFAIL, []
    if failing.stage == "nullmx":
        return 0, [struct.pack("!H", 0) + b"\x00"] if kind == MX else []
    if failing.stage == "noaddress":
        return (0, [_exchanger(name)]) if kind == MX else (0, [])
    return _of(ADDRESSES[failing.name.lower()], name, kind)


def _of(address: str, name: str, kind: int) -> tuple[int, list[bytes]]:
    if kind == A:
        return 0, [socket.inet_aton(address)]
    if kind == MX and not name.startswith("mx."):
        return 0, [_exchanger(name)]
    return 0, []


def _exchanger(name: str) -> bytes:
    labels = f"mx.{name}".split(".")
    return struct.pack("!H", 10) + b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\x00"


class Server(socketserver.StreamRequestHandler):
    """A mail server that answers as the recipient's kind says."""

    def handle(self) -> None:
        """One conversation."""
        here = self.request.getsockname()[0]
        stage = KIND_AT[here].stage if here in KIND_AT else "accept"
        if stage == "stall":
            time.sleep(120)
            return
        if stage == "connect554":
            self._say("554 5.7.1 You are not welcome here: no mail is taken from dynamic addresses")
            return
        self._say("220 mx.fail.example ESMTP")
        to = sender = ""
        while line := self.rfile.readline():
            verb = line.strip().decode("latin-1")
            upper = verb.upper()
            if upper.startswith("EHLO"):
                self._say("250-mx.fail.example#250-8BITMIME#250-ENHANCEDSTATUSCODES#250 SIZE 50000000")
            elif upper.startswith("MAIL"):
                sender = verb.split("<", 1)[-1].split(">")[0]
                self._say("250 2.1.0 Ok")
            elif upper.startswith("RCPT"):
                to = verb.split("<", 1)[-1].split(">")[0]
                kind = kind_of(to)
                stage = kind.stage if kind else "accept"
                self._say(_filled(kind, to, sender) if kind and stage in ("rcpt", "mail") else "250 2.1.5 Ok")
            elif upper.startswith("DATA"):
                self._data(to, sender)
            elif upper.startswith("QUIT"):
                self._say("221 2.0.0 Bye")
                return
            else:
                self._say("250 2.0.0 Ok")

    def _data(self, to: str, sender: str) -> None:
        self._say("354 End data with <CR><LF>.<CR><LF>")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b".\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        kind = kind_of(to)
        if kind and kind.stage == "dot":
            self._say(_filled(kind, to, sender))
            return
        if to.lower().endswith("@ruil.example"):
            self.server.keep(to, b"".join(lines))  # type: ignore[attr-defined]  # the sink below
        self._say("250 2.0.0 Ok: queued")

    def _say(self, words: str) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(re.sub(r"#(?=[245]\d\d)", "\r\n", words).encode() + b"\r\n")


def kind_of(address: str) -> Kind | None:
    """The kind that a recipient's domain names."""
    return BY_NAME.get(address.rpartition("@")[2].split(".")[0].lower())


def _filled(kind: Kind, to: str, sender: str) -> str:
    return kind.said.replace("{to}", to).replace("{from}", sender)


class Listening(socketserver.ThreadingTCPServer):
    """The servers of the world, and where bounces are kept."""

    allow_reuse_address = True
    daemon_threads = True
    folder = Path()
    count = 0
    lock = threading.Lock()

    def keep(self, to: str, content: bytes) -> None:
        """Write down a mail that came to us."""
        with Listening.lock:
            Listening.count += 1
            number = Listening.count
        path = Listening.folder / f"{number:04d}.eml"
        path.write_bytes(b"X-Original-To: " + to.encode() + b"\r\n" + content)


def begin(folder: Path) -> None:
    """Start everything, in threads that end with the process."""
    Listening.folder = folder
    names = socketserver.ThreadingUDPServer(("127.0.0.1", 53), Names)
    listening = [SINK, *(address for address, kind in KIND_AT.items() if kind.stage not in ("connrefused", "loopback"))]
    servers = [Listening((address, 25), Server) for address in listening]
    for each in (names, *servers):
        threading.Thread(target=each.serve_forever, daemon=True).start()
