"""The figures: false answers, wrong values, lost clicks, second clicks; for Ruil and for the published methods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scanners.play import Letter
from benchmarks.scanners.published import METHODS, Event

TEN_MINUTES = 600.0


@dataclass
class Line:
    """One method's figures."""

    false: int = 0
    limit: int = 0
    """False answers of a machine with hands that opens one link."""
    wrong: int = 0
    lost_hand: int = 0
    lost_reader: int = 0
    lost_early_reader: int = 0
    second: int = 0
    named: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Totals:
    """How many there were of each."""

    visits: int
    machine_letters: int
    limit_letters: int
    mixed: int
    hands: int
    readers: int
    early_readers: int


def totals(letters: Sequence[Letter]) -> Totals:
    """Count the labelled set."""
    machines = [letter for letter in letters if letter.habit is None and letter.waves]
    people = [letter for letter in letters if letter.habit is not None]
    readers = [letter for letter in people if letter.habit and letter.habit.passive]
    return Totals(
        visits=sum(len(wave.tokens) for letter in letters for wave in letter.waves),
        machine_letters=sum(not letter.is_limit for letter in machines),
        limit_letters=sum(letter.is_limit for letter in machines),
        mixed=sum(bool(letter.waves) for letter in people),
        hands=len(people) - len(readers),
        readers=sum(not _early(letter) for letter in readers),
        early_readers=sum(_early(letter) for letter in readers),
    )


def judge(letters: Iterable[Letter], counted: Mapping[str, int | None]) -> Line:
    """One method's line, from what it counted of each address."""
    line = Line()
    for letter in letters:
        value = counted.get(letter.person.email)
        if letter.habit is None:
            if value is not None:
                _add(line, "limit" if letter.is_limit else "false", letter, value)
        elif value is None:
            lost = "lost_hand" if not letter.habit.passive else "lost_early_reader" if _early(letter) else "lost_reader"
            _add(line, lost, letter, value)
        elif value != letter.option:
            _add(line, "wrong", letter, value)
    return line


def by_method(letters: Sequence[Letter], log: Iterable[Mapping[str, Any]]) -> dict[str, Line]:
    """The published methods' lines, from the log of the same visits."""
    owners = {
        token: (letter.person, option)
        for letter in letters
        for part in (letter.person.html, letter.person.text)
        for option, token in enumerate(part)
    }
    seen: dict[str, list[Event]] = defaultdict(list)
    for entry in log:
        if entry["token"] not in owners:  # a letter that broke off
            continue
        person, option = owners[entry["token"]]
        chosen = int(entry["option"]) if entry["what"] == "pressed" and entry["option"] else option
        seen[person.email].append(Event(entry["at"] - person.delivered, entry["what"], chosen, entry["agent"]))
    lines = {}
    for name, method in METHODS.items():
        ordered = {email: sorted(events, key=lambda event: event.after) for email, events in seen.items()}
        lines[name] = judge(letters, {email: method(events) for email, events in ordered.items()})
    return lines


def table(all_of: Totals, lines: Mapping[str, Line]) -> list[str]:
    """The table, in Markdown."""
    head = [
        "| method | false answers | one link, with hands | wrong values | lost, with a hand | lost readers "
        "| lost readers, first 10 min | second clicks |",
        "|---|---|---|---|---|---|---|---|",
    ]
    people = all_of.hands + all_of.readers + all_of.early_readers
    return head + [
        f"| {name} | {line.false} of {all_of.machine_letters} | {line.limit} of {all_of.limit_letters} "
        f"| {line.wrong} of {people} | {line.lost_hand} of {all_of.hands} | {line.lost_reader} of {all_of.readers} "
        f"| {line.lost_early_reader} of {all_of.early_readers} | {_share(line.second, people)} |"
        for name, line in lines.items()
    ]


def by_machine(letters: Sequence[Letter]) -> list[str]:
    """How many links each machine opened."""
    opened: Counter[str] = Counter()
    for letter in letters:
        if letter.gateway.machine is not None:
            opened[letter.gateway.machine.name] += sum(len(wave.tokens) for wave in letter.waves)
    return ["| machine | links opened |", "|---|---|"] + [f"| {name} | {count} |" for name, count in opened.items()]


def _add(line: Line, what: str, letter: Letter, value: int | None) -> None:
    setattr(line, what, getattr(line, what) + 1)
    machine = letter.gateway.machine.name if letter.gateway.machine else "no scanner"
    habit = letter.habit.name if letter.habit else "nobody"
    line.named.append(
        f"{what}: {machine} / {letter.gateway.schedule} / {letter.gateway.network}; {habit} at "
        f"{letter.click[0] if letter.click else 0:.0f} s; meant {letter.option}, counted {value} {letter.failed}"
    )


def _early(letter: Letter) -> bool:
    return letter.click is not None and letter.click[0] < TEN_MINUTES


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "0"
