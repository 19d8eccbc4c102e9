"""Pages of the monthly samples: what was drawn, how far checking is, one check, what became of a visit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import Refused
from visits.core.forms import MonthForm
from visits.core.i18n import N_
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues.confidence import KEPT
from visits.supervision import forms, listing, operations, queries, rules
from visits.supervision.filter_forms import SampleFilter
from visits.supervision.models import KIND_LABELS, RESULT_LABELS

bp = Blueprint("samples", __name__)
LABELS = {"kind_labels": KIND_LABELS, "result_labels": RESULT_LABELS, "hidden": KEPT}
RESULT_TONES = {None: "neutral", "true": "success", "untrue": "danger"}


@bp.get("/supervision/samples")
@requires(Permission.SUPERVISION_SAMPLES)
def index():
    samples = queries.list_samples()
    form = SampleFilter([row.month for row in samples])
    checked, confirmed = (sum(getattr(row, name) for row in samples) for name in ("checked", "confirmed"))
    return render_template(
        "supervision/samples.html",
        form=form,
        waiting=queries.month_waiting(),
        samples=samples,
        page=page_of(listing.of_samples(current_actor(), form.filters())),
        checked=checked,
        confirmed=confirmed,
        size=sum(row.size for row in samples),
        rate=rules.rate,
        result_tones=RESULT_TONES,
        least=rules.LEAST,
        **LABELS,
    )


@bp.post("/supervision/samples/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/supervision/samples/export.csv", defaults={"kind": "csv"})
@requires(Permission.SUPERVISION_SAMPLES, late_write=True)
def export(kind):
    form = SampleFilter([row.month for row in queries.list_samples()])
    return taken_home(listing.of_samples(current_actor(), form.filters()), kind, form.said)


@bp.route("/supervision/samples/draw", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_CHECK)
def draw():
    form = MonthForm()
    if not form.is_submitted():
        form.month.data = str(queries.month_waiting() or "")
    if carried_out(form, lambda: draw_month(form)):
        flash(_("The sample of %(month)s is drawn.", month=form.month.data))
        return redirect(url_for("samples.index", month=form.month.data), 303)
    return answer("supervision/draw.html", form)


def draw_month(form):
    """Draw the sample of the month a form names."""
    if (month := form.wanted()) is None:
        raise Refused(N_("Write the month as 2026-10."), field="month")
    operations.draw_samples(current_actor(), month)


def back_to_list(row):
    """The way back to what of the month is still to be checked."""
    flash(_("Saved."))
    return redirect(url_for("samples.index", month=row.month, result=request.args.get("result")), 303)


@bp.route("/supervision/samples/items/<int:item_id>/check", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_CHECK)
def check(item_id):
    actor = current_actor()
    row = queries.get_item_shown(actor, item_id)
    form = forms.CheckForm()
    if not form.is_submitted():
        form.revision.data = row.SampleItem.revision
    if carried_out(
        form, lambda: operations.check_item(actor, row.SampleItem, form.entry(), form.revision.data)
    ):
        return back_to_list(row)
    return answer("supervision/check.html", form, row=row, item=row.SampleItem, **LABELS)


@bp.route("/supervision/samples/items/<int:item_id>/settle", methods=["GET", "POST"])
@requires(Permission.SUPERVISION_SETTLE)
def settle(item_id):
    actor = current_actor()
    row = queries.get_item_shown(actor, item_id)
    form = forms.SettleForm()
    if not form.is_submitted():
        form.revision.data = row.SampleItem.revision
    if carried_out(
        form, lambda: operations.settle_visit(actor, row.SampleItem, form.note.data, form.revision.data)
    ):
        return back_to_list(row)
    return answer("supervision/settle.html", form, row=row, item=row.SampleItem, **LABELS)
