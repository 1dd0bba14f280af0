"""A real web server of ours on a free port, and wrk as its visitors; both end with the block."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import urlopen

from benchmarks.answering.people import Asked

AGENT = "Mozilla/5.0 (benchmark)"
LUA = """
local paths, bodies, at = {}, {}, START
for line in io.lines("%(lines)s") do
  local path, body = line:match("^(%%S+) (%%S*)$")
  paths[#paths + 1] = path
  bodies[#bodies + 1] = body
end
local turn = 0
function setup(thread) thread:set("START", turn); turn = turn + 1 end
function init() at = START end
function request()
  at = at + %(threads)d
  local which = (at %% #paths) + 1
  local headers = {["User-Agent"] = "%(agent)s", ["Content-Type"] = "application/x-www-form-urlencoded"}
  return wrk.format("%(method)s", paths[which], headers, bodies[which])
end
"""


@dataclass(frozen=True)
class Rate:
    """What wrk saw."""

    per_second: float
    p99: float
    """Milliseconds."""
    requests: int
    failed: int


@contextmanager
def served(application: str, server: Sequence[str] = ()) -> Iterator[str]:
    """The address at which granian serves `module:app`, as in the Procfile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, *server, application], env=os.environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                urlopen(f"{address}/healthz", timeout=1)
                break
            except HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def load(address: str, asked: Sequence[Asked], *, method: str = "GET", clients: int = 32, seconds: int = 5) -> Rate:
    """Let `clients` send these requests in turn for some seconds."""
    with TemporaryDirectory() as folder:
        lines = Path(folder, "lines")
        lines.write_text("\n".join(f"{one.path} {one.body if method == 'POST' else ''}" for one in asked) + "\n")
        script = Path(folder, "load.lua")
        script.write_text(LUA % {"lines": lines, "threads": 1, "agent": AGENT, "method": method})
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-s", str(script), address]
        said = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    return _read(said)


def _read(said: str) -> Rate:
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    total = re.search(r"(\d+) requests in", said)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    assert p99 and rate and total, said
    return Rate(float(rate[1]), float(p99[1]) * units[p99[2]], int(total[1]), int(failed[1]) if failed else 0)
