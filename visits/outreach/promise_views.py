"""Pages of promises: the list of them, one with what the enterprise said of it, and what becomes of it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues.models import FINDING_LABELS
from visits.outreach import operations, queries
from visits.outreach.forms.promising import ChangeForm, KeptForm, WithdrawForm
from visits.outreach.promise_filter_forms import PromiseFilter
from visits.outreach.promise_listing import STANDING_LABELS, of_promises, standing_of

bp = Blueprint("promises", __name__)
TONES = {"open": "info", "overdue": "danger", "kept": "success", "withdrawn": "muted"}
LABELS = {"standing_labels": STANDING_LABELS, "standing_tones": TONES, "finding_labels": FINDING_LABELS}

PROMISES = KnownList(
    "promises",
    N_("Promises"),
    "promises.index",
    "promises.show",
    Permission.OUTREACH_READ,
    PromiseFilter,
    lambda actor, form: of_promises(actor, form.filters()),
)
LISTS = (PROMISES,)


@bp.get("/promises")
@requires(Permission.OUTREACH_READ)
def index():
    form = PromiseFilter()
    page = page_of(PROMISES.of(current_actor(), form))
    standings = {row.id: standing_of(row) for row in page.rows}
    return render_template("outreach/promises.html", page=page, form=form, standings=standings, **LABELS)


@bp.post("/promises/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/promises/export.csv", defaults={"kind": "csv"})
@requires(Permission.OUTREACH_READ, late_write=True)
def export(kind):
    form = PromiseFilter()
    return taken_home(PROMISES.of(current_actor(), form), kind, form.said)


@bp.get("/promises/<int:promise_id>")
@requires(Permission.OUTREACH_READ)
def show(promise_id):
    row = queries.get_readable(current_actor(), promise_id)
    return render_template(
        "outreach/promise.html",
        row=row,
        promise=row.Promise,
        standing=standing_of(row.Promise),
        checks=queries.checks_of_promise(promise_id),
        changes=queries.changes_of_promise(promise_id),
        **LABELS,
    )


@bp.route("/promises/<int:promise_id>/keep", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def keep(promise_id):
    row = queries.get_readable(current_actor(), promise_id)
    form = KeptForm()
    if carried_out(
        form,
        lambda: operations.keep_promise(current_actor(), row.Visit, row.Promise, form.kept_on.data),
    ):
        flash(_("The promise is marked as kept."))
        return back_to(promise_id)
    return answer("outreach/keep.html", form, promise=row.Promise)


@bp.route("/promises/<int:promise_id>/change", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def change(promise_id):
    row = queries.get_readable(current_actor(), promise_id)
    form = ChangeForm(row.Promise)
    if carried_out(
        form,
        lambda: operations.change_promise(current_actor(), row.Promise, form.change(), form.revision.data),
    ):
        flash(_("The promise is changed. What it said before is kept below."))
        return back_to(promise_id)
    return answer("outreach/change_promise.html", form, promise=row.Promise)


@bp.route("/promises/<int:promise_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def withdraw(promise_id):
    row = queries.get_readable(current_actor(), promise_id)
    form = WithdrawForm(row.Promise)
    if carried_out(
        form,
        lambda: operations.withdraw_promise(
            current_actor(), row.Promise, form.reason.data, form.revision.data
        ),
    ):
        flash(_("The promise is withdrawn."))
        return back_to(promise_id)
    return answer("outreach/withdraw_promise.html", form, promise=row.Promise)


def back_to(promise_id):
    """Lead to the promise's own page."""
    return redirect(url_for("promises.show", promise_id=promise_id), 303)
