"""Which return is missing, and the one thing to do. (pure; science.md A3)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from pulse.results.indices import ONE_SIDED, Estimate

LEAST_SHORTFALL = 1.0
FIXED_REFERENCE = Estimate(60, 0)
"""What to compare with while an organisation has fewer than three blocks."""


@dataclass(frozen=True)
class Advice:
    """One move, with what speaks for it. Move is `keep` where nothing stands out, `none` on thin data."""

    move: str
    question: str | None
    shortfall: float
    """In standard errors below the reference."""


def missing_return(sources: Mapping[str, Estimate], references: Mapping[str, Estimate]) -> str | None:
    """The source that stands out below the organisation: d = (y − ref)/√(SE² + SE_ref²) ≤ −1.645."""
    distances = {
        source: (found.value - references[source].value) / sqrt(found.error**2 + references[source].error ** 2)
        for source, found in sources.items()
        if source in references
    }
    if not distances:
        return None
    lowest = min(distances, key=lambda source: (distances[source], source))
    return lowest if distances[lowest] <= -ONE_SIDED else None


def advise(
    *,
    stood_in_the_minus: bool,
    promised_since: bool,
    recognition: Estimate | None,
    sources: Mapping[str, Estimate],
    equality: Estimate | None,
    references: Mapping[str, Estimate],
) -> Advice:
    """Exactly one advice: repair after months in the minus without a promise; else the largest shortfall."""
    if stood_in_the_minus and not promised_since:
        return Advice("repair", "B", 0.0)
    if recognition is None and not sources and equality is None:
        return Advice("none", None, 0.0)
    asked: list[tuple[str, str, Estimate]] = []
    if recognition is not None:
        asked.append(("acknowledge", "R", recognition))
    if sources:
        lowest = min(sources, key=lambda source: (-_shortfall(source, sources[source], references), source))
        asked.append(("return", lowest, sources[lowest]))
    if equality is not None:
        asked.append(("even_out", "E", equality))
    move, question, found = max(asked, key=lambda item: _shortfall(item[1], item[2], references))
    shortfall = _shortfall(question, found, references)
    if shortfall < LEAST_SHORTFALL:
        return Advice("keep", None, shortfall)
    return Advice(move, question, shortfall)


def _shortfall(question: str, found: Estimate, references: Mapping[str, Estimate]) -> float:
    reference = references.get(question, FIXED_REFERENCE)
    return (reference.value - found.value) / found.error
