"""`python -m benchmarks.scanners [--quick] [--seed N] [--write docs/scanners.md]`: run the zoo, print the table."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from benchmarks.scanners import written
from benchmarks.scanners.play import Play, gateways
from benchmarks.scanners.scene import set_up
from benchmarks.scanners.stage import set_stage
from benchmarks.scanners.tally import by_machine, by_method, judge, totals


def main() -> int:
    """Run; 1 where a figure that must be nought is not."""
    parser = argparse.ArgumentParser(prog="benchmarks.scanners")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything, in under two minutes")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--minutes", type=float, default=40, help="what has not begun by then is left out")
    parser.add_argument("--write", type=Path, help="the page whose table is replaced")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        ports = [_free_port() for _ in range(2)]
        _settings(Path(folder), ports[1])
        return asyncio.run(_run(asked, Path(folder), ports[0]))


async def _run(asked: argparse.Namespace, folder: Path, port: int) -> int:
    chance = random.Random(asked.seed)
    started = time.monotonic()
    companies = gateways(chance, 1 if asked.quick else 2)
    sizes = {one.domain: _people(one.machine.cost if one.machine else 60, asked.quick) for one in companies}
    scene = set_up(sizes, chance)
    server = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "0.0.0.0",
            "--port",
            str(port),
        ),  # all of 127/8
        *("--workers", "1", "--blocking-threads", "8", "--no-ws", "benchmarks.scanners.served:app"),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        await asyncio.sleep(3)
        async with set_stage(port, folder) as stage:
            play = Play(stage, chance, started + 60 * asked.minutes)
            for gateway in companies:
                for person in scene.people[gateway.domain]:
                    play.cast(gateway, person)
            await play.act()
            log = await asyncio.to_thread(stage.events)
    finally:
        server.terminate()
        await server.wait()
    letters = [letter for letter in play.letters if not letter.broke_off]
    ruil = judge(letters, scene.counted())
    ruil.second = sum(letter.second_click for letter in letters if letter.habit)
    lines = {"Ruil": ruil, **by_method(letters, log)}
    broken = len(play.letters) - len(letters)
    page = written.page(asked.seed, broken, totals(letters), lines, by_machine(letters), time.monotonic() - started)
    print(page)
    print("\n".join(ruil.named), file=sys.stderr)
    if asked.write:
        written.replace(asked.write, page)
    return 1 if ruil.false or ruil.wrong or ruil.lost_hand else 0


def _people(cost: int, quick: bool) -> int:
    return max(3, cost // 8) if quick else cost


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
