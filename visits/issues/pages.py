"""What all pages behind an enterprise's link share: addresses stay secret, wrong codes answer alike."""

import re

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from visits.accounts.operations import note_unknown_link
from visits.core.settings import get_setting
from visits.issues import progress

CODE = re.compile(r"[A-Za-z0-9_-]{32}")


def keep_to_itself(response: Response) -> Response:
    """Let no browser, cache or search engine pass the address on."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def over(code: str) -> ResponseReturnValue:
    """The same page whatever is wrong with a code: never given out, used, replaced, expired."""
    if not CODE.fullmatch(code):
        return nothing_here(404)
    if not progress.is_known(code) and not note_unknown_link(request.remote_addr or ""):
        return nothing_here(429)
    return nothing_here(410)


def nothing_here(status: int, *, is_rated: bool = False) -> ResponseReturnValue:
    """The page of a link that leads nowhere (any more), or by which this rating was given before."""
    names = {"site_name": get_setting("zone_name"), "office_phone": get_setting("office_phone")}
    is_too_often = status == 429
    page = render_template(
        "issues/public_over.html", is_too_often=is_too_often, is_rated=is_rated, here=request.path, **names
    )
    return page, status, {"Retry-After": "900"} if status == 429 else {}
