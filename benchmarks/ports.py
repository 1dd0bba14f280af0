"""Ports on loopback: one that is free, waiting until somebody listens, and a process that does for a while."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int) -> None:
    """Wait until something listens there; TimeoutError after ten seconds."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"Nothing listens on port {port}.")


@contextmanager
def listening(command: Sequence[str], port: int) -> Iterator[None]:
    """A process that listens on this port; it ends with the block."""
    process = subprocess.Popen(command)
    try:
        await_port(port)
        yield
    finally:
        process.terminate()
        process.wait(10)
