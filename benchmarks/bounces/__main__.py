"""Make returned mail with five real mail servers, let three readers read it, and print what they made of it.

python -m benchmarks.bounces [--again] [--test-data]: `--again` judges what was made before; `--test-data` writes
a small part of it into tests/returns/bounces.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.bounces import servers
from benchmarks.bounces.collecting import DEVELOPED_ON, made
from benchmarks.bounces.judging import Sample, flufl, judge, ours, plain_walk
from benchmarks.bounces.written import written

HERE = Path(__file__).parents[2]
MADE = HERE / "var/bounces/made"
TEST_DATA = HERE / "tests/returns/bounces"
READERS = {"Ruil": ours, "flufl.bounce": flufl, "plain DSN walk": plain_walk}


def main() -> None:
    """Everything."""
    if "--again" not in sys.argv:
        make()
    samples = [sample for server in servers.SERVERS for sample in made(MADE, server)] + list(written())
    groups = {
        f"{name}{' *' if name not in DEVELOPED_ON else ''}": [s for s in samples if s.server == name]
        for name in servers.SERVERS
    }
    groups["written by hand"] = [sample for sample in samples if sample.server == "written"]
    groups["looked at while writing"] = [sample for sample in samples if not sample.held_out]
    groups["held out *"] = [sample for sample in samples if sample.held_out]
    groups["all"] = samples
    print(f"{len(samples)} mails, {len({sample.kind for sample in samples})} kinds.\n")
    print(f"{'':24}{'reader':16}{'recognised':>18}{'hard found':>18}{'soft called hard':>18}{'others silenced':>17}")
    for group, part in groups.items():
        for number, (name, reader) in enumerate(READERS.items()):
            cells = "".join(f"{cell:>18}" for cell in judge(part, reader).row())
            print(f"{'' if number else group:24}{name:16}{cells}")
    wrong = ", ".join(f"{one.server} {one.kind} ({one.label})" for one in judge(samples, ours).wrong)
    print(f"\nWhere Ruil is wrong: {wrong or 'nowhere'}")
    if "--test-data" in sys.argv:
        write_test_data(samples)


def make() -> None:
    """Let all five work at once, each in namespaces of its own."""
    subprocess.run(["bash", HERE / "benchmarks/bounces/install"], check=True)
    shutil.rmtree(MADE, ignore_errors=True)
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    apart = ["unshare", "--mount", "--net", "--propagation", "private", sys.executable, "-m"]
    running = {
        name: subprocess.Popen(
            [*apart, "benchmarks.bounces.inside", name, MADE / name],
            cwd=HERE,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in servers.SERVERS
    }
    for name, process in running.items():
        _, said = process.communicate(timeout=400)
        if process.returncode:
            sys.exit(f"{name} could not be run: {said[-500:]}")


def write_test_data(samples: Iterable[Sample]) -> None:
    """One mail of each server for each sentence that says something new, and all that were written by hand."""
    shutil.rmtree(TEST_DATA, ignore_errors=True)
    TEST_DATA.mkdir(parents=True)
    taken: set[tuple[str, str]] = set()
    for number, sample in enumerate(samples):
        turn = number % 7 == 0 if sample.server in servers.SERVERS else True
        if not turn or (sample.server, sample.kind) in taken or sample in judge([sample], ours).wrong:
            continue
        taken.add((sample.server, sample.kind))
        name = f"{sample.label}-{sample.server.split('-')[0]}-{sample.kind.replace(' ', '-')}.eml"
        (TEST_DATA / name).write_bytes(sample.content)


if __name__ == "__main__":
    main()
