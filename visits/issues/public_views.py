"""The page by which an enterprise follows and rates its own problem: no account, a code in the address."""

from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from visits.core.errors import Gone
from visits.core.settings import get_setting
from visits.core.web import PUBLIC, carried_out, requires
from visits.issues import operations, progress, public_words
from visits.issues.models import CHANNEL_LABELS, LEVEL_LABELS, SOLVED_LABELS
from visits.issues.pages import CODE, keep_to_itself, nothing_here, over
from visits.issues.public_forms import ACCEPTANCE, PublicForm, RatingForm, ReopeningForm, WithdrawalForm

bp = Blueprint("public_issues", __name__)
bp.after_request(keep_to_itself)


@bp.get("/r/<string:code>")
@requires(PUBLIC, by_code=True)
def show(code: str) -> ResponseReturnValue:
    """Reading changes nothing, however often programs that check links open it."""
    return page_of(code, {})


@bp.post("/r/<string:code>")
@requires(PUBLIC, by_code=True)
def rate(code: str) -> ResponseReturnValue:
    found = progress.progress_of(code) if CODE.fullmatch(code) else None
    if found is None:
        return over(code)
    form = RatingForm(found)
    asked = form.asked_for() or operations.Turn(found.issue.round)
    if progress.is_used(code, asked.round, asked.number):
        return nothing_here(410, is_rated=True)
    if found.rate_until is None:
        return nothing_here(410)
    return sent(code, "rating", form, lambda: operations.rate_by_link(code, form.entry(), asked), asked)


@bp.post("/r/<string:code>/withdrawal")
@requires(PUBLIC, by_code=True)
def withdraw(code: str) -> ResponseReturnValue:
    form = WithdrawalForm()
    return sent(code, "withdrawal", form, lambda: operations.withdraw_by_link(code, form.why.data or ""))


@bp.post("/r/<string:code>/reopening")
@requires(PUBLIC, by_code=True)
def reopen(code: str) -> ResponseReturnValue:
    form = ReopeningForm()
    return sent(code, "reopening", form, lambda: operations.reopen_by_link(code, form.why.data or ""))


def sent(
    code: str,
    name: str,
    form: PublicForm,
    operation: Callable[[], object],
    turn: operations.Turn | None = None,
) -> ResponseReturnValue:
    """Carry a sent form out and lead back to the page; show it again where it was refused."""
    try:
        if CODE.fullmatch(code) and carried_out(form, operation):
            return redirect(url_for("public_issues.show", code=code, lang=request.args.get("lang")), 303)
    except Gone:
        if turn and progress.is_used(code, turn.round, turn.number):
            return nothing_here(410, is_rated=True)
        return over(code)
    return page_of(code, {name: form})


def page_of(code: str, filled: Mapping[str, PublicForm]) -> ResponseReturnValue:
    """The page, with a form as it was filled in where it was refused."""
    found = progress.progress_of(code) if CODE.fullmatch(code) else None
    if found is None:
        return over(code)
    page = render_template(
        "issues/public.html",
        found=found,
        issue=found.issue,
        forms=forms_of(found, filled),
        code=code,
        words=public_words,
        steps=public_words.steps_of(found.steps),
        channel_labels=CHANNEL_LABELS,
        level_labels=LEVEL_LABELS,
        solved_labels=SOLVED_LABELS,
        acceptance=ACCEPTANCE,
        site_name=get_setting("zone_name"),
        office_phone=get_setting("office_phone"),
    )
    return page, 422 if any(form.errors or form.form_errors for form in filled.values()) else 200


def forms_of(found: progress.Progress, filled: Mapping[str, PublicForm]) -> dict[str, PublicForm]:
    """The forms open now, by name; one that was filled in as it was."""
    open_now: dict[str, PublicForm] = {}
    if found.rate_until is not None:
        open_now["rating"] = RatingForm(found, formdata=None)
    if found.may_withdraw:
        open_now["withdrawal"] = WithdrawalForm(formdata=None)
    if found.may_reopen:
        open_now["reopening"] = ReopeningForm(formdata=None)
    return open_now | {name: form for name, form in filled.items() if name in open_now}
