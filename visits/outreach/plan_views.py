"""Pages of plans: the month, one's own plans, one plan, and what changes it."""

from datetime import timedelta

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from visits.accounts import queries as accounts
from visits.core import authz
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.forms import whole_number
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.core.workdays import is_workday
from visits.outreach import operations, queries
from visits.outreach.choosing import Choice
from visits.outreach.crowding import Crowding
from visits.outreach.forms.crowding import AskedForm
from visits.outreach.forms.planning import (
    CancelPlanForm,
    EditPlanForm,
    MovePlanForm,
    PlanForm,
)
from visits.outreach.models import PLAN_STATE_LABELS, PlanState, VisitPlan
from visits.outreach.month import PlanMonth, last_of, month_of

bp = Blueprint("plans", __name__)
AHEAD = 31
MOST_LISTED = 300
TONES = {
    PlanState.PLANNED: "info",
    PlanState.DONE: "success",
    PlanState.CANCELLED: "muted",
    PlanState.MOVED: "muted",
}
LABELS = {"plan_labels": PLAN_STATE_LABELS, "plan_tones": TONES}


@bp.get("/plans")
@requires(Permission.OUTREACH_READ)
def index() -> ResponseReturnValue:
    """A month as a calendar: one's own plans, or with who=all all those one may read."""
    actor = current_actor()
    is_all = request.args.get("who") == "all" or not authz.may(actor, Permission.OUTREACH_PLAN)
    first = month_of(request.args.get("month", ""), today())
    rows = queries.plans_between(actor, first, last_of(first), mine=not is_all)
    month = PlanMonth.of(first, rows, load_calendar())
    return render_template("outreach/plans.html", month=month, is_all=is_all, today=today(), **LABELS)


@bp.get("/plans/mine")
@requires(Permission.OUTREACH_PLAN)
def mine() -> ResponseReturnValue:
    """One's own plans as a list: what is over and not recorded, and what comes."""
    actor = current_actor()
    until = today() + timedelta(days=AHEAD)
    rows = queries.my_next_plans(actor, until, MOST_LISTED)
    return render_template(
        "outreach/my_month.html",
        over=[row for row in rows if row.planned_on < today()],
        coming=[row for row in rows if row.planned_on >= today()],
        days=AHEAD,
        absences=accounts.absences_of(actor.person_id),
        me=actor.person_id,
        today=today(),
    )


@bp.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN)
def new() -> ResponseReturnValue:
    actor = current_actor()
    made: list[VisitPlan] = []
    form = PlanForm(actor, whole_number(request.args.get("enterprise")))
    if request.method == "POST" and "show" in request.form:
        return answer("outreach/plan.html", form)
    if carried_out(form, lambda: made.append(operations.plan_visit(actor, form.entry()))):
        return planned(made[0], _("The visit is planned."))
    return answer("outreach/plan.html", form)


def planned(plan: VisitPlan, sentence: str) -> ResponseReturnValue:
    """Go to a plan that was made; say so if nobody works on its day."""
    flash(sentence)
    if not is_workday(plan.planned_on, load_calendar()):
        flash(_("That day is a day of rest. Move the visit if that was not meant."), "warning")
    return redirect(url_for("plans.show", plan_id=plan.id), 303)


@bp.get("/plans/<int:plan_id>")
@requires(Permission.OUTREACH_READ)
def show(plan_id: int) -> ResponseReturnValue:
    actor = current_actor()
    plan = queries.get_plan(actor, plan_id)
    companions = queries.companions_of(plan_id)
    return render_template(
        "outreach/plan_show.html",
        plan=plan,
        shown=queries.plan_shown(plan),
        companions=companions,
        goes_along=actor.person_id in {row.person_id for row in companions},
        is_owner=plan.owner_id == actor.person_id,
        may_change=plan.state is PlanState.PLANNED and authz.can(actor, Permission.OUTREACH_PLAN, plan),
        moved_from=queries.plan_moved_from(plan_id),
        today=today(),
        **LABELS,
    )


@bp.route("/plans/<int:plan_id>/edit", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN)
def edit(plan_id: int) -> ResponseReturnValue:
    actor = current_actor()
    plan = queries.get_plan(actor, plan_id)
    operations.require_changeable(actor, plan)
    form = EditPlanForm(plan)
    if carried_out(form, lambda: operations.edit_plan(actor, plan, form.words(), form.revision.data)):
        flash(_("Saved."))
        return redirect(url_for("plans.show", plan_id=plan_id), 303)
    return answer("outreach/edit_plan.html", form, plan=plan, shown=queries.plan_shown(plan))


@bp.route("/plans/<int:plan_id>/move", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN)
def move(plan_id: int) -> ResponseReturnValue:
    actor = current_actor()
    made: list[VisitPlan] = []
    plan = queries.get_plan(actor, plan_id)
    operations.require_changeable(actor, plan)
    form = MovePlanForm(actor, plan)
    if carried_out(
        form,
        lambda: made.append(operations.move_plan(actor, plan, form.entry(), form.revision.data)),
    ):
        return planned(made[0], _("The visit is put off to %(day)s.", day=made[0].planned_on.isoformat()))
    return answer("outreach/move_plan.html", form, plan=plan, shown=queries.plan_shown(plan))


@bp.route("/plans/<int:plan_id>/cancel", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN)
def cancel(plan_id: int) -> ResponseReturnValue:
    actor = current_actor()
    plan = queries.get_plan(actor, plan_id)
    operations.require_changeable(actor, plan)
    form = CancelPlanForm(plan)
    if carried_out(form, lambda: operations.cancel_plan(actor, plan, form.reason.data, form.revision.data)):
        flash(_("The plan is cancelled."))
        return redirect(url_for("plans.show", plan_id=plan_id), 303)
    return answer("outreach/cancel_plan.html", form, plan=plan, shown=queries.plan_shown(plan))


@bp.post("/plans/<int:joint_plan_id>/join")
@requires(Permission.OUTREACH_PLAN)
def join(joint_plan_id: int) -> ResponseReturnValue:
    """Go along on a plan; that somebody goes there is shown to whoever means to go there too."""
    plan = operations.join_plan(current_actor(), joint_plan_id)
    flash(_("You go along on this visit. Its record will name you once it is written."))
    return redirect(url_for("plans.show", plan_id=plan.id), 303)


@bp.post("/plans/<int:plan_id>/leave")
@requires(Permission.OUTREACH_PLAN)
def leave(plan_id: int) -> ResponseReturnValue:
    actor = current_actor()
    operations.leave_plan(actor, queries.get_plan(actor, plan_id))
    flash(_("You do not go along any more."))
    return redirect(url_for("plans.index"), 303)


@bp.get("/visits/crowding")
@requires(Permission.OUTREACH_RECORD)
def crowding() -> ResponseReturnValue:
    """Who else goes to the enterprises chosen: asked by a script while a form is filled in."""
    actor, form = current_actor(), AskedForm()
    day = form.visited_on.data or form.planned_on.data or today()
    if "planned_on" in request.args:
        chosen = Choice.of([form.enterprise_id.data], form.enterprise.data, day).chosen_ids[-1:]
        without = [key for key in map(whole_number, request.args.getlist("without")) if key]
        seen = Crowding.for_plan(
            actor,
            chosen[0] if chosen else None,
            day,
            is_invited=bool(form.is_invited.data),
            without=without,
        )
    else:
        firms = Choice.of(form.enterprise_ids.data, form.enterprises.data, day).chosen_ids
        seen = Crowding.for_visit(actor, firms, day, (form.mode.data, form.kind.data))
        form.offer_plans(seen.plans, day)
    return jsonify(html=render_template("outreach/_crowding.html", form=form, crowding=seen))
