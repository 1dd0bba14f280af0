"""A real IMAP server (Dovecot) for tests, whose mailbox is that of returned mail."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from getpass import getuser
from grp import getgrgid
from pathlib import Path

import pytest
from imapclient import IMAPClient

import config
from tests.conftest import free_port

SETTINGS = """
base_dir = {folder}/run
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
first_valid_uid = 0
first_valid_gid = 0
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
"""


@pytest.fixture
def imap(environment: pytest.MonkeyPatch) -> Iterator[IMAPClient]:
    """A client of an IMAP server of our own, whose mailbox is that of returned mail."""
    dovecot = shutil.which("dovecot", path="/usr/sbin:/usr/bin")
    assert dovecot, "apt-get install dovecot-imapd"
    root = os.getuid() == 0
    owner, group = ("nobody", "nogroup") if root else (getuser(), getgrgid(os.getgid()).gr_name)
    # Not in pytest's folder, which is for its owner alone.
    folder = Path(tempfile.mkdtemp(prefix="ruil-dovecot."))
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    if root:
        shutil.chown(folder / "mail", owner, group)
    known, port = (folder / "mail").stat(), free_port()
    (folder / "conf").write_text(
        SETTINGS.format(folder=folder, user=owner, group=group, port=port, uid=known.st_uid, gid=known.st_gid)
    )
    server = subprocess.Popen([dovecot, "-F", "-c", folder / "conf"], stderr=subprocess.DEVNULL)
    environment.setenv("BOUNCE_IMAP_URL", f"imap://bounces:secret@127.0.0.1:{port}/INBOX")
    config.settings.cache_clear()
    client = _client(port)
    yield client
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def _client(port: int) -> IMAPClient:
    for _ in range(100):
        try:
            client = IMAPClient("127.0.0.1", port=port, ssl=False, timeout=10)
            client.login("bounces", "secret")
            return client
        except OSError:
            time.sleep(0.1)
    raise AssertionError("Dovecot does not listen.")
