"""The one line on the next page that says what has just been done, for all features.

It travels in the signed cookie, which whoever holds the browser can read, and never in an address. So it names nobody
and nothing that tells about somebody: no course, no factor, no reason.
"""

from typing import Any

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue

# Where the line stands on a page (templates/shared/kern.html), so that eye, ear and keyboard go on there.
PLACE = "erledigt"


def done(text: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    """Show the page of `endpoint` with `text` on it, in place of anything that was to be said there before."""
    # A view that is done again because the database asked for it shall say it once.
    session.pop("_flashes", None)
    flash(text)
    return redirect(url_for(endpoint, _anchor=PLACE, **values), 303)
