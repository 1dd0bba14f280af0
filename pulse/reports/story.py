"""What a report tells about one team: plain frozen values, all of them from published figures. (pure)"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Value:
    """A published value on 0 to 100 and where it very likely lies."""

    value: int
    low: float
    high: float
    tail: str = ""
    """`low` or `high` where it is only known to lie at the value or beyond it."""


@dataclass(frozen=True)
class Return:
    """One of the five things that come back, when it was last asked."""

    source: str
    value: Value | None
    period: str | None
    """The month of the figure; where too few answered to show one, the month it was asked."""
    organisation: int | None
    """The organisation's value; None while too few groups make one up."""


@dataclass(frozen=True)
class Month:
    """A month of the trend; without a value, `reason` is `few` (answers) or `no_round`."""

    period: str
    value: Value | None
    reason: str = ""
    told: bool = False
    """Whether this month's letters opened with a give-back."""


@dataclass(frozen=True)
class Running:
    """In how many of the last six months' figures the team gave more than it got."""

    below: int
    of: int
    stood_in_the_minus: bool


@dataclass(frozen=True)
class Promise:
    """One give-back of the past."""

    told: str | None
    """The period of the letters that told it; None while the team has not heard it."""
    sentence: str
    by: str
    noticed: Value | None
    """What the team noticed of it (F)."""


@dataclass(frozen=True)
class Effect:
    """The balance before and since a promise; `change` is `up`, `down`, `level`, or empty (cannot be said)."""

    before: Value
    since: Value
    change: str
    periods: tuple[str, str]


@dataclass(frozen=True)
class Story:
    """All that a team's two pages say."""

    organisation: str
    colour: str
    """The organisation's, as `#rrggbb`, dark enough to read on white."""
    team: str
    period: str
    closed_on: date
    minimum_group: int
    invited: int
    """How many people the figures are about."""
    participation: str
    """`under_half`, `half` (to three quarters), `more`, or empty where nothing is shown."""
    counted: str
    """`own`; `below`: made of the teams below; `above`: counted one level up; `none`: no figure."""
    group: str
    """Whom the figures count, as published: `Zorg / Oost`, `rest of Zorg`, `Zorg and others`."""
    balance: Value | None
    side: str
    """`minus`, `plus`, `about`; empty without a balance."""
    change: str
    """Of the balance since last month: `up`, `down`, `level`, or empty (cannot be said)."""
    quarter: str
    """Likewise of three months against the three before."""
    first: bool
    """Whether nothing was published before this month."""
    recovered: bool
    """Whether a stretch in the minus ended in the last half year, by more than chance."""
    recognition: Value | None
    recognition_change: str
    returns: tuple[Return, ...]
    missing: str | None
    """The source that stands out below the organisation."""
    equality: Value | None
    months: tuple[Month, ...]
    running: Running | None
    promises: tuple[Promise, ...]
    """The newest first, at most three."""
    effect: Effect | None
    move: str
    """`acknowledge`, `return`, `repair`, `even_out`, `keep`, or `none` on thin data."""
    source: str | None
    """Which return, when the move is `return`."""
    ground: Value | None
    """The figure the advice rests on."""
    reference: int | None
    """What that figure is held beside."""
    sure: bool
    """Whether the shortfall is more than chance explains."""
    link: str | None
    """The manager's give-back page; None where the report is nobody's own."""
