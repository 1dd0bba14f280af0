"""How a reader did: recognised, hard found, soft called hard, and whom it would silence though nothing failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from pulse.returns import BOUNCE, read


@dataclass(frozen=True)
class Sample:
    """A mail that came back, with its true label: hard, soft, delay or none."""

    server: str
    kind: str
    label: str
    content: bytes
    held_out: bool = False


@dataclass
class Tally:
    """What a reader made of some samples."""

    seen: Counter[str] = field(default_factory=Counter)
    recognised: int = 0
    found: int = 0
    wrongly_hard: int = 0
    silenced: int = 0
    wrong: list[Sample] = field(default_factory=list)

    def row(self) -> list[str]:
        """The figures of one line of the table."""
        failed = self.seen["hard"] + self.seen["soft"]
        return [
            _share(self.recognised, failed),
            _share(self.found, self.seen["hard"]),
            _share(self.wrongly_hard, self.seen["soft"]),
            f"{self.silenced}/{self.seen['none'] + self.seen['delay']}",
        ]


Reader = Callable[[bytes], str]
"""Gives hard, soft, or nothing where it sees no failure."""


def ours(content: bytes) -> str:
    """Ruil."""
    found = read(content)
    if found.kind != BOUNCE:
        return ""
    return "hard" if found.verdict.kind == "hard" else "soft"


def plain_walk(content: bytes) -> str:
    """The stdlib alone: a failed recipient with 5.x.x is hard."""
    for part in message_from_bytes(content).walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                if isinstance(block, Message) and str(block.get("Action", "")).lower().startswith("failed"):
                    return "hard" if str(block.get("Status", "")).strip().startswith("5") else "soft"
    return ""


def flufl(content: bytes) -> str:
    """flufl.bounce: its permanent failures are hard, its temporary ones soft."""
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(message_from_bytes(content))
    return "hard" if permanent else "soft" if temporary else ""


def judge(samples: Iterable[Sample], reader: Reader) -> Tally:
    """Let a reader read."""
    tally = Tally()
    for sample in samples:
        said = reader(sample.content)
        tally.seen[sample.label] += 1
        failed = sample.label in ("hard", "soft")
        tally.recognised += failed and bool(said)
        tally.found += sample.label == said == "hard"
        tally.wrongly_hard += sample.label == "soft" and said == "hard"
        tally.silenced += not failed and said == "hard"
        if said != (sample.label if failed else ""):
            tally.wrong.append(sample)
    return tally


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} {100 * part / whole:.1f} %" if whole else "-"
