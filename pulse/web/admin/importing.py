"""Importing a roster: choose a file, see what it would change, then confirm. Nothing is written before."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import Final

from flask import Response, request
from itsdangerous import BadData, TimestampSigner
from werkzeug.wrappers import Response as AnyResponse

from config import settings
from pulse.database import transaction
from pulse.roster import ImportOutcome, RosterRefused, TooManyLeaving, import_roster
from pulse.web.admin.door import blueprint, done, page, refused, signed_in

LARGEST: Final = 8 * 2**20
"""Bytes of a roster file: room for a hundred thousand people."""
PREVIEW_SECONDS: Final = 3600


@blueprint.get("/people/import")
def upload() -> Response:
    """Where a file is chosen."""
    return page("import.html", section="people", problems=[])


@blueprint.post("/people/import")
def preview() -> AnyResponse:
    """What the file would change, or what is wrong with it, line by line."""
    me = signed_in()
    _ = me.words.gettext
    file = request.files.get("file")
    content = file.stream.read(LARGEST + 1) if file else b""
    if not content:
        return _again([_("Choose a file first: the one that your HR system wrote.")])
    if len(content) > LARGEST:
        return _again([_("This file is larger than 8 MB. A roster of names and teams is smaller; look at the file.")])
    remove_missing = request.form.get("remove_missing") == "1"
    allow_many = request.form.get("allow_many") == "1"
    try:
        with transaction(me.organisation_id) as session:
            outcome = import_roster(
                session,
                me.organisation_id,
                content,
                remove_missing=remove_missing,
                dry_run=True,
                allow_many=allow_many,
            )
    except RosterRefused as refusal:
        return _again(_said(refusal))
    return page(
        "import_preview.html",
        section="people",
        outcome=outcome,
        file_name=(file.filename or "") if file else "",
        kept=_wrap(me.organisation_id, content),
        remove_missing=remove_missing,
        allow_many=allow_many,
        changes=changes(outcome),
    )


@blueprint.post("/people/import/confirm")
def confirm() -> AnyResponse:
    """Write what was shown. The file comes back from the page, signed, so it is the very same one."""
    me = signed_in()
    _ = me.words.gettext
    content = _unwrap(me.organisation_id, request.form.get("kept", ""))
    if content is None:
        return refused(_("That preview is too old. Choose the file again."), "admin.upload")
    try:
        with transaction(me.organisation_id) as session:
            outcome = import_roster(
                session,
                me.organisation_id,
                content,
                remove_missing=request.form.get("remove_missing") == "1",
                allow_many=request.form.get("allow_many") == "1",
            )
    except RosterRefused as refusal:
        return _again(_said(refusal))
    sentence = _("The roster is in: %(added)s added, %(changed)s changed, %(left)s left.") % {
        "added": len(outcome.added),
        "changed": len(outcome.changed),
        "left": len(outcome.left),
    }
    return done(sentence, "admin.people")


def changes(outcome: ImportOutcome) -> int:
    """How many people or teams an import would touch."""
    return len(outcome.added) + len(outcome.changed) + len(outcome.left) + len(outcome.teams_added)


def _said(refusal: RosterRefused) -> list[str]:
    """What is wrong, in the reader's language, with what this page offers to do about it."""
    words = signed_in().words
    said = [words.say(problem) for problem in refusal.problems]
    if isinstance(refusal, TooManyLeaving):
        said.append(words.gettext("If they have all left, tick “also when more than a tenth of everyone would leave”."))
    return said


def _again(problems: list[str]) -> Response:
    return page("import.html", 422, section="people", problems=problems)


def _wrap(organisation_id: int, content: bytes) -> str:
    return _signer(organisation_id).sign(base64.b64encode(zlib.compress(content))).decode()


def _unwrap(organisation_id: int, kept: str) -> bytes | None:
    """The file as it was previewed; None if the page was altered, is another's or is too old."""
    try:
        packed = _signer(organisation_id).unsign(kept, max_age=PREVIEW_SECONDS)
    except BadData:
        return None
    return zlib.decompress(base64.b64decode(packed))


def _signer(organisation_id: int) -> TimestampSigner:
    return TimestampSigner(
        settings().secret_key, salt=f"ruil.roster-preview.{organisation_id}", digest_method=hashlib.sha256
    )
