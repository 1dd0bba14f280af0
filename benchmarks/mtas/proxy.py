"""An SMTP proxy that passes a conversation on to a real server, and does wrong at the stages it is told to."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.mail.sink import Fault, Plan, address_in

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
LIMIT = 2**25


@dataclass
class Proxy:
    """Listens on `port` once started, and passes on to `upstream`."""

    upstream: int
    plan: Plan
    port: int = 0
    done: Counter[str] = field(default_factory=Counter)
    """Faults by what they are."""
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def start(self) -> Proxy:
        """Serve from a thread of its own, for as long as the process lives."""
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, daemon=True).start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=LIMIT)
        server = asyncio.run_coroutine_threadsafe(serving, loop).result(10)
        self.port = server.sockets[0].getsockname()[1]
        return self

    def fault(self, stage: str, recipient: str) -> Fault | None:
        """What goes wrong here and now; it is counted."""
        self.seen[stage, recipient] += 1
        fault = self.plan(stage, recipient, self.seen[stage, recipient])
        if fault is not None:
            what = fault.reply[:3] or ("drop" if fault.drop else "stall")
            self.done[f"{stage}: {what}{' (taken)' if fault.keep else ''}"] += 1
        return fault

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = _Passing(self, reader, writer)
        try:
            await conversation.run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            conversation.hang_up()


class _Passing:
    """One client's conversation, passed on."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy, self.reader, self.writer = proxy, reader, writer
        self.server: Streams | None = None
        self.recipient = ""
        self.greeting = b""

    async def run(self) -> None:
        """Until either side ends."""
        self.greeting = await self._connect()
        if not await self._answer(self.proxy.fault("connect", ""), self.greeting):
            return
        while line := await self.reader.readline():
            if not await self._command(line):
                return

    def hang_up(self) -> None:
        """End the server's side; an unfinished mail is then forgotten there."""
        if self.server is not None:
            self.server[1].close()
            self.server = None

    async def _command(self, line: bytes) -> bool:
        verb = line.split()[0].upper() if line.split() else b""
        fault = None
        if verb == b"MAIL":
            self.recipient = ""
            fault = self.proxy.fault("sender", "")
        elif verb == b"RCPT":
            self.recipient = address_in(line.decode("ascii", "replace"))
            fault = self.proxy.fault("recipient", self.recipient)
        elif verb == b"DATA" and self.recipient:
            fault = self.proxy.fault("data", self.recipient)
        if fault is not None:
            if verb == b"RCPT":
                self.recipient = ""
            return await self._answer(fault, b"")
        said = await self._pass_on(line)
        self.writer.write(said)
        if verb == b"DATA" and said.startswith(b"354"):
            return await self._content()
        return verb != b"QUIT"

    async def _content(self) -> bool:
        content = await self.reader.readline()
        if content != b".\r\n":
            content += await self.reader.readuntil(b"\r\n.\r\n")
        fault = self.proxy.fault("dot", self.recipient) if self.recipient else None
        if fault is None or fault.keep:
            said = await self._pass_on(content)
            return await self._answer(fault, said)
        # The server never sees the dot: to it this mail was broken off.
        self.hang_up()
        if not await self._answer(fault, b""):
            return False
        await self._connect()
        await self._pass_on(b"EHLO localhost\r\n")
        return True

    async def _answer(self, fault: Fault | None, good: bytes) -> bool:
        if fault is None:
            self.writer.write(good)
            return True
        await asyncio.sleep(fault.seconds)
        if fault.drop:
            return False
        self.writer.write(f"{fault.reply}\r\n".encode() if fault.reply else good)
        return not fault.reply.startswith("421")

    async def _connect(self) -> bytes:
        self.server = await asyncio.open_connection("127.0.0.1", self.proxy.upstream, limit=LIMIT)
        return await self._reply()

    async def _pass_on(self, words: bytes) -> bytes:
        assert self.server is not None
        self.server[1].write(words)
        return await self._reply()

    async def _reply(self) -> bytes:
        assert self.server is not None
        said = b""
        while True:
            line = await self.server[0].readline()
            if not line:
                raise ConnectionError("The mail server hung up.")
            said += line
            if line[3:4] != b"-":
                return said
