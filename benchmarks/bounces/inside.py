"""One mail server in namespaces of its own: started, given one mail of each kind, ended. Run by `__main__`.

python -m benchmarks.bounces.inside SERVER FOLDER
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
import uuid
from pathlib import Path

from benchmarks.bounces import servers, world
from benchmarks.bounces.kinds import KINDS, NOTHING_WRONG

HERE = Path(__file__).parents[2]
WAIT_SECONDS = 75
LETTER = (HERE / "benchmarks/bounces/letter.eml").read_text()


def main(name: str, folder: Path) -> None:
    """Make the bounces of one server."""
    folder.mkdir(parents=True, exist_ok=True)
    root = Path("/tmp/ruil-bounces")
    run("ip link set lo up")
    for network in ("10.9.0.0/24", "10.9.1.0/24"):
        run(f"ip route add local {network} dev lo")
    run("ip addr add 10.9.0.1/32 dev lo")
    lay(root, name)
    world.begin(folder)
    server = servers.SERVERS[name]
    server.write(root / "m")
    started = [subprocess.Popen(["chroot", str(root / "m"), "sh", "-c", command]) for command in server.start]
    try:
        if server.command:
            time.sleep(5)
        else:
            reach()
        kinds = [*KINDS, *NOTHING_WRONG]
        submitting = ["chroot", str(root / "m"), server.command] if server.command else []
        index = [submit(kind.name, submitting) for kind in kinds]
        (folder / "index.tsv").write_text(
            "".join(f"{mail}\t{kind.name}\n" for mail, kind in zip(index, kinds, strict=True))
        )
        settle(len(kinds))
    finally:
        for command in server.stop:
            subprocess.run(["chroot", str(root / "m"), "sh", "-c", command], check=False, capture_output=True)
        for process in started:
            process.kill()
        logs = sorted((root / "m/var/log").glob("mail*")) + sorted((root / "m/var/log").glob("exim4/*"))
        (folder / "log").write_text("".join(path.read_text(errors="replace")[-40_000:] for path in logs))


def lay(root: Path, name: str) -> None:
    """A root file system of its own, which ends with us: the machine's, and the server's package over it."""
    unpacked = HERE / "var/bounces"
    root.mkdir(parents=True, exist_ok=True)
    run(f"mount -t tmpfs tmpfs {root}")
    for part in ("up", "work", "m"):
        (root / part).mkdir()
    run(f"mount -t overlay overlay -o lowerdir=/,upperdir={root}/up,workdir={root}/work {root}/m")
    for package in ("besides", name):
        run(f"cp -a --no-preserve=ownership {unpacked / package}/. {root}/m/")
    run(f"mount --rbind /dev {root}/m/dev")
    run(f"mount --bind /proc {root}/m/proc")
    run(f"mount -t tmpfs tmpfs {root}/m/tmp")
    run(f"mount -t tmpfs tmpfs {root}/m/run")
    etc = root / "m/etc"
    (etc / "resolv.conf").unlink(missing_ok=True)
    (etc / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:1\n")
    (etc / "hosts").write_text("127.0.0.1 localhost\n10.9.0.1 relay.ruil.example relay\n")
    (etc / "mailname").write_text("relay.ruil.example\n")
    (etc / "hostname").write_text("relay.ruil.example\n")
    with (etc / "passwd").open("a") as passwd, (etc / "group").open("a") as group:
        for number, user in enumerate(servers.USERS, start=4001):
            passwd.write(f"{user}:x:{number}:{number}::/var/empty:/bin/false\n")
            group.write(f"{user}:x:{number}:\n")
    run(f"chroot {root}/m ldconfig")


def reach() -> None:
    """Wait until the server listens."""
    for _ in range(60):
        try:
            smtplib.SMTP("127.0.0.1", 25, timeout=5).quit()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("The mail server does not listen.")


def submit(kind: str, command: list[str]) -> str:
    """Hand one letter over, as Ruil does: one recipient, and an envelope sender of its own. Gives its identity."""
    identity = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{kind}.fail.example"))
    sender = f"b+{identity.replace('-', '')}.0123456789abcdef@ruil.example"
    recipient = f"anna@{kind}.fail.example"
    content = LETTER.replace("{id}", identity).replace("{to}", recipient).replace("\n", "\r\n")
    if command:
        asked = ["-N", "success,fail,delay"] if kind.startswith("success") else []
        given = [*command, "-f", sender, *asked, recipient]
        done = subprocess.run(given, input=content.replace("\r", "").encode(), check=False, capture_output=True)
        if done.returncode:
            print(f"refused at once: {kind}: {done.stderr.decode()[:200]}")
        return identity
    options = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if kind.startswith("success") else []
    with smtplib.SMTP("127.0.0.1", 25, timeout=60) as server:
        server.ehlo("ruil.example")
        options = options if server.has_extn("dsn") else []
        try:
            server.sendmail(sender, [recipient], content.encode(), rcpt_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            print(f"refused at once: {kind}: {error.recipients}")
    return identity


def settle(most: int) -> None:
    """Wait for what comes back, until all did or the time is up."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end and world.Listening.count < 2 * most:
        time.sleep(1)


def run(command: str) -> None:
    """A command that must succeed."""
    subprocess.run(command.split(), check=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve())
