"""`python -m benchmarks.scanners`: run the zoo, print the tables and every mistake of Ruil with all that led to it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from benchmarks.ports import await_port, free_port
from benchmarks.scanners import written
from benchmarks.scanners.explaining import explain
from benchmarks.scanners.play import Play, gateways
from benchmarks.scanners.scanners import MACHINES
from benchmarks.scanners.scene import set_up
from benchmarks.scanners.stage import set_stage
from benchmarks.scanners.tally import RUIL, Run, by_machine, mistake, tally
from pulse.database import forget_engine

PARTS = 2
LETTERS_WITHOUT_SCANNER = 24
LARGER = 3


def main() -> int:
    """Run; 1 where a figure that must be nought is not."""
    asked = _arguments().parse_args()
    runs = [Run.from_json(json.loads(path.read_text())) for path in asked.sum or []]
    if not runs:
        runs = [_part(seed, asked) for seed in range(asked.seed, asked.seed + asked.parts)]
    run = runs[0]
    for other in runs[1:]:
        run.add(other)
    if asked.keep:
        asked.keep.write_text(json.dumps(run.as_json()))
    page = written.page(run)
    print(page)
    if asked.write:
        written.replace(asked.write, page)
    ruil = run.everybody.lines[RUIL]
    return 1 if ruil.false or ruil.wrong or ruil.lost_hand else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.scanners")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--parts", type=int, default=PARTS, help="each has a seed of its own, and companies of its own")
    parser.add_argument("--large", action="store_true", help="larger companies, fewer of them a part")
    parser.add_argument("--quick", action="store_true", help="an eighth of each part, in about a minute")
    parser.add_argument("--minutes", type=float, default=20, help="of a part: what has not begun by then is left out")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the figures, to sum them up later")
    parser.add_argument("--sum", type=Path, nargs="+", metavar="FILE", help="of parts that were run and kept before")
    parser.add_argument("--write", type=Path, help="the page whose tables are replaced, such as docs/scanners.md")
    return parser


def _part(seed: int, asked: argparse.Namespace) -> Run:
    with TemporaryDirectory() as folder:
        port = free_port()
        _settings(Path(folder), free_port())
        forget_engine()
        return asyncio.run(_play(seed, asked, Path(folder), port))


async def _play(seed: int, asked: argparse.Namespace, folder: Path, port: int) -> Run:
    chance = random.Random(seed)
    started = time.monotonic()
    # Large companies: a third of the machines in each part, three times as many letters for each.
    companies = gateways(chance, MACHINES[seed % LARGER :: LARGER] if asked.large else MACHINES)
    larger = LARGER if asked.large else 1
    sizes = {one.domain: larger * (one.machine.cost if one.machine else LETTERS_WITHOUT_SCANNER) for one in companies}
    scene = set_up({domain: max(3, size // 8) if asked.quick else size for domain, size in sizes.items()}, chance)
    async with _served(port), set_stage(port, folder) as stage:
        play = Play(stage, chance, started + 60 * asked.minutes)
        for gateway in companies:
            for person in scene.people[gateway.domain]:
                play.cast(gateway, person)
        await play.act()
        log = await asyncio.to_thread(stage.events)
    counted = scene.counted()
    letters = [letter for letter in play.letters if not letter.broke_off]
    everybody = [letter for letter in letters if not letter.is_limit]
    mistakes = {id(one): what for one in everybody if (what := mistake(one, counted.get(one.person.email)))}
    pressing = [one for one in everybody if one.second_click and not (one.habit and one.habit.presses_by_design)]
    for name in sorted(set(mistakes.values())):
        wrong = [one for one in everybody if mistakes.get(id(one)) == name]
        print(f"\n{name}: {len(wrong)}", *explain(scene, wrong), sep="\n", file=sys.stderr)
    print(f"\nsecond clicks: {len(pressing)}", *explain(scene, pressing), sep="\n", file=sys.stderr, flush=True)
    return Run(
        seeds=[seed],
        seconds=time.monotonic() - started,
        broken=len(play.letters) - len(letters),
        everybody=tally(everybody, counted, log),
        limit=tally([letter for letter in letters if letter.is_limit], counted, log),
        machines=by_machine(letters),
    )


@asynccontextmanager
async def _served(port: int) -> AsyncIterator[None]:
    # On all of 127/8.
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", str(port)]
    options = ["--workers", "1", "--blocking-threads", "8", "--no-ws", "benchmarks.scanners.served:app"]
    server = await asyncio.create_subprocess_exec(
        *command, *options, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        await asyncio.to_thread(await_port, port)
        yield
    finally:
        server.terminate()
        await server.wait()


def _settings(folder: Path, smtp_port: int) -> None:
    for name in config.names():
        os.environ.pop(name, None)
    os.environ.update(
        DEVELOPMENT="true",
        DATABASE_URL=f"sqlite:///{folder}/ruil.db",
        SMTP_URL=f"smtp://127.0.0.1:{smtp_port}",
        **{name: str(folder / name.lower()) for name in ("KEY_DIR", "REPORT_DIR", "BROKER_DIR")},
    )
    config.settings.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
