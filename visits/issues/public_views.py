"""The page by which an enterprise follows and rates its own problem: no account, a code in the address."""

import re

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from visits.accounts.operations import note_unknown_link
from visits.core.errors import Gone
from visits.core.settings import get_setting
from visits.core.web import PUBLIC, carried_out, requires
from visits.issues import operations, progress, public_words
from visits.issues.models import CHANNEL_LABELS, LEVEL_LABELS, SOLVED_LABELS
from visits.issues.public_forms import RatingForm

bp = Blueprint("public_issues", __name__)
CODE = re.compile(r"[A-Za-z0-9_-]{32}")


@bp.after_request
def keep_to_itself(response: Response) -> Response:
    """Let no browser, cache or search engine pass the address on."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/r/<string:code>")
@requires(PUBLIC, by_code=True)
def show(code: str) -> ResponseReturnValue:
    """Reading changes nothing, however often programs that check links open it."""
    return page_of(code, None) if CODE.fullmatch(code) else nothing_here(404)


@bp.post("/r/<string:code>")
@requires(PUBLIC, by_code=True)
def rate(code: str) -> ResponseReturnValue:
    found = progress.progress_of(code) if CODE.fullmatch(code) else None
    if found is None:
        return over(code)
    if found.rate_until is None:
        return nothing_here(410)
    form = RatingForm(found)
    try:
        if carried_out(form, lambda: operations.rate_by_link(code, form.entry(), form.asked_for())):
            return redirect(url_for("public_issues.show", code=code, lang=request.args.get("lang")), 303)
    except Gone:
        return nothing_here(410)
    return page_of(code, form)


def page_of(code: str, form: RatingForm | None) -> ResponseReturnValue:
    """The page, with the form as it was filled in where it was refused."""
    found = progress.progress_of(code)
    if found is None:
        return over(code)
    if form is None and found.rate_until is not None:
        form = RatingForm(found, formdata=None)
    return render_template(
        "issues/public.html",
        found=found,
        issue=found.issue,
        form=form,
        code=code,
        words=public_words,
        steps=public_words.steps_of(found.steps),
        channel_labels=CHANNEL_LABELS,
        level_labels=LEVEL_LABELS,
        solved_labels=SOLVED_LABELS,
        site_name=get_setting("zone_name"),
        office_phone=get_setting("office_phone"),
    ), 422 if form is not None and form.errors else 200


def over(code: str) -> ResponseReturnValue:
    """The same page whatever is wrong with a code: never given out, used, replaced, expired."""
    if not CODE.fullmatch(code):
        return nothing_here(404)
    if not progress.is_known(code) and not note_unknown_link(request.remote_addr or ""):
        return nothing_here(429)
    return nothing_here(410)


def nothing_here(status: int) -> ResponseReturnValue:
    """The page of a link that leads nowhere (any more)."""
    names = {"site_name": get_setting("zone_name"), "office_phone": get_setting("office_phone")}
    page = render_template("issues/public_over.html", is_too_often=status == 429, **names)
    return page, status, {"Retry-After": "900"} if status == 429 else {}
