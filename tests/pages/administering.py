"""An administrator's browser for tests: signs in by a real link, and fills in the forms it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pulse import accounts
from pulse.database import transaction
from pulse.roster import create_organisation, import_roster

ROSTER = b"""email,name,team,role,language
mara@delinde.example,Mara Manager,Zorg / Noord,manager,nl
anna@delinde.example,Anna Answers,Zorg / Noord,member,nl
bram@delinde.example,Bram Answers,Zorg / Noord,member,en
dirk@delinde.example,Dirk Noord,Zorg / Noord,member,nl
emma@delinde.example,Emma Noord,Zorg / Noord,member,nl
fien@delinde.example,Fien Noord,Zorg / Noord,member,nl
chris@delinde.example,Chris Elsewhere,Zorg / Zuid,member,nl
"""


def organisation(name: str, email: str, roster: bytes | None = None, language: str = "en") -> int:
    """An organisation with an administrator and, if given, a roster; returns its id."""
    with transaction() as session:
        made = create_organisation(session, name, email, language)
        accounts.create_administrator(session, made.id, email, language)
        if roster:
            import_roster(session, made.id, roster)
        return made.id


class Browser:
    """One browser, signed in or not."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def sign_in(self, email: str) -> Browser:
        """Through a link, as the mail has it."""
        with transaction() as session:
            [(_, sign_in)] = accounts.ask_links(session, email)
            token = accounts.sign_in_token(sign_in)
        assert self.post(f"/sign-in/{token}", shown_at=f"/sign-in/{token}").status_code == 303
        return self

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def text(self, path: str) -> str:
        """A page's words, as a person reads them."""
        response = self.get(path)
        assert response.status_code == 200, f"{path}: {response.status}"
        return words(response)

    def post(
        self, path: str, fields: Mapping[str, object] | None = None, *, shown_at: str | None = None
    ) -> TestResponse:
        """Press a button of the page `shown_at`, with the token that its form carries."""
        return self.client.post(path, data={**(fields or {}), "csrf_token": self.form_token(shown_at or path)})

    def form_token(self, path: str) -> str:
        """The token against forged forms, as the page at `path` carries it."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"{path} has no form"
        return found[1]


def words(response: TestResponse) -> str:
    """The words of a page without its marks."""
    body = re.sub(r"<(head|script|style)\b.*?</\1>", " ", response.text, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()
