"""Returned mail as real servers make it (`make bench-bounces`), read and judged: file names say the truth."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from pulse.returns import BOUNCE, DELAY, DELIVERED, read

FILES = sorted((Path(__file__).parent / "bounces").glob("*.eml"))


def judged(content: bytes) -> str:
    """What a mail is taken for: hard, soft, delay or none."""
    found = read(content)
    if found.kind == BOUNCE:
        return "hard" if found.verdict.kind == "hard" else "soft"
    return "delay" if found.kind == DELAY else "none"


def test_what_real_servers_send_back_is_read_for_what_it_is() -> None:
    found = {path.name: judged(path.read_bytes()) for path in FILES}
    wrong = {name: said for name, said in found.items() if not name.startswith(f"{said}-")}
    assert wrong == {}
    assert Counter(path.name.split("-")[0] for path in FILES).keys() == {"hard", "soft", "delay", "none"}
    assert len({path.name.split("-")[1] for path in FILES}) == 6, "five servers, and what no server here makes"


def test_each_names_our_mail_by_its_address_and_by_what_it_quotes() -> None:
    for path in FILES:
        found = read(path.read_bytes())
        if found.kind in (BOUNCE, DELAY, DELIVERED):
            assert found.identifiers or "written" in path.name, path.name
            assert "b+" in found.addressed, path.name


def test_without_our_addresses_the_recipient_is_found_in_a_report() -> None:
    reports = [path for path in FILES if path.name.startswith(("hard-postfix", "hard-sendmail", "hard-courier"))]
    assert reports
    for path in reports:
        assert any(address.startswith("anna@") for address in read(path.read_bytes()).recipients), path.name


@given(some.sampled_from(FILES), some.integers(0, 5000), some.binary(max_size=40))
def test_a_mail_that_is_cut_or_spoilt_is_read_all_the_same(path: Path, at: int, noise: bytes) -> None:
    content = path.read_bytes()
    read(content[:at] + noise)
    read(content[:at] + noise + content[at:])
