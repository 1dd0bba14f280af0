"""What would rot if only prose said it: doors, settings, letters, words, queues, and the order of the rooms."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from jinja2 import Environment, FileSystemLoader

import config
from pulse.database import Ledger, People
from pulse.locale import translator
from pulse.mail import KINDS
from pulse.results import Figure

HERE = Path(__file__).parents[2]
LEDGER = """id organisation_id round_id period question block label teams value shown respondents invited
minimum_group published_at"""


@pytest.mark.parametrize("name", config.names())
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (HERE / "docs/settings.md").read_text()


def test_every_queue_has_a_worker_in_the_procfile(environment: pytest.MonkeyPatch) -> None:
    from tasks import names

    served = re.search(r"-Q (\S+)", (HERE / "Procfile").read_text())
    assert served is not None
    assert set(served[1].split(",")) == set(names.QUEUE_OF.values())


def test_every_task_is_registered_and_the_beat_has_one_entry(environment: pytest.MonkeyPatch) -> None:
    from tasks import make_celery, names

    app = make_celery()
    app.loader.import_default_modules()
    assert [entry["task"] for entry in app.conf.beat_schedule.values()] == [names.TICK]
    assert not app.conf.result_backend
    assert app.conf.task_time_limit < 3600


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_has_its_three_files(kind: str) -> None:
    for name in ("subject.txt", "body.txt", "body.html"):
        assert (HERE / "templates/mail" / kind / name).is_file()
    assert len((HERE / "templates/mail" / kind / "subject.txt").read_text().strip().splitlines()) == 1


def test_every_template_can_be_read() -> None:
    for folder in ("mail", "web", "report"):
        loader = Environment(loader=FileSystemLoader(HERE / "templates" / folder), extensions=["jinja2.ext.i18n"])
        for name in loader.list_templates(extensions=["html", "txt", "svg"]):
            loader.get_template(name)


def test_every_word_of_a_template_is_dutch_too() -> None:
    dutch = translator("nl").words
    missing = {
        message[0] if isinstance(message, tuple) else message
        for _, _, message, _, _ in extract_from_dir(
            HERE / "templates", [("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
        )
        if (message[0] if isinstance(message, tuple) else message) not in dutch
    }
    assert missing == set()


def test_who_and_what_never_meet() -> None:
    assert set(Figure.__table__.columns.keys()) == set(LEDGER.split())
    assert not Figure.__table__.foreign_keys
    assert not set(Ledger.metadata.tables) & set(People.metadata.tables)


def test_every_command_says_how_with_an_example(environment: pytest.MonkeyPatch) -> None:
    from pulse import create_app

    app: Flask = create_app()
    for group, command in app.cli.commands.items():
        if group in {"run", "shell", "routes"}:  # Flask's own
            continue
        for name, each in getattr(command, "commands", {group: command}).items():
            assert "Example: flask" in (each.help or ""), f"{group} {name}"


def test_every_route_that_a_stranger_may_open_is_meant_to_be(environment: pytest.MonkeyPatch) -> None:
    from pulse import create_app

    opened = {rule.rule.split("/")[1] for rule in create_app().url_map.iter_rules()}
    assert opened == {
        "a",
        "admin",
        "healthz",
        "m",
        "metrics",
        "p",
        "privacy",
        "readyz",
        "sign-in",
        "sign-out",
        "static",
    }


SABOTAGE = {
    "pulse/roster/organisations.py": "import pulse.mail",
    "pulse/results/rounding.py": "import sqlalchemy",
    "pulse/reports/story.py": "import pulse.answers.box",
    "pulse/mail/outbox.py": "import flask",
    "pulse/web/answer.py": "import tasks",
    "pulse/tick.py": "import celery",
    "pulse/mail/delivery/sending.py": "import weasyprint",
    "pulse/web/privacy.py": "import nacl.public",
}


@pytest.mark.parametrize("file", SABOTAGE)
def test_an_import_against_the_order_is_caught(file: str, tmp_path: Path) -> None:
    for name in ("pulse", "tasks", "config.py", "pyproject.toml"):
        source = HERE / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    path = tmp_path / file
    path.write_text(path.read_text() + f"\n{SABOTAGE[file]}\n")
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1, found.stdout
    assert "BROKEN" in found.stdout
