"""Ruil's real publishing code, run on a world in memory; and the naive rules it is held beside.

Opening, cutting, rounding and writing are the product's own functions, reached through their modules, so that a
mutant of any of them is published too. Only the database is left out: rows are gathered on a sheet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from benchmarks.disclosure.worlds import Answers, Month, World, questions_by_team
from pulse.results import blocks, ledger
from pulse.results.indices import PublishedFigure
from pulse.rounds import counting

CLOSED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Frozen:
    """A round as it was opened: the roster, the tree and where everybody counts. Known to the attacker."""

    id: int
    organisation_id: int
    organisation: str
    period: str
    minimum_group: int
    parents: Mapping[str, str | None]
    questions: Mapping[str, list[str]]
    counting: Mapping[str, str]
    """Person → the node where they count."""
    invited: Mapping[str, int]

    def asked(self, question: str) -> set[str]:
        """The nodes that ask this question."""
        return {path for path in self.parents if question in self.questions[path]}

    def every_question(self) -> list[str]:
        """All questions of the round, in the order they are closed."""
        return sorted({question for path in self.parents for question in self.questions[path]})


class Sheet:
    """Takes the rows that a session would."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def add(self, row: Any) -> None:
        """As a session adds a row."""
        self.rows.append(row)


def open_month(found: World, month: Month) -> Frozen:
    """What pulse.rounds freezes at the opening."""
    tree = counting.tree_of(month.teams, found.name)
    where = {person.name: counting.counting_node(tree, person.team, person.leads) for person in month.people}
    invited: dict[str, int] = {}
    for node in where.values():
        invited[node] = invited.get(node, 0) + 1
    questions = questions_by_team(month.teams, month.period, month.promised, found.name)
    return Frozen(
        id=month.number + 1,
        organisation_id=1,
        organisation=found.name,
        period=month.period,
        minimum_group=found.minimum_group,
        parents=tree.parents,
        questions={path: questions[path] for path in tree.parents},
        counting=where,
        invited=invited,
    )


def close_month(frozen: Frozen, answers: Answers) -> list[Any]:
    """What pulse.results publishes at the close: the rows of the ledger, in the order of the export."""
    sheet = Sheet()
    found = {question: _blocks(frozen, question, answers.get(question, {})) for question in frozen.every_question()}
    ledger.write(cast(Any, sheet), cast(Any, frozen), found, CLOSED)
    return sorted(sheet.rows, key=lambda row: (row.period, row.round_id, row.question, row.block))


def _blocks(frozen: Frozen, question: str, said: Mapping[str, int]) -> list[blocks.Block]:
    asked = frozen.asked(question)
    options: dict[str, list[int]] = {path: [] for path in frozen.parents}
    for name, option in said.items():
        options[frozen.counting[name]].append(option)
    nodes = {
        path: blocks.Node(
            path,
            parent,
            frozen.invited.get(path, 0) if path in asked else 0,
            tuple(options[path]) if path in asked else (),
        )
        for path, parent in frozen.parents.items()
    }
    return blocks.cut(nodes, frozen.minimum_group)


def respondents(frozen: Frozen, question: str, answers: Answers) -> dict[str, list[str]]:
    """Node → who answered there. Known to the attacker; it holds no answer."""
    asked = frozen.asked(question)
    found: dict[str, list[str]] = {}
    for name in answers.get(question, {}):
        if frozen.counting[name] in asked:
            found.setdefault(frozen.counting[name], []).append(name)
    return found


def export(rows: Iterable[Any], organisation: str) -> bytes:
    """The rows as `flask export figures` prints them."""
    lines = (
        {
            "organisation": organisation,
            "block": row.label,
            "teams": row.teams,
            "round": row.round_id,
            "period": row.period,
            "question": row.question,
            "value": row.value,
            "shown": row.shown,
            "respondents": row.respondents,
            "invited": row.invited,
        }
        for row in rows
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def published(rows: Iterable[Any]) -> list[PublishedFigure]:
    """The rows as every page, report and index reads them."""
    names = PublishedFigure.__dataclass_fields__
    facts = ({name: getattr(row, name) for name in names} for row in rows)
    return [PublishedFigure(**{**fact, "teams": tuple(fact["teams"])}) for fact in facts]
