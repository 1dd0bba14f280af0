"""Ruil behind a real server, with one thing faked: each visit's clock.

Every visit goes to a loopback address of its own (127.a.b.c). The first three numbers are its network;
the whole address tells how much later than now it is. So a day passes at once, and visits that are hours
apart run side by side. Beside it stands a log of what other ways of counting would have seen.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs

from werkzeug.test import run_wsgi_app

from pulse import clock, create_app

WATCH = """(() => {
  const token = location.pathname.split("/")[2];
  const seen = (what) => fetch("/bench/" + what + "/" + token, { keepalive: true });
  addEventListener("load", () => { seen("loaded"); setTimeout(() => seen("dwelled"), 5000); });
})();"""
"""What a page would do that posts on load, or after five seconds of its own clock."""
HASH = base64.b64encode(sha256(WATCH.encode()).digest()).decode()
AHEAD = """<!doctype html><title>A page that fetches ahead</title>
<link rel="prefetch" href="{link}">
<script type="speculationrules">{{"prerender": [{{"urls": ["{link}"], "eagerness": "immediate"}}]}}</script>"""

Start = Callable[..., Any]


class Served:
    """The wrapped application."""

    def __init__(self) -> None:
        self.app = create_app()
        self.later: dict[str, float] = {}
        self.events: list[dict[str, object]] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request at the time and from the address that its host stands for."""
        host = environ["HTTP_HOST"].split(":")[0]
        at = time.time() + self.later.get(host, 0.0)
        path = environ["PATH_INFO"]
        if path.startswith("/bench/"):
            return self._bench(path.split("/")[2:], environ, host, at, start)
        environ["REMOTE_ADDR"] = host
        self._note(environ, host, at, path)
        with clock.replaying(datetime.fromtimestamp(at, UTC)):
            return self._watched(environ, start)

    def _watched(self, environ: dict[str, Any], start: Start) -> list[bytes]:
        parts, status, kept = run_wsgi_app(self.app, environ, buffered=True)
        body, headers = b"".join(parts), list(kept)
        if environ["REQUEST_METHOD"] == "GET" and b"data-tell" in body:
            body = body.replace(b"</body>", f"<script>{WATCH}</script></body>".encode())
            headers = [
                (name, value.replace("script-src ", f"script-src 'sha256-{HASH}' ") if "Policy" in name else value)
                for name, value in headers
                if name != "Content-Length"
            ] + [("Content-Length", str(len(body)))]
        start(status, headers)
        return [body]

    def _note(self, environ: dict[str, Any], host: str, at: float, path: str) -> None:
        parts = path.split("/")
        if len(parts) != 3 or parts[1] != "a":
            return
        form: dict[str, list[str]] = {}
        what = environ["REQUEST_METHOD"]
        if what == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            form = parse_qs(body.decode())
            what = "pressed" if "pressed" in form or "evidence" not in form else "POST"
        self.events.append(
            {
                "host": host,
                "at": at,
                "what": what,
                "token": parts[2],
                "agent": environ.get("HTTP_USER_AGENT", ""),
                "option": form.get("option-B", [""])[-1],
            }
        )

    def _bench(self, parts: list[str], environ: dict[str, Any], host: str, at: float, start: Start) -> list[bytes]:
        body = b""
        if parts[0] == "visit":
            self.later[parts[1]] = float(parts[2])
        elif parts[0] == "events":
            body = json.dumps(self.events).encode()
        elif parts[0] == "ahead":
            link = parse_qs(environ["QUERY_STRING"])["link"][0]
            body = AHEAD.format(link=link).encode()
        elif parts[0] in {"loaded", "dwelled"}:
            self.events.append({"host": host, "at": at, "what": parts[0], "token": parts[1], "agent": "", "option": ""})
        elif parts[0] == "to":
            # A gateway that rewrites links sends people on to where they wanted to go.
            start("302 Found", [("Location", parse_qs(environ["QUERY_STRING"])["link"][0]), ("Content-Length", "0")])
            return [body]
        start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
        return [body]


app = Served()
