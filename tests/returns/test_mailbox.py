"""The mailbox of returned mail, in a real IMAP server (Dovecot): read, taken in, removed; a crash costs nothing."""

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
from flask import Flask
from imapclient import IMAPClient

import config
from demo.mailbox import Mailbox
from pulse import mail, returns, tick
from tests import factories
from tests.conftest import free_port
from tests.returns.coming_back import answer, report, sent_to

GONE = "550 5.1.1 <anna@example.org>: user unknown"
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


def lying(client: IMAPClient, folder: str = "INBOX") -> int:
    """How many mails lie in a folder."""
    return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])


def test_what_comes_back_is_taken_in_and_removed(
    imap: IMAPClient, app: Flask, smtp_sink: Mailbox, environment: pytest.MonkeyPatch
) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    smtp_sink.mails.clear()
    for content in (
        report(sent_to("anna@example.org"), GONE),
        answer(sent_to("bram@example.org"), "Dank je wel."),
        answer(sent_to("mara@example.org"), Auto_Submitted="auto-replied"),
        b"From: someone@example.com\nSubject: hello\n\nOf no concern to us.\n",
    ):
        imap.append("INBOX", content)
    assert tick.collect_returns() == {
        "returned bounce": 1, "returned reply": 1, "returned automatic": 1, "returned other": 1,
    }  # fmt: skip
    assert sent_to("anna@example.org").state == "bounced"
    assert [each.recipient for each in smtp_sink.mails] == ["hr@example.org"]
    assert lying(imap) == 1, "what is about none of ours stays"
    assert tick.collect_returns() == {}, "and is not read again"

    imap.append("INBOX", answer(sent_to("bram@example.org"), "Nog iets."))
    environment.setenv("SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    config.settings.cache_clear()
    assert tick.collect_returns() == {"returned later": 1}
    assert lying(imap) == 2, "a reply that cannot be passed on now stays"


def test_a_crash_between_taking_in_and_removing_costs_nothing(
    imap: IMAPClient, app: Flask, smtp_sink: Mailbox, environment: pytest.MonkeyPatch
) -> None:
    factories.open_round(factories.organisation())
    mail.drain()
    imap.append("INBOX", report(sent_to("anna@example.org"), GONE))

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with environment.context() as broken:
        broken.setattr("pulse.returns.mailbox._remove", crash)
        with pytest.raises(KeyboardInterrupt):
            returns.collect()
    assert sent_to("anna@example.org").state == "bounced"
    environment.setenv("BOUNCE_IMAP_URL", f"{config.settings().bounce_imap_url}?keep=Handled")
    config.settings.cache_clear()
    assert returns.collect() == {"bounce": 1}
    assert (lying(imap), lying(imap, "Handled")) == (0, 1)


def test_a_mailbox_that_cannot_be_read_is_a_sentence_without_the_password(
    app: Flask, environment: pytest.MonkeyPatch
) -> None:
    refused = app.test_cli_runner().invoke(args=["mail", "collect"])
    assert refused.exit_code == 1
    assert "Set BOUNCE_IMAP_URL" in refused.output
    environment.setenv("BOUNCE_IMAP_URL", f"imap://bounces:secret@127.0.0.1:{free_port()}")
    config.settings.cache_clear()
    refused = app.test_cli_runner().invoke(args=["mail", "collect"])
    assert refused.exit_code == 1
    assert "cannot be read" in refused.output
    assert "secret" not in refused.output
    assert tick.collect_returns() == {}
