"""`flask organisation …`."""

from __future__ import annotations

from dataclasses import replace

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import LANGUAGES, settings
from pulse import accounts
from pulse.cli.refusal import Group
from pulse.database import transaction
from pulse.roster import Look, Organisation, create_organisation, dress, look_of

group = Group("organisation", help="The organisations that Ruil works for.")


@group.command("create")
@click.argument("name")
@click.option("--admin", "email", required=True, help="The administrator's address.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: LANGUAGE.")
@click.option("--timezone", help="IANA zone; default: TIMEZONE.")
def create(name: str, email: str, language: str | None, timezone: str | None) -> None:
    """Create an organisation and print a one-time sign-in link for its administrator.

    Example: flask organisation create "De Linde" --admin hr@delinde.example
    """
    with transaction() as session:
        organisation = create_organisation(session, name, email, language, timezone)
        administrator = accounts.create_administrator(session, organisation.id, email, organisation.language)
        link = _sign_in_link(accounts.request_sign_in(session, administrator))
    click.echo(f"Created {name}. {email} can sign in once, within ten minutes:\n{link}")


@group.command("sign-in")
@click.argument("email")
def sign_in(email: str) -> None:
    """Print a new one-time sign-in link for an administrator.

    Example: flask organisation sign-in hr@delinde.example
    """
    with transaction() as session:
        administrator = session.scalar(
            select(accounts.Administrator).where(accounts.Administrator.email == email.lower())
        )
        if administrator is None:
            raise click.ClickException(
                f"Nobody with the address {email} is an administrator. "
                "Look at the address, or create the organisation with `flask organisation create`."
            )
        link = _sign_in_link(accounts.request_sign_in(session, administrator))
    click.echo(link)


@group.command("look")
@click.option("--organisation", help="Its name; not needed where there is only one.")
@click.option("--name", help="A new name, as people read it.")
@click.option("--colour", help="Of letters and reports, such as #0072b2; dark enough to read on white.")
@click.option("--sender", help="The name that letters come from; '' for the name in MAIL_FROM.")
def look(organisation: str | None, name: str | None, colour: str | None, sender: str | None) -> None:
    """Show or change an organisation's name, colour and sender line. Letters that wait keep their look.

    Example: flask organisation look --colour "#7a1f5c" --sender "HR at Example Care"
    """
    wished = {"name": name, "colour": colour, "sender": sender}
    with transaction() as session:
        found = named_or_only(session, organisation)
        chosen = {part: value for part, value in wished.items() if value is not None}
        if chosen:
            dress(session, found, replace(look_of(found), **chosen))
        now: Look = look_of(found)
    click.echo(f"name    {now.name}\ncolour  {now.colour}\nsender  {now.sender or settings().mail_from}")


def named_or_only(session: Session, name: str | None) -> Organisation:
    """The organisation called `name`; without a name, the only one there is."""
    query = select(Organisation).order_by(Organisation.name)
    found = session.scalars(query.where(Organisation.name == name) if name else query).all()
    if len(found) == 1:
        return found[0]
    if name:
        raise click.ClickException(
            f"There is no organisation called {name!r}. Create it with `flask organisation create`."
        )
    if not found:
        raise click.ClickException(
            "There is no organisation yet. Create one: flask organisation create NAME --admin EMAIL."
        )
    names = ", ".join(organisation.name for organisation in found)
    raise click.ClickException(f"There are several organisations ({names}). Say which: --organisation NAME.")


def _sign_in_link(sign_in: accounts.SignIn) -> str:
    return f"{settings().base_url}/sign-in/{accounts.sign_in_token(sign_in)}"
