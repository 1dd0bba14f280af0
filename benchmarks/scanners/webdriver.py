"""A browser driven by the W3C's WebDriver protocol, as Selenium drives it; the few commands that a visit needs."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks.scanners.stage import CHROMIUM


def look(driver: str, arguments: Sequence[str], addresses: Sequence[str], *, stay: float, moves: bool) -> None:
    """Start a browser, open one address after the other, stay at each for some seconds, end the browser."""
    wanted = {"browserName": "chrome", "goog:chromeOptions": {"binary": CHROMIUM, "args": list(arguments)}}
    session = _call(driver, "POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
    try:
        for address in addresses:
            _call(driver, "POST", f"/session/{session}/url", {"url": address})
            if moves:
                path = [{"type": "pointerMove", "duration": 40, "x": 90 + 30 * n, "y": 150 + 17 * n} for n in range(6)]
                mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": path}
                _call(driver, "POST", f"/session/{session}/actions", {"actions": [mouse]})
            time.sleep(stay)
        _call(driver, "POST", f"/session/{session}/url", {"url": "about:blank"})
    except HTTPError:
        pass
    finally:
        _call(driver, "DELETE", f"/session/{session}")


def _call(driver: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = json.dumps(body).encode() if body is not None else None
    asked = Request(driver + path, data, {"Content-Type": "application/json"}, method=method)
    with urlopen(asked, timeout=40) as answer:
        return json.load(answer)["value"]
