"""Why a letter counts as it does: everything its visits said, in the order of time, and the verdict on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from benchmarks.scanners.play import Letter
from benchmarks.scanners.scene import Scene
from pulse.answers.box import opener
from pulse.answers.counting import asked_of
from pulse.answers.evidence import Asked, Visit
from pulse.answers.machines import machine_made
from pulse.database import reading
from pulse.rounds import Invitation, Round, box_key, find_invitations

CLASSES = ("machine by its own word", "script ran", "looked", "gesture", "pressed", "pressed again")


def explain(scene: Scene, letters: list[Letter]) -> Iterator[str]:
    """For each letter what happened, what was seen of it, and what each visit was taken for."""
    wanted = {letter.person.email: letter for letter in letters}
    with reading() as session:
        open_sealed = opener(box_key(session.get_one(Round, scene.round_id).uid) or b"")
        addresses = dict(session.execute(select(Invitation.id, Invitation.email)).all())
        for asked in asked_of(session, scene.round_id):
            letter = wanted.get(addresses[asked.who[0]])
            if letter is not None:
                links = find_invitations(session.connection(), [*letter.person.html, *letter.person.text])
                marks = {link.mark: f"{link.choice.part} {link.choice.option}" for link in links.values()}
                yield _happened(letter)
                yield from _seen(asked, letter, open_sealed, marks)


def _happened(letter: Letter) -> str:
    machine = letter.gateway.machine.name if letter.gateway.machine else "no scanner"
    waves = ", ".join(f"{wave.after:.0f} s × {len(wave.tokens)}" for wave in letter.waves)
    person = f"{letter.habit.name} at {letter.click[0]:.0f} s" if letter.habit and letter.click else "nobody"
    return (
        f"\n{letter.person.email}: {machine} / {letter.gateway.schedule} ({waves}) / {letter.gateway.network}; "
        f"{person}, meant {letter.option} {letter.failed}"
    )


def _seen(
    asked: Asked[tuple[int, str], bytes | None],
    letter: Letter,
    open_sealed: Callable[[bytes], int],
    marks: dict[bytes, str],
) -> Iterator[str]:
    machines = machine_made(asked.visits)
    for visit in sorted(asked.visits, key=lambda one: one.at):
        verdict = "a machine" if visit.order in machines else "perhaps a person"
        yield (
            f"  {visit.at - letter.person.delivered:10.2f} s  from {visit.cluster.hex()[:4]}  {marks[visit.link]:7}"
            f"  {CLASSES[visit.evidence]:24} {_said(visit, open_sealed):4} {verdict}"
        )


def _said(visit: Visit[bytes | None], open_sealed: Callable[[bytes], int]) -> str:
    return f"{visit.question}={open_sealed(visit.kept)}" if visit.kept is not None else ""
