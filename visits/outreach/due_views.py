"""Pages of the lists by last visit: whom to visit next, planned in one go, and who is visited too often."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from visits.core.bulk import bulk_page
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.outreach import due, queries
from visits.outreach.forms.due import DueFilter, OftenFilter
from visits.outreach.spreading import PLAN_SEVERAL, planner, spread_form

bp = Blueprint("due", __name__)
DUE = KnownList(
    "due_visits",
    N_("Whom to visit next"),
    "due.index",
    "home.enterprise_file",
    Permission.OUTREACH_PLAN,
    DueFilter,
    lambda actor, form: due.of_due(actor, form.filters()),
)
OFTEN = KnownList(
    "frequent_visits",
    N_("Visited too often"),
    "due.often",
    "home.enterprise_file",
    Permission.OUTREACH_OVERSEE,
    OftenFilter,
    lambda actor, form: due.of_often(form.filters()),
)
LISTS = (DUE, OFTEN)


@bp.get("/plans/suggested")
@requires(Permission.OUTREACH_PLAN)
def index() -> ResponseReturnValue:
    form = DueFilter()
    return render_template("outreach/due.html", page=page_of(DUE.of(current_actor(), form)), form=form)


@bp.post("/plans/suggested/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/plans/suggested/export.csv", defaults={"kind": "csv"})
@requires(Permission.OUTREACH_PLAN, late_write=True)
def export(kind: str) -> ResponseReturnValue:
    form = DueFilter()
    return taken_home(DUE.of(current_actor(), form), kind, form.said)


@bp.route("/plans/suggested/plan", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN, late_write=True)
def plan_several() -> ResponseReturnValue:
    """Plan visits to the enterprises ticked, so many a working day, in the order of the list."""
    form = spread_form()
    return bulk_page(DUE, form, PLAN_SEVERAL, planner(current_actor(), form))


@bp.get("/visits/too-often")
@requires(Permission.OUTREACH_OVERSEE)
def often() -> ResponseReturnValue:
    form = OftenFilter()
    page = page_of(OFTEN.of(current_actor(), form))
    return render_template("outreach/often.html", page=page, form=form, cap=queries.present_cap())


@bp.post("/visits/too-often/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/visits/too-often/export.csv", defaults={"kind": "csv"})
@requires(Permission.OUTREACH_OVERSEE, late_write=True)
def export_often(kind: str) -> ResponseReturnValue:
    form = OftenFilter()
    return taken_home(OFTEN.of(current_actor(), form), kind, form.said)
