"""`flask person …`."""

from __future__ import annotations

import json

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from pulse import clock
from pulse.cli.organisations import named_or_only
from pulse.cli.refusal import Group
from pulse.database import reading, transaction
from pulse.roster import Person
from pulse.subjects import forget, kept_about

group = Group("person", help="What is kept about a person, and forgetting them.")


@group.command("show")
@click.argument("email")
@click.option("--organisation", "name", help="Needed only where there are several.")
def show(email: str, name: str | None) -> None:
    """Print everything that is kept about a person. There is no answer among it.

    Example: flask person show anna@example.org
    """
    with reading() as session:
        click.echo(json.dumps(kept_about(session, _find(session, email, name)), indent=2, ensure_ascii=False))


@group.command("forget")
@click.argument("email")
@click.option("--organisation", "name", help="Needed only where there are several.")
@click.confirmation_option(prompt="This cannot be undone. Forget this person?")
def forget_command(email: str, name: str | None) -> None:
    """Forget a person: roster, mails, links, and an answer in an open round, unopened.

    Example: flask person forget anna@example.org --yes
    """
    with transaction() as session:
        forget(session, _find(session, email, name), clock.now())
    click.echo(
        f"{email} is forgotten. Published figures stay: nobody can be found in them. "
        "Leave them out of the next roster file, or they will be asked again."
    )


def _find(session: Session, email: str, name: str | None) -> Person:
    organisation = named_or_only(session, name)
    person = session.scalar(
        select(Person).where(Person.organisation_id == organisation.id, Person.email == email.strip().lower())
    )
    if person is None:
        raise click.ClickException(
            f"Nobody in {organisation.name} has the address {email}. Look at the address in the roster."
        )
    return person
