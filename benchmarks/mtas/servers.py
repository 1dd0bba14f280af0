"""Debian's own Postfix, OpenSMTPD and Dovecot, each in a folder of this run on free ports, ended by its id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ports import await_port, free_port

DOMAIN = "linde.example"

DOVECOT = """
protocols = lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
mail_location = maildir:~/Maildir
first_valid_uid = 1
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/homes/%n
}}
passdb {{
  driver = static
  args = nopassword=y
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
  user = mail
}}
service stats {{
  unix_listener stats-writer {{
    user = mail
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve_before = {folder}/once.sieve
}}
"""
ONCE = 'require ["duplicate"];\nif duplicate { discard; stop; }\n'
"""RFC 7352: a mail with a Message-ID that this mailbox has had already is dropped, as careful receivers do."""

POSTFIX_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{domain}
mydestination =
alias_maps =
local_recipient_maps =
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_peername_lookup = no
smtpd_recipient_restrictions = reject_unauth_destination
"""
POSTFIX_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
OPENSMTPD = """
table people file:{folder}/people
listen on 127.0.0.1 port {port} hostname mx.{domain}
action "mailboxes" relay host lmtp://127.0.0.1:{lmtp}
match from any for rcpt-to <people> action "mailboxes"
"""


@contextmanager
def dovecot(folder: Path) -> Iterator[int]:
    """Dovecot's LMTP into a Maildir each; its port."""
    port = free_port()
    for name in ("homes", "run", "state"):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(0o755)
    mail = pwd.getpwnam("mail")
    os.chown(folder / "homes", mail.pw_uid, mail.pw_gid)
    (folder / "once.sieve").write_text(ONCE)
    (folder / "dovecot.conf").write_text(DOVECOT.format(folder=folder, port=port))
    subprocess.run(["sievec", "-c", str(folder / "dovecot.conf"), str(folder / "once.sieve")], check=True, timeout=30)
    with _running(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], port, folder / "log"):
        yield port


@contextmanager
def postfix(folder: Path, lmtp: int, people: Sequence[str]) -> Iterator[int]:
    """Postfix that knows `people` and hands their mail to `lmtp`; its port."""
    port = free_port()
    (folder / "data").mkdir(parents=True)
    (folder / "queue").mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "mailboxes").write_text("".join(f"{address} x\n" for address in people))
    (folder / "main.cf").write_text(POSTFIX_MAIN.format(folder=folder, domain=DOMAIN, lmtp=lmtp))
    (folder / "master.cf").write_text(POSTFIX_MASTER.format(port=port))
    with _running(["postfix", "-c", str(folder), "start-fg"], port, folder / "log"):
        try:
            yield port
        finally:
            # Its master is a process of its own and outlives the command that started it.
            subprocess.run(["postfix", "-c", str(folder), "stop"], check=False, timeout=30, stderr=subprocess.DEVNULL)


@contextmanager
def opensmtpd(folder: Path, lmtp: int, people: Sequence[str], package: Path) -> Iterator[int]:
    """OpenSMTPD that knows `people` and hands their mail to `lmtp`; its port.

    Its paths and users are fixed when it is built, and its package cannot stand beside Postfix's: it runs from its
    unpacked package, with folders and users of its own in a mount namespace; nothing of the machine is changed.
    """
    port = free_port()
    for name in ("spool", "empty"):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(0o711)
    (folder / "people").write_text("".join(f"{address}\n" for address in people))
    (folder / "smtpd.conf").write_text(OPENSMTPD.format(folder=folder, domain=DOMAIN, port=port, lmtp=lmtp))
    for name, line in (
        ("passwd", "{user}:x:{id}:{id}::/var/lib/opensmtpd/empty:/usr/sbin/nologin"),
        ("group", "{user}:x:{id}:"),
    ):
        own = "".join(
            line.format(user=user, id=number) + "\n" for user, number in (("opensmtpd", 64001), ("opensmtpq", 64002))
        )
        (folder / name).write_text(Path("/etc", name).read_text() + own)
    command = [
        "bwrap", "--dev-bind", "/", "/", "--unshare-pid", "--die-with-parent", "--proc", "/proc",
        "--tmpfs", "/run", "--tmpfs", "/var/lib", "--tmpfs", "/var/spool", "--tmpfs", "/usr/libexec",
        "--bind", str(folder / "spool"), "/var/spool/smtpd",
        "--bind", str(folder / "empty"), "/var/lib/opensmtpd/empty",
        "--ro-bind", str(package / "usr/libexec/opensmtpd"), "/usr/libexec/opensmtpd",
        "--bind", str(folder / "passwd"), "/etc/passwd", "--bind", str(folder / "group"), "/etc/group",
        str(package / "usr/sbin/smtpd"), "-d", "-f", str(folder / "smtpd.conf"),
    ]  # fmt: skip
    with _running(command, port, folder / "log"):
        yield port


@contextmanager
def _running(command: Sequence[str], port: int, log: Path) -> Iterator[None]:
    with log.open("ab") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
    try:
        try:
            await_port(port)
        except TimeoutError as error:
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()[-3000:]}") from error
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        time.sleep(0.2)
