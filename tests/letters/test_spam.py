"""SpamAssassin, with the rules that come with it and nothing from the network, finds nothing against any letter."""

from __future__ import annotations

import re
import subprocess

import pytest

import config
from pulse.mail.letters.composing import Draft, to_bytes
from pulse.mail.letters.headers import list_headers
from pulse.mail.letters.writing import Written
from tests.letters.all_letters import NOW, every

LISTED = {"invitation", "invitation_told", "invitation_one_link", "reminder", "reminder_last"}
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""What every spam filter must call spam: it shows that the test can fail."""
IDENTITY = "1f7e9d3a-5b1c-4c0e-9a51-3f0f4e8d2c11"


@pytest.mark.usefixtures("environment")
def test_no_letter_looks_like_spam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://ruil.example")
    config.settings.cache_clear()
    mails = {f"{name}-{language}": mail(name, f"{name}-{language}", written) for name, language, written in every()}
    mails["spam"] = (
        mails["invitation-nl"].replace(b"invitation-nl-", b"spam-").replace(b"De Linde</p>", GTUBE + b"</p>")
    )
    box = b"".join(b"From ruil@ruil.example Tue Dec  1 09:00:00 2026\n" + one + b"\n" for one in mails.values())
    run = subprocess.run(["spamassassin", "--local", "--mbox"], input=box, capture_output=True, check=True, timeout=180)
    # They come back in any order.
    judged = [part for part in re.split(r"^From ruil@", run.stdout.decode(), flags=re.M) if "X-Spam-Status" in part]
    scores = {
        found(r"^Message-ID: <(\w+(?:-nl|-en)?)-", part): float(found(r"score=(-?[\d.]+)", part)) for part in judged
    }
    assert scores.keys() == mails.keys()
    assert scores.pop("spam") > 100
    assert {name: score for name, score in scores.items() if score > 0} == {}, judged


def found(pattern: str, text: str) -> str:
    """What stands there."""
    match = re.search(pattern, text, re.M)
    assert match, text[:500]
    return match[1]


def mail(name: str, known_as: str, written: Written) -> bytes:
    """As it lies in a mailbox file, with the headers that its kind has."""
    content = to_bytes(
        Draft(
            identity=IDENTITY,
            sender=("HR van De Linde", "ruil@ruil.example"),
            address="anna@delinde.example",
            recipient="Anna de Vries",
            subject=written.subject,
            date=NOW,
            text=written.text,
            html=written.html,
            headers=[
                ("Message-ID", f"<{known_as}-{IDENTITY}@ruil.example>"),
                ("Reply-To", "hr@delinde.example"),
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "OOF, AutoReply, RN, NRN"),
                *(list_headers(1, f"https://ruil.example/p/{'x' * 26}", 1) if name in LISTED else ()),
            ],
        )
    )
    return re.sub(rb"\nFrom ", b"\n>From ", content.replace(b"\r\n", b"\n"))
