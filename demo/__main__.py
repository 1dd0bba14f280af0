"""`make demo`: from nothing to a running Ruil with fourteen months of history.

With CHECK=1 it also lives this month to its end, compares every published figure with what an
independent count of the clicks gives, and exits 0 only if every step was seen to work.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console

from demo.failure import DemoFailed

HERE = Path(__file__).parent
STATE = Path("var/demo").resolve()
RULE = "FREQ=MONTHLY;BYDAY=1TU"
console = Console(highlight=False)


def main() -> int:
    """Run the demonstration; 0 when every step worked."""
    check = os.environ.get("CHECK") == "1"
    started = time.monotonic()
    with ExitStack() as stack:
        try:
            ports = free_ports(3)
            set_up_environment(*ports)
            address = build(ports[1], stack)
            live_this_month(address, ports, check)
            if check:
                console.print(f"Every step was seen to work, in {time.monotonic() - started:.0f} s.")
                return 0
            stay(stack)
        except DemoFailed as error:
            console.print(f"[red]{error}[/red]\nThe logs are in {STATE}.")
            return 1
    return 0


def free_ports(count: int) -> list[int]:
    """Ports on loopback that nobody uses now; the usual ones first."""
    found = []
    for preferred in (8000, 8025, 1025)[:count]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", preferred))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            found.append(probe.getsockname()[1])
    return found


def set_up_environment(web: int, mailbox: int, smtp: int) -> None:
    """A fresh folder for the demonstration, and settings that point at it."""
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    for name in ("REDIS_URL", "MAIL_FROM", "MAIL_DOMAIN"):
        os.environ.pop(name, None)
    os.environ.update(
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        DEVELOPMENT="true",
        DATABASE_URL=f"sqlite:///{STATE / 'ruil.db'}",
        KEY_DIR=str(STATE / "keys"),
        REPORT_DIR=str(STATE / "reports"),
        BROKER_DIR=str(STATE / "broker"),
        SMTP_URL=f"smtp://127.0.0.1:{smtp}",
        BASE_URL=f"http://127.0.0.1:{web}",
        SECRET_KEY=secrets.token_urlsafe(48),
        PORT=str(web),
        MAIL_DOMAIN="ruil.example",
        LANGUAGE="nl",
        TIMEZONE="Europe/Amsterdam",
    )


def flask(*words: str) -> str:
    """Run a `flask` command as an operator would; its output, or DemoFailed with its words."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *words], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise DemoFailed(f"flask {' '.join(words)} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def wake() -> None:
    """Send the beat's own task now, so that nobody need wait for the minute."""
    words = ("celery", "-A", "tasks", "call", "ruil.tick", "--queue", "tick")
    subprocess.run([sys.executable, "-m", *words], capture_output=True, timeout=60, check=True)


def build(mailbox_port: int, stack: ExitStack) -> str:
    """Database, roster, pulse, history, processes. Returns the mailbox's address."""
    from demo import history

    smtp_port = os.environ["SMTP_URL"].rsplit(":", 1)[1]
    start(stack, "mailbox", sys.executable, "-m", "demo.mailbox", smtp_port, str(mailbox_port))
    address = f"http://127.0.0.1:{mailbox_port}"
    wait_for("the mailbox", f"{address}/", 20)
    with console.status("Creating the database and importing demo/roster.csv …"):
        flask("db", "upgrade")
        flask("organisation", "create", "De Linde", "--admin", "hr@delinde.example")
        outcome = flask("roster", "import", str(HERE / "roster.csv"))
        flask("pulse", "schedule", "--title", "Maandelijkse ruil", "--rule", RULE, "--time", "10:00")
    console.print(f"De Linde: {outcome.splitlines()[-1]}")
    with console.status("Replaying fourteen months …") as status:
        history.replay(1, date.today(), lambda month: status.update(f"Replaying {month} …"))
    console.print("Fourteen months of history, each closed by the real close.")
    start(stack, "processes", sys.executable, "-m", "honcho", "start", "web", "worker", "beat")
    wait_for("the web app", os.environ["BASE_URL"] + "/readyz", 60)
    return address


def start(stack: ExitStack, name: str, *command: str) -> None:
    """Start a process of our own, its output in var/demo, ended by its id when the demo ends."""
    log = stack.enter_context((STATE / f"{name}.log").open("wb"))
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    def end() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    stack.callback(end)


def wait_for(what: str, address: str, seconds: float) -> None:
    """Until `address` answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise DemoFailed(f"{what} did not answer at {address} within {seconds:.0f} seconds.")


def live_this_month(address: str, ports: list[int], check: bool) -> None:
    """Open this month's round through the real path, let colleagues click, and show where to look."""
    from demo import month

    with console.status("Opening this month's round; the workers send the letters …"):
        round_id = flask("round", "open", "1", "--now")
        wake()
        letters = month.wait_for_letters(address, int(round_id))
    console.print(f"Round {round_id} is open: {len(letters)} letters, each sent once.")
    with console.status("Colleagues are clicking …"):
        clicks = month.click(letters, skip=0 if check else 12)
    console.print(f"{clicks.people} colleagues answered by one click and some taps.")
    if check:
        month.check_links_record_nothing(letters)
        with console.status("Closing the round; the workers make the PDFs and mail them …"):
            flask("round", "close", round_id)
            wake()
            count = month.check_figures(int(round_id), clicks)
            pdfs = month.wait_for_reports(address, int(round_id))
        console.print(f"{count} figures equal an independent count; {pdfs} managers got their PDF.")
        return
    link = flask("organisation", "sign-in", "hr@delinde.example")
    console.print(f"\n  App             {os.environ['BASE_URL']}/admin/")
    console.print(f"  Mailbox         {address}/")
    console.print(f"  Newest team PDF {month.newest_report()}")
    console.print(f"\n  Sign in once, within ten minutes: {link}\n  Later: ask for a link at /sign-in as")
    console.print("  hr@delinde.example; it arrives in the mailbox. Ctrl+C ends the demonstration.")


def stay(stack: ExitStack) -> None:
    """Leave everything running until the newcomer has seen enough."""
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print("Ending.")


if __name__ == "__main__":
    sys.exit(main())
