"""A database with so many letters due, made through the product's own doors; and what a sender of ours does."""

from __future__ import annotations

import os
import secrets
from datetime import time

import config
from pulse import clock, mail
from pulse.database import forget_engine, transaction
from pulse.database.migrations import upgrade
from pulse.roster import create_organisation, import_roster
from pulse.schedule import schedule_pulse


def use(address: str, folder: str, port: int) -> None:
    """Settings of this process and of those it starts: this database, this mail server."""
    os.environ.update(
        DATABASE_URL=address,
        SMTP_URL=f"smtp://127.0.0.1:{port}",
        KEY_DIR=f"{folder}/keys",
        REPORT_DIR=f"{folder}/reports",
        DEVELOPMENT="true",
        BASE_URL="http://127.0.0.1:8000",
        MAIL_DOMAIN="ruil.example",
    )
    forget_engine()
    config.settings.cache_clear()


def fill(people: int, domain: str = "bench.example") -> int:
    """A round whose invitations to `people` are all due now; its id."""
    upgrade()
    lines = ["email,name,team,role,language"]
    languages = ("en", "nl")
    lines += [f"p{n}@{domain},Person {n},Company / Team {n // 20},member,{languages[n % 2]}" for n in range(people)]
    with transaction() as session:
        organisation = create_organisation(session, f"Bench {secrets.token_hex(4)}", "hr@bench.example")
        import_roster(session, organisation.id, "\n".join(lines).encode())
        rule, zone = "FREQ=MONTHLY;BYDAY=1TU", "Europe/Amsterdam"
        pulse = schedule_pulse(session, organisation.id, "Bench", rule, time(10), zone)
        return mail.launch(session, pulse, clock.now().date(), send_now=True).id
