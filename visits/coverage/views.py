"""Pages of who is due for a visit, and of how programmes cover their scopes."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.bulk import bulk_page
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import current_actor, requires
from visits.coverage import listing, queries
from visits.coverage.filter_forms import BoardFilter, DueFilter
from visits.coverage.filters import Standing
from visits.coverage.queries import BY_LABELS, NOTHING_LABELS, By
from visits.outreach.spreading import PLAN_SEVERAL, planner, spread_form

bp = Blueprint("coverage", __name__)


def due_listing(actor, form):
    """The list that a form asks for; there is none before there is a programme."""
    asked = form.asked()
    if asked is None:
        raise NotFound()
    return listing.of_scope(actor, asked, form.filters())


DUE = KnownList(
    "due",
    N_("Due for a visit"),
    "coverage.due",
    "home.enterprise_file",
    Permission.COVERAGE_READ,
    DueFilter,
    due_listing,
)
LISTS = (DUE,)


@bp.get("/due")
@requires(Permission.COVERAGE_READ)
def due():
    form = DueFilter()
    asked = form.asked()
    page = page_of(due_listing(current_actor(), form)) if asked else None
    return render_template("coverage/due.html", page=page, form=form, asked=asked, visits_url=visits_url)


@bp.post("/due/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/due/export.csv", defaults={"kind": "csv"})
@requires(Permission.COVERAGE_READ, late_write=True)
def export_due(kind):
    form = DueFilter()
    said = [form.chosen_scope.name if form.chosen_scope else "", *form.said]
    return taken_home(due_listing(current_actor(), form), kind, said)


@bp.route("/due/plan", methods=["GET", "POST"])
@requires(Permission.OUTREACH_PLAN, late_write=True)
def plan():
    """Plan visits to the enterprises ticked, in the order of the list: what is due first comes first."""
    chosen = DueFilter().chosen_scope
    form = spread_form(chosen.programme_id if chosen else None)
    return bulk_page(DUE, form, PLAN_SEVERAL, planner(current_actor(), form))


@bp.get("/coverage")
@requires(Permission.COVERAGE_READ)
def board():
    form = BoardFilter()
    by = form.chosen_part
    asked = form.asked(every=by is By.PROGRAMME)
    found = queries.get_board(current_actor(), asked, by) if asked else None
    return render_template(
        "coverage/board.html",
        form=form,
        asked=asked,
        board=found,
        by=by,
        heading=_(BY_LABELS[by]),
        nothing=_(NOTHING_LABELS.get(by, NOTHING_LABELS[By.GROUP])),
        tabs=[
            {
                "label": _(label),
                "url": url_for("coverage.board", **period() | {"by": one}),
                "active": one is by,
            }
            for one, label in BY_LABELS.items()
        ],
        rows_url=rows_url,
        Standing=Standing,
    )


def period():
    """The programme and the period of the address."""
    names = ("programme", "round", "from", "to")
    return {name: request.args[name] for name in names if request.args.get(name)}


def rows_url(form, by, key, *standing, sort="since"):
    """Where the enterprises behind a number of the board are listed; `key` None is the line of all."""
    asked = period() | {"programme": form.chosen_scope.programme_id}
    if key is not None:
        asked[by.value] = key
    pairs = [*asked.items(), *(("standing", one.value) for one in standing), ("sort", sort)]
    return f"{url_for('coverage.due')}?{urlencode(pairs)}"


def visits_url(asked, row):
    """Where the visits behind a row's number are listed."""
    scope, span = asked.programmes[0].scope, asked.visit_span
    pairs = [
        ("q", row.code or row.name),
        ("programme", scope.programme_id),
        *(("mode", mode) for mode in scope.counted_modes),
        ("from", span.from_on.isoformat() if span.from_on else ""),
        ("to", span.to_on.isoformat()),
    ]
    return f"{url_for('outreach.index')}?{urlencode(pairs)}"
