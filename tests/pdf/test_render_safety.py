"""The child that draws can reach nothing, and what ends it ends one report only."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pulse.reports import drawing, render
from pulse.reports.drawing import printable
from pulse.reports.pages import page_of
from pulse.reports.render import Press, RenderFailed
from tests.pdf.reading import text
from tests.reports.cases import CASES

BREAK = '<p style="break-before: page">second</p>'


def test_nothing_is_fetched_from_the_network_or_the_disk(press: Press, tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">SECRET</text></svg>')
    address = f"http://127.0.0.1:{server.server_port}"
    page = (
        f'<style>@import url("{address}/css"); p {{ background: url("{address}/bg") }}</style>'
        f'<link rel="stylesheet" href="{address}/link"><img src="{address}/img"><img src="{secret.as_uri()}">'
        f'<link rel="attachment" href="file:///etc/hostname"><object data="{secret.as_uri()}"></object>'
        f'<svg><image href="{address}/svg"/></svg><p>first</p>{BREAK}'
    )
    read = text(press.draw(page))
    server.shutdown()

    assert asked == []
    assert "SECRET" not in read
    assert "first" in read


def test_the_child_knows_no_setting_and_loads_nothing_of_ruil() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import runpy, sys; runpy.run_path({str(Path(drawing.__file__))!r}); print(sorted(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "'pulse" not in loaded and "'config'" not in loaded

    press = Press()
    press.draw(f"<p>first</p>{BREAK}")
    assert press._child is not None
    environment = Path(f"/proc/{press._child.pid}/environ").read_text()
    press.close()
    assert "SECRET" not in environment and "DATABASE" not in environment


def test_a_report_that_takes_too_long_is_stopped_and_the_next_is_drawn() -> None:
    press = Press(seconds=5)
    press.draw(f"<p>warm</p>{BREAK}")
    press._seconds = 0.01
    with pytest.raises(RenderFailed, match="longer than"):
        press.draw(page_of(CASES["normal"], "nl"))
    press._seconds = 30

    assert len(press.draw(f"<p>first</p>{BREAK}")) > 1000
    press.close()


def test_a_child_that_dies_costs_one_report() -> None:
    press = Press()
    press.draw(f"<p>warm</p>{BREAK}")
    assert press._child is not None
    os.kill(press._child.pid, 9)
    press._child.wait()
    with pytest.raises(RenderFailed):
        press.draw(f"<p>first</p>{BREAK}")

    assert press.draw(f"<p>second</p>{BREAK}")
    press.close()


def test_a_page_that_never_fits_is_refused_in_a_sentence(press: Press) -> None:
    with pytest.raises(RenderFailed, match="two pages"):
        press.draw("<p>one page only</p>")


def test_a_child_is_replaced_after_some_hundred_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "REPORTS_PER_CHILD", 1)
    press = Press()
    press.draw(f"<p>first</p>{BREAK}")
    assert press._child is not None
    first = press._child.pid
    press.draw(f"<p>second</p>{BREAK}")

    assert press._child.pid != first
    press.close()


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("Oost 😀", "Oost "),
        ("ﬁets", "fiets"),
        ("漢", "?"),
        ("＜b＞", "&lt;b&gt;"),
        ("a\u202eb\u200bc", "abc"),
        ("a\u3000b", "a b"),
    ],
)
def test_signs_that_our_letters_lack_never_bring_in_others(written: str, set_as: str) -> None:
    ours = frozenset(range(32, 127))

    assert printable(written, ours) == set_as


def test_a_team_that_calls_itself_an_address_causes_no_request(press: Press) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    names = (
        f'"><img src="{address}/img"><link rel=attachment href="{address}/link">',
        f"</style><style>@import url({address}/css); .page {{ display: none }}</style>",
        f"</script><script type=\"text/csv\" data-name='x'>=HYPERLINK({address})</script>",
        f"{address}/plain",
        "<!-- ruil: the next document -->",
        "=2+3",
    )
    for name in names:
        told = replace(CASES["normal"], team=name, organisation=name)
        read = text(press.draw(page_of(told, "en")))
        assert name.split()[0] in read
    server.shutdown()

    assert asked == []
