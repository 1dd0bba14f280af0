"""An SMTP server that keeps what it takes and does wrong what it is told to: at every stage, per recipient.

    python -m benchmarks.mail.sink PORT LOG SEED

as a process of its own, with faults by chance and one line a mail in LOG. Tests give it a plan instead.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TextIO

STAGES = ("connect", "login", "sender", "recipient", "data", "dot")


@dataclass(frozen=True)
class Fault:
    """What goes wrong: a reply instead of the good one, a silence, a lost connection, in this order."""

    reply: str = ""
    seconds: float = 0.0
    drop: bool = False
    keep: bool = False
    """At the dot: the mail is taken nevertheless."""


Plan = Callable[[str, str, int], Fault | None]
"""From stage, recipient (empty before one is named) and how often that pair came, from 1."""


@dataclass(frozen=True)
class Taken:
    """A mail that the server has taken."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class Sink:
    """The server. `port` is known once it has started."""

    plan: Plan = lambda _stage, _recipient, _number: None
    extensions: tuple[str, ...] = ("PIPELINING", "SIZE 20000000", "8BITMIME")
    log: TextIO | None = None
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """All AUTH, MAIL and RCPT lines, as they came; not kept by a sink that writes a log."""
    connections: int = 0
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def start(self) -> Sink:
        """Serve from a thread until `stop`."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**25)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        conversations = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    async def serve_for_ever(self) -> None:
        """Serve in this process."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**25) as server:
            await server.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await _Conversation(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, EOFError):
            pass
        finally:
            writer.close()

    def fault(self, stage: str, recipient: str) -> Fault | None:
        """What goes wrong here and now."""
        self.seen[stage, recipient] += 1
        return self.plan(stage, recipient, self.seen[stage, recipient])

    def end(self, mail: Taken, fault: Fault | None) -> None:
        """At the dot: take the mail in or not, and write a line about it before its sender hears anything."""
        taken = fault is None or fault.keep
        if taken:
            self.taken.append(mail)
        if self.log is not None:
            line: dict[str, str | bool] = {
                "to": mail.recipient,
                "from": mail.sender,
                "sha256": sha256(mail.content).hexdigest(),
            }
            line |= {"id": _header(mail.content, b"Message-ID"), "header_to": _header(mail.content, b"To")}
            line |= {"taken": taken, "broken_off": fault is not None and fault.drop}
            self.log.write(json.dumps(line) + "\n")
            self.log.flush()


class _Conversation:
    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink, self.reader, self.writer = sink, reader, writer
        self.sender = self.recipient = ""

    async def run(self) -> None:
        if not await self._answer("connect", "220 sink.example ESMTP"):
            return
        while line := (await self.reader.readline()).decode("utf-8", "replace").strip():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 2.0.0 bye")
                return
            if not await self._command(verb, line):
                return

    async def _command(self, verb: str, line: str) -> bool:
        if verb in {"AUTH", "MAIL", "RCPT"} and self.sink.log is None:
            self.sink.commands.append(line)
        if verb == "EHLO":
            offered = ["sink.example", *self.sink.extensions]
            self._say("\r\n".join(f"250{'-' if offered[n + 1 :] else ' '}{word}" for n, word in enumerate(offered)))
            return True
        if verb == "AUTH":
            return await self._answer("login", "235 2.7.0 welcome")
        if verb == "MAIL":
            fault = self.sink.fault("sender", "")
            self.sender, self.recipient = "" if fault and fault.reply else address_in(line), ""
            return await self._act(fault, "250 2.1.0 ok")
        if verb == "RCPT" and not self.sender:
            self._say("503 5.5.1 who sends?")
            return True
        if verb == "RCPT":
            self.recipient = address_in(line)
            fault = self.sink.fault("recipient", self.recipient)
            if fault is not None and fault.reply:
                refused, self.recipient = self.recipient, ""
                return await self._act(fault, f"250 2.1.5 {refused}")
            return await self._act(fault, "250 2.1.5 ok")
        if verb == "DATA":
            return await self._data()
        if verb in {"RSET", "NOOP"}:
            self._say("250 2.0.0 ok")
            return True
        self._say("500 5.5.1 what?")
        return True

    async def _data(self) -> bool:
        if not self.recipient:
            self._say("554 5.5.1 no valid recipients")
            return True
        fault = self.sink.fault("data", self.recipient)
        if fault is not None:
            return await self._act(fault, "354 go on")
        self._say("354 go on")
        content = await self.reader.readline()
        if content != b".\r\n":
            content += await self.reader.readuntil(b"\r\n.\r\n")
        fault = self.sink.fault("dot", self.recipient)
        clean = content[:-3].replace(b"\r\n..", b"\r\n.")
        self.sink.end(Taken(self.sender, self.recipient, clean), fault)
        return await self._act(fault, "250 2.0.0 kept")

    async def _answer(self, stage: str, good: str) -> bool:
        return await self._act(self.sink.fault(stage, self.recipient), good)

    async def _act(self, fault: Fault | None, good: str) -> bool:
        """Say what is to be said; False where the connection ends."""
        if fault is None:
            self._say(good)
            return True
        await asyncio.sleep(fault.seconds)
        if fault.drop:
            return False
        said = fault.reply or good
        self._say(said)
        return not said.startswith("421")

    def _say(self, words: str) -> None:
        self.writer.write(f"{words}\r\n".encode())


def address_in(line: str) -> str:
    """The address of a MAIL or RCPT line."""
    return line[line.index("<") + 1 : line.index(">")] if "<" in line else ""


def _header(content: bytes, name: bytes) -> str:
    for line in content.split(b"\r\n\r\n", 1)[0].split(b"\r\n"):
        if line.lower().startswith(name.lower() + b":"):
            return line.split(b":", 1)[1].strip().decode("utf-8", "replace")
    return ""


CHANCES = (
    ("sender", 0.004, Fault("451 4.3.0 try again later")),
    ("recipient", 0.010, Fault("450 4.2.0 greylisted, come back in 30 seconds")),
    ("recipient", 0.004, Fault("421 4.7.0 too many connections, try again later")),
    ("data", 0.004, Fault("451 4.3.0 try again later")),
    ("dot", 0.004, Fault("452 4.3.1 insufficient system storage")),
    ("recipient", 0.002, Fault(drop=True)),
    ("dot", 0.002, Fault(seconds=0.02, keep=True)),
    ("dot", 0.0005, Fault(drop=True, keep=True)),
    ("dot", 0.0005, Fault(drop=True)),
)
"""Stage, how often, and what."""


def by_chance(seed: int) -> Plan:
    """A plan that does each of CHANCES as often as it says."""
    chance = Random(seed)

    def plan(stage: str, _recipient: str, _number: int) -> Fault | None:
        return next((fault for where, share, fault in CHANCES if where == stage and chance.random() < share), None)

    return plan


def main() -> None:
    """Serve until ended."""
    port, log, seed = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with log.open("a", encoding="utf-8") as lines:
        plan = by_chance(seed) if seed else (lambda _stage, _recipient, _number: None)
        asyncio.run(Sink(plan=plan, log=lines, port=port).serve_for_ever())


if __name__ == "__main__":
    main()
