"""The figures: false answers, wrong values, lost clicks, second clicks; for Ruil and for the published methods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from benchmarks.scanners.play import TEN_MINUTES, Letter
from benchmarks.scanners.published import METHODS, Event

RUIL = "Ruil"


@dataclass
class Line:
    """One method's figures."""

    false: int = 0
    wrong: int = 0
    lost_hand: int = 0
    lost_reader: int = 0
    lost_early_reader: int = 0
    lost_doubted_reader: int = 0
    second: int = 0


@dataclass
class Totals:
    """How many there were of each."""

    visits: int = 0
    """Links opened by machines."""
    machine_letters: int = 0
    """Letters that only machines opened."""
    mixed: int = 0
    """Letters that both opened."""
    hands: int = 0
    readers: int = 0
    early_readers: int = 0
    """Who only read, in the first ten minutes."""
    doubted_readers: int = 0
    """Who only read, where a machine looked as a reader does."""
    by_design: int = 0
    """Who has no script, or who changes an answer through the mail: they press by design."""

    @property
    def people(self) -> int:
        """Everybody who answered."""
        return self.hands + self.readers + self.early_readers + self.doubted_readers


@dataclass
class Tally:
    """A set of letters: its size, and what each method made of it."""

    totals: Totals = field(default_factory=Totals)
    lines: dict[str, Line] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """The other's figures too."""
        _add(self.totals, other.totals)
        for method, line in other.lines.items():
            _add(self.lines.setdefault(method, Line()), line)


@dataclass
class Run:
    """One part of a run, or several together."""

    seeds: list[int]
    seconds: float
    broken: int
    """Letters for which our own machines ran out of time; they are in no figure."""
    everybody: Tally
    limit: Tally
    """Letters that a machine with hands opened by one link: what a person does."""
    machines: dict[str, int]
    """Links opened, by machine."""

    def add(self, other: Run) -> None:
        """The other part too."""
        self.seeds += other.seeds
        self.seconds += other.seconds
        self.broken += other.broken
        self.everybody.add(other.everybody)
        self.limit.add(other.limit)
        self.machines = dict(Counter(self.machines) + Counter(other.machines))

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Run:
        """Of a file."""
        sets = {name: _tally(kept[name]) for name in ("everybody", "limit")}
        return cls(**{**kept, **sets})


def tally(letters: Sequence[Letter], counted: Mapping[str, int], log: Iterable[Mapping[str, Any]]) -> Tally:
    """All methods' figures for these letters, from what Ruil counts and from the log of the same visits."""
    lines = {RUIL: judge(letters, counted), **_by_method(letters, log)}
    lines[RUIL].second = sum(letter.second_click for letter in letters if letter.habit)
    return Tally(_totals(letters), lines)


def judge(letters: Iterable[Letter], counted: Mapping[str, int | None]) -> Line:
    """One method's line, from what it counted of each address."""
    line = Line()
    for letter in letters:
        what = mistake(letter, counted.get(letter.person.email))
        if what:
            setattr(line, what, getattr(line, what) + 1)
    return line


def mistake(letter: Letter, value: int | None) -> str:
    """What is wrong with this letter's counted value; empty where it is right."""
    if letter.habit is None:
        return "" if value is None else "false"
    if value is None:
        return f"lost_{_kind(letter)}"
    return "" if value == letter.option else "wrong"


def by_machine(letters: Sequence[Letter]) -> dict[str, int]:
    """How many links each machine opened."""
    opened: Counter[str] = Counter()
    for letter in letters:
        if letter.gateway.machine is not None:
            opened[letter.gateway.machine.name] += sum(len(wave.tokens) for wave in letter.waves)
    return dict(opened)


def table(tally: Tally) -> list[str]:
    """The table, in Markdown."""
    all_of = tally.totals
    head = [
        "| method | false answers | wrong values | lost, with a hand | lost readers "
        "| lost readers, first 10 min | lost readers, where machines look too | second clicks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return head + [
        f"| {name} | {line.false} of {all_of.machine_letters} "
        f"| {line.wrong} of {all_of.people} | {line.lost_hand} of {all_of.hands} "
        f"| {line.lost_reader} of {all_of.readers} "
        f"| {line.lost_early_reader} of {all_of.early_readers} "
        f"| {line.lost_doubted_reader} of {all_of.doubted_readers} | {_share(line.second, all_of.people)} |"
        for name, line in tally.lines.items()
    ]


def _totals(letters: Sequence[Letter]) -> Totals:
    people = [letter for letter in letters if letter.habit is not None]
    kinds = Counter(_kind(letter) for letter in people)
    return Totals(
        visits=sum(len(wave.tokens) for letter in letters for wave in letter.waves),
        machine_letters=sum(letter.habit is None and bool(letter.waves) for letter in letters),
        mixed=sum(bool(letter.waves) for letter in people),
        hands=kinds["hand"],
        readers=kinds["reader"],
        early_readers=kinds["early_reader"],
        doubted_readers=kinds["doubted_reader"],
        by_design=sum(bool(letter.habit and letter.habit.presses_by_design) for letter in people),
    )


def _by_method(letters: Sequence[Letter], log: Iterable[Mapping[str, Any]]) -> dict[str, Line]:
    owners = {
        token: (letter.person, option)
        for letter in letters
        for part in (letter.person.html, letter.person.text)
        for option, token in enumerate(part)
    }
    seen: dict[str, list[Event]] = defaultdict(list)
    for entry in log:
        if entry["token"] not in owners:
            continue
        person, option = owners[entry["token"]]
        chosen = int(entry["option"]) if entry["what"] == "pressed" and entry["option"] else option
        seen[person.email].append(Event(entry["at"] - person.delivered, entry["what"], chosen, entry["agent"]))
    ordered = {email: sorted(events, key=lambda event: event.after) for email, events in seen.items()}
    return {
        name: judge(letters, {email: method(events) for email, events in ordered.items()})
        for name, method in METHODS.items()
    }


def _tally(kept: dict[str, Any]) -> Tally:
    return Tally(Totals(**kept["totals"]), {name: Line(**line) for name, line in kept["lines"].items()})


def _add(mine: Any, other: Any) -> None:
    for one in fields(mine):
        setattr(mine, one.name, getattr(mine, one.name) + getattr(other, one.name))


def _kind(letter: Letter) -> str:
    if letter.habit is None or not letter.habit.passive:
        return "hand"
    if letter.click is not None and letter.click[0] < TEN_MINUTES:
        return "early_reader"
    return "doubted_reader" if letter.was_looked_at else "reader"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0"
