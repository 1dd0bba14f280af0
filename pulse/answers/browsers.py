"""Which requests come from a machine by its own word. (pure)

A header can only disqualify, never prove a person: scanners send any header they like (email.md 1.1, 1.4).
"""

from __future__ import annotations

import re
from typing import Protocol

MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|headless|phantom|selenium|puppeteer|playwright|scan|"
    r"curl|wget|python|urllib|httpx|aiohttp|go-http|java/|okhttp|libwww|lwp|ruby|perl|php|node-fetch|axios|undici|"
    r"apache-httpclient|facebookexternalhit|whatsapp|bingpreview|barracuda|mimecast|proofpoint",
    re.IGNORECASE,
)
CLAIMS = (
    (re.compile(r"(?:Chrome|Chromium)/(\d+)"), 80),
    (re.compile(r"Firefox/(\d+)"), 90),
    (re.compile(r"Version/(\d+(?:\.\d+)?).*Safari/"), 16.4),
)
"""Browsers, and the version from which they send Sec-Fetch headers to a trustworthy address."""


class Headers(Protocol):
    """A request's headers; names in any case."""

    def get(self, name: str, /, default: str) -> str:
        """The header, or the default."""

    def __contains__(self, name: str, /) -> bool:
        """Whether it was sent."""


def admits_machine(headers: Headers, trustworthy: bool) -> bool:
    """Whether a POST's headers say that no person sent it.

    `trustworthy`: the page came over https or from this machine itself, where browsers send Sec-Fetch headers.
    """
    agent = headers.get("User-Agent", "").strip()
    if not agent or MACHINES.search(agent):
        return True
    ahead = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if "prefetch" in ahead or "prerender" in ahead or "preview" in ahead:
        return True
    return trustworthy and _modern(agent) and "Sec-Fetch-Mode" not in headers


def _modern(agent: str) -> bool:
    for claim, since in CLAIMS:
        said = claim.search(agent)
        if said:
            return float(said[1]) >= since
    return False
