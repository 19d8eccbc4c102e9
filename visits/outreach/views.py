"""Pages of visits."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from visits.attachments.pages import card_of
from visits.core import authz
from visits.core.errors import DomainError
from visits.core.forms import clean, whole_number
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.periods import SITE_ZONE
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises import queries as enterprises
from visits.issues.field import is_in_time_to_reopen
from visits.issues.models import FLAG_LABELS
from visits.issues.states import STATE_LABELS, label_of_state
from visits.issues.withheld import reads_all_of_visit
from visits.outreach import history, listing, operations, queries, rules
from visits.outreach.filter_forms import VisitFilter
from visits.outreach.forms.amending import amend_form, void_form
from visits.outreach.forms.checks import AskingForm
from visits.outreach.forms.recording import VisitForm
from visits.outreach.models import KIND_LABELS, PlanState
from visits.outreach.operations import Amendment
from visits.outreach.typed import firms_in
from visits.programmes.models import MODE_LABELS

bp = Blueprint("outreach", __name__)
MOST_FIRMS = 20  # of one visit, for which a script asks at once
LABELS = {
    "mode_labels": MODE_LABELS,
    "kind_labels": KIND_LABELS,
    "state_labels": STATE_LABELS,
    "label_of_state": label_of_state,
    "flag_labels": FLAG_LABELS,
    "field_labels": history.FIELD_LABELS,
}

VISITS = KnownList(
    "visits",
    N_("Visits"),
    "outreach.index",
    "outreach.show",
    Permission.OUTREACH_READ,
    VisitFilter,
    lambda actor, form: listing.of_visits(actor, form.filters()),
)
LISTS = (VISITS,)


@bp.get("/visits")
@requires(Permission.OUTREACH_READ)
def index():
    form = VisitFilter()
    page = page_of(VISITS.of(current_actor(), form))
    return render_template("outreach/index.html", page=page, form=form)


@bp.post("/visits/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/visits/export.csv", defaults={"kind": "csv"})
@requires(Permission.OUTREACH_READ, late_write=True)
def export(kind):
    form = VisitFilter()
    return taken_home(VISITS.of(current_actor(), form), kind, form.said)


@bp.get("/visits/enterprises")
@requires(Permission.OUTREACH_RECORD)
def lookup():
    """The type-ahead of the visit form; the # tells an enterprise picked from digits typed."""
    rows = enterprises.search(request.args.get("q", "")[:60])
    return jsonify([{"value": f"#{row.id}", "text": row.name, "note": row.code or ""} for row in rows])


@bp.route("/visits/new", methods=["GET", "POST"])
@requires(Permission.OUTREACH_RECORD)
def new():
    plan = planned_visit()
    form = VisitForm(
        current_actor(), plan.enterprise_id if plan else whole_number(request.args.get("enterprise"))
    )
    if plan and form.is_fresh:
        form.open_with(plan, [row.person_id for row in queries.companions_of(plan.id)])
    if is_asking():
        form.add_lines(request.form.get("more", ""))
        return new_page(form)
    made = []
    if carried_out(form, lambda: made.append(operations.record_visit(current_actor(), form.entry()))):
        flash(_("The visit is recorded."))
        return redirect(url_for("outreach.show", visit_id=made[0].id), 303)
    return new_page(form)


def planned_visit():
    """The open plan that the address names; one that is over leads nowhere."""
    plan_id = whole_number(request.args.get("plan"))
    if plan_id is None:
        return None
    plan = queries.get_plan(current_actor(), plan_id)
    return plan if plan.state is PlanState.PLANNED else None


def is_asking():
    """A button was pressed that shows more, and saves nothing: for a browser without script."""
    return request.method == "POST" and ("show" in request.form or "more" in request.form)


def new_page(form):
    """The screen of a new visit."""
    return answer("outreach/new.html", form, crowding=form.look_around(), **LABELS)


@bp.get("/visits/checks")
@requires(Permission.OUTREACH_RECORD)
def ask():
    """What to ask the enterprises of a form about: for a script that puts it there when one is chosen."""
    actor, visit_id = current_actor(), whole_number(request.args.get("visit"))
    if visit_id is not None:
        queries.get_visible(actor, visit_id)
    form = AskingForm()
    chosen = firms_in(list(request.args.items(multi=True)))[:MOST_FIRMS]
    form.checks.offer(actor, chosen, visit_id)
    listed = render_template("outreach/_checks.html", form=form, is_asked=bool(chosen), **LABELS)
    return jsonify(html=listed)


@bp.get("/visits/drafts")
@requires(Permission.OUTREACH_RECORD)
def drafts():
    return render_template("outreach/drafts.html", drafts=queries.list_drafts(current_actor()).rows())


@bp.post("/visits/drafts")
@requires(Permission.OUTREACH_RECORD)
def save_draft():
    """Keep a visit form as it is: asked by a script every few seconds, or by its button."""
    is_script = request.accept_mimetypes.best == "application/json"
    try:
        draft = operations.save_draft(
            current_actor(),
            request.form.get("client_id", ""),
            [(name, clean(value)) for name, value in request.form.items(multi=True)],
            whole_number(request.form.get("draft_revision")),
        )
    except DomainError as error:
        return refused_draft(error, is_script)
    if is_script:
        session.modified = True  # somebody types: that is as good as a click
        return jsonify(saved_draft(draft))
    flash(_("Kept as a draft.") if draft else _("Nothing was entered yet, so nothing is kept."))
    # 302, not 303: the form may be sent once more, to record the visit; it is not done with.
    return redirect(url_for("outreach.drafts"), 302)


def saved_draft(draft):
    """What the script is told: the revision to go on from, and when the draft was kept."""
    if draft is None:
        return {"revision": None, "text": ""}
    time = draft.saved_at.astimezone(SITE_ZONE).strftime("%H:%M")
    return {"revision": draft.revision, "text": _("Kept automatically at %(time)s", time=time)}


def refused_draft(error, is_script):
    """Say why nothing was kept; a page shows the form as it was typed."""
    if is_script:
        return jsonify({"text": _(error.message, **error.params)}), error.status
    form = VisitForm(current_actor())
    form.attach(error)
    return new_page(form)


@bp.get("/visits/drafts/<int:draft_id>")
@requires(Permission.OUTREACH_RECORD)
def draft(draft_id):
    kept = queries.get_draft(current_actor(), draft_id)
    typed = [(name, value) for name, value in kept.fields]
    own = [("client_id", kept.client_id), ("draft_revision", str(kept.revision))]
    return new_page(VisitForm(current_actor(), filled=MultiDict(typed + own)))


@bp.post("/visits/drafts/<int:draft_id>/discard")
@requires(Permission.OUTREACH_RECORD)
def discard_draft(draft_id):
    operations.discard_draft(current_actor(), queries.get_draft(current_actor(), draft_id))
    return redirect(url_for("outreach.drafts"), 303)


@bp.get("/visits/<int:visit_id>")
@requires(Permission.OUTREACH_READ)
def show(visit_id):
    actor = current_actor()
    row = queries.get_visible(actor, visit_id)
    visit = row.Visit
    beside = history.beside(row)
    problems, alike = queries.problems_of(actor, visit_id)
    held = authz.permitted(actor, (Permission.OUTREACH_AMEND, Permission.ATTACHMENTS_ADD), visit)
    return render_template(
        "outreach/show.html",
        visit=visit,
        author=row.author,
        group=row.group,
        voided_by=row.voided_by,
        firms=beside.firms,
        attendances=beside.attendances,
        attached=card_of(actor, visit, is_void=visit.voided_at is not None, held=held),
        problems=problems,
        alike=alike,
        is_all_read=is_all_read(actor, beside),
        promises=beside.promises,
        answers=answers_shown(actor, visit) if row.has_checks else [],
        amendments=beside.amendments,
        plans=beside.plans,
        rights=operations.rights_over(actor, visit, held),
        is_late=rules.is_late_entry(visit.recorded_on, visit.timely_until),
        is_joint=rules.is_joint(present.unit_name for present in beside.attendances),
        **LABELS,
    )


def is_all_read(actor, beside):
    """Whether the reader sees every problem of a visit: all enterprises have none, or none is withheld."""
    people = {present.person_id for present in beside.attendances}
    return all(firm.has_no_issues for firm in beside.firms) or reads_all_of_visit(actor, people)


def answers_shown(actor, visit):
    """What was said of earlier promises and problems, each with the move that takes a problem up again."""
    return [(row, reopening_of(actor, row)) for row in queries.answers_of(actor, visit)]


def reopening_of(actor, said):
    """The move by which the actor may take up again a problem closed as solved that is not; none else."""
    if not (said.is_contradicted and said.may_reopen and is_in_time_to_reopen(actor, said.row.closed_on)):
        return None
    return "reopen" if said.row.lead_unit_id else "reopen-to-office"


@bp.route("/visits/<int:visit_id>/amend", methods=["GET", "POST"])
@requires(Permission.OUTREACH_AMEND)
def amend(visit_id):
    actor = current_actor()
    visit = queries.get_visible(actor, visit_id).Visit
    rights = operations.require_amendable(actor, visit)
    form = amend_form(actor, visit, rights.is_free)
    if is_asking():
        form.add_lines(request.form.get("more", ""))
    elif carried_out(
        form, lambda: operations.amend_visit(actor, visit, amendment(form), form.revision.data)
    ):
        flash(_("The visit is corrected. What it said before is kept below."))
        return redirect(url_for("outreach.show", visit_id=visit_id), 303)
    kept = [row for row in queries.promises_of(visit_id) if row.kept_on]
    return answer("outreach/amend.html", form, visit=visit, kept_promises=kept, **LABELS)


def amendment(form):
    """The visit as it should read, and what the log of a problem that moves with it says."""
    note = form.reason.data or _("The visit at which it was heard was corrected.")
    return Amendment(form.entry(), form.reason.data or "", form.moves(), note)


@bp.route("/visits/<int:visit_id>/void", methods=["GET", "POST"])
@requires(Permission.OUTREACH_AMEND)
def void(visit_id):
    actor = current_actor()
    visit = queries.get_visible(actor, visit_id).Visit
    operations.require_voidable(actor, visit)
    form = void_form(actor, visit)
    if carried_out(
        form,
        lambda: operations.void_visit(actor, visit, form.reason.data, form.decisions(), form.revision.data),
    ):
        return redirect(url_for("outreach.show", visit_id=visit_id), 303)
    firms = queries.firms_of_visits([visit_id]).get(visit_id, [])
    plans = queries.plans_of_visit(visit_id)
    return answer("outreach/void.html", form, visit=visit, firms=firms, plans=plans, **LABELS)
