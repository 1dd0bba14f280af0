"""The mails that the servers made, each with the label of the kind that its recipient names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bounces.judging import Sample
from benchmarks.bounces.kinds import KINDS, NOTHING_WRONG

DEVELOPED_ON = ("postfix", "exim4-daemon-light", "sendmail-bin")
_BY_NAME = {kind.name.lower(): kind for kind in (*KINDS, *NOTHING_WRONG)}
_DELAYED = re.compile(rb"^Action: delayed", re.IGNORECASE | re.MULTILINE)
_DELIVERED = re.compile(rb"^Action: (?:delivered|relayed|expanded)", re.IGNORECASE | re.MULTILINE)


def made(folder: Path, server: str) -> Iterator[Sample]:
    """What one server made. A delay and a success are labelled by what the server set out to say."""
    index = dict(line.split("\t") for line in (folder / server / "index.tsv").read_text().splitlines())
    for path in sorted((folder / server).glob("*.eml")):
        content = path.read_bytes()
        plain = re.search(rb"X-Original-To: b\+([0-9a-f]{32})", content)
        assert plain is not None, path
        name = next(name for mail, name in index.items() if mail.replace("-", "") == plain[1].decode())
        kind = _BY_NAME[name.lower()]
        label = "none" if _DELIVERED.search(content) else "delay" if _DELAYED.search(content) else kind.label
        yield Sample(server, kind.name, label, content, kind.held_out or server not in DEVELOPED_ON)
