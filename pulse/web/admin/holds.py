"""Why Ruil stands still, and the one button that lets it go on."""

from __future__ import annotations

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from pulse import clock, holding
from pulse.database import reading
from pulse.web.admin.door import blueprint, done, page, signed_in


@blueprint.get("/hold")
def hold() -> Response:
    """What happened, what waits, and what to look at before going on."""
    me = signed_in()
    with reading(me.organisation_id) as session:
        reasons = [me.words.say(sentence) for sentence in holding.reasons(session)]
        restored = holding.is_restored(session)
    return page("hold.html", section="overview", reasons=reasons, restored=restored)


@blueprint.post("/hold/release")
def release() -> AnyResponse:
    """An administrator has looked: go on."""
    me = signed_in()
    holding.release(me.email, clock.now())
    return done(me.words.gettext("Ruil goes on."), "admin.overview")
