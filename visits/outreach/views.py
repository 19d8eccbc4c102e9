"""Pages of visits."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.errors import NotFound
from visits.core.forms import whole_number
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import queries as enterprises
from visits.issues import queries as issues
from visits.issues.states import STATE_LABELS
from visits.outreach import forms, operations, queries, rules
from visits.outreach.models import KIND_LABELS
from visits.programmes.models import MODE_LABELS

bp = Blueprint("outreach", __name__)


@bp.get("/visits")
@requires(Permission.OUTREACH_READ)
def index():
    form = forms.VisitFilterForm()
    page = queries.list_visits(current_actor(), request.args, form.wanted())
    firms = queries.firms_of_visits([row.id for row in page.rows])
    return render_template(
        "outreach/index.html", page=page, form=form, firms=firms, mode_labels=MODE_LABELS
    )


@bp.get("/visits/enterprises")
@requires(Permission.OUTREACH_RECORD)
def lookup():
    """The type-ahead of the visit form; the # tells an enterprise picked from digits typed."""
    rows = enterprises.search(request.args.get("q", "")[:60])
    return jsonify([{"value": f"#{row.id}", "text": row.name, "note": row.code or ""} for row in rows])


@bp.route("/visits/new", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def new():
    form = forms.VisitForm(current_actor(), whole_number(request.args.get("enterprise")))
    if request.method == "POST" and ("show" in request.form or "more" in request.form):
        form.add_lines(request.form.get("more", ""))
        return new_page(form)
    made = []
    if carried_out(form, lambda: made.append(operations.record_visit(current_actor(), form.entry()))):
        flash(_("The visit is recorded."))
        return redirect(url_for("outreach.show", visit_id=made[0].id), 303)
    return new_page(form)


def new_page(form):
    """The screen of a new visit, with what is open at its enterprises shown first."""
    chosen = form.choice.chosen
    open_problems = [
        row for firm in chosen for row in issues.open_for_enterprise(current_actor(), firm.enterprise_id)
    ]
    promises = queries.promises_open(*form.choice.chosen_ids) if chosen else []
    return answer(
        "outreach/new.html",
        form,
        open_problems=open_problems,
        promises=promises,
        state_labels=STATE_LABELS,
    )


@bp.get("/visits/<int:visit_id>")
@requires(Permission.OUTREACH_READ)
def show(visit_id):
    actor = current_actor()
    visit, author, group = queries.get_visible(actor, visit_id)
    attendances = queries.attendances_of(visit_id)
    return render_template(
        "outreach/show.html",
        visit=visit,
        author=author,
        group=group,
        firms=queries.firms_of_visits([visit_id]).get(visit_id, []),
        attendances=attendances,
        problems=queries.problems_of(actor, visit_id),
        promises=queries.promises_of(visit_id),
        is_late=rules.is_late_entry(visit.recorded_on, visit.timely_until),
        is_joint=rules.is_joint(row.unit_name for row in attendances),
        mode_labels=MODE_LABELS,
        kind_labels=KIND_LABELS,
        state_labels=STATE_LABELS,
    )


@bp.route("/visits/<int:visit_id>/promises/<int:promise_id>/keep", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def keep_promise(visit_id, promise_id):
    visit = queries.get_visible(current_actor(), visit_id).Visit
    promise = queries.get_promise(visit_id, promise_id)
    if promise is None:
        raise NotFound()
    form = forms.KeptForm()
    if carried_out(
        form, lambda: operations.keep_promise(current_actor(), visit, promise, form.kept_on.data)
    ):
        flash(_("The promise is marked as kept."))
        return redirect(url_for("outreach.show", visit_id=visit_id), 303)
    return answer("outreach/keep.html", form, visit=visit, promise=promise)
