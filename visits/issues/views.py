"""Pages of problems: the list, one problem with what may be done now, each move, and the categories."""

from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.attachments.pages import card_of
from visits.core import authz
from visits.core.bulk import bulk_page
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.errors import NotFound
from visits.core.forms import whole_number
from visits.core.i18n import N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import (
    asked,
    clocks,
    filling,
    forms,
    joined,
    listing,
    operations,
    queries,
    rules,
    timeline,
)
from visits.issues.anonymity import sight_of
from visits.issues.beside import beside
from visits.issues.categories import hints, list_categories
from visits.issues.field import evidence_of
from visits.issues.filter_forms import IssueFilter
from visits.issues.marks import LEVEL_NAMES
from visits.issues.models import (
    COMPLEXITY_LABELS,
    FLAG_LABELS,
    KIND_LABELS,
    OUTCOME_LABELS,
    SOURCE_LABELS,
    URGENCY_LABELS,
    Issue,
)
from visits.issues.moves import OFFERS, arranged, deciding
from visits.issues.progress import is_dead
from visits.issues.states import LIFE, LINKING, MOVE_LABELS, SPEAKING, STATE_LABELS, State

bp = Blueprint("issues", __name__)
SHOWN = frozenset({*LIFE.permissions, Permission.ATTACHMENTS_ADD, Permission.ISSUES_SLIP})
AS_MERGED = "as-merged"  # asks for the page of a merged problem itself, not for the one it leads to
LABELS = {
    "state_labels": STATE_LABELS,
    "tones": timeline.TONES,
    "outcome_labels": OUTCOME_LABELS,
    "complexity_labels": COMPLEXITY_LABELS,
    "urgency_labels": URGENCY_LABELS,
    "source_labels": SOURCE_LABELS,
    "kind_labels": KIND_LABELS,
    "flag_labels": FLAG_LABELS,
    "level_names": LEVEL_NAMES,
}


def calendar_here():
    """The calendar, read once per request."""
    if "calendar" not in g:
        g.calendar = load_calendar()
    return g.calendar


PROBLEMS = KnownList(
    "issues",
    N_("Problems"),
    "issues.index",
    "issues.show",
    Permission.ISSUES_READ,
    IssueFilter,
    lambda actor, form: listing.of_issues(actor, form.filters(), calendar_here()),
)
LISTS = (PROBLEMS,)


@bp.get("/issues")
@requires(Permission.ISSUES_READ)
def index():
    form, calendar = IssueFilter(), calendar_here()
    page = page_of(PROBLEMS.of(current_actor(), form))
    lights = {row.id: timeline.shown_light(queries.light_of(row, calendar)) for row in page.rows}
    idle = {row.id for row in page.rows if queries.is_stalled(row, calendar)}
    return render_template("issues/index.html", page=page, form=form, lights=lights, idle=idle, **LABELS)


@bp.post("/issues/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/issues/export.csv", defaults={"kind": "csv"})
@requires(Permission.ISSUES_READ, late_write=True)
def export(kind):
    form = IssueFilter()
    return taken_home(PROBLEMS.of(current_actor(), form), kind, form.said)


@bp.route("/issues/new", methods=["GET", "POST"])
@requires(Permission.ISSUES_REGISTER)
def new():
    form = forms.NewIssueForm()
    if not form.is_submitted():
        form.enterprise_id.data = whole_number(request.args.get("enterprise"))
    made, alike = [], alike_before(form)
    if not alike and carried_out(
        form, lambda: made.append(operations.register_issue(current_actor(), form.entry()))
    ):
        flash(_("The problem is registered under %(number)s.", number=made[0].number))
        return redirect(url_for("issues.show", issue_id=made[0].id), 303)
    return answer("issues/new.html", form, alike=alike, hints=hints(), **LABELS)


def alike_before(form):
    """Problems that may be the same, to be looked at once before the new one is registered."""
    if not form.validate_on_submit() or form.is_other.data:
        return []
    found = joined.alike_ones(
        current_actor(), form.enterprise_id.data, form.title.data, form.description.data
    )
    form.is_other.data = "1" if found else ""
    return found


@bp.get("/issues/<int:issue_id>")
@requires(Permission.ISSUES_READ)
def show(issue_id):
    actor = current_actor()
    wanted = authz.Wanted(actor, SHOWN, Issue)
    row = queries.get_shown(actor, issue_id, wanted)
    if target := target_of(actor, row):
        flash(_("%(number)s was merged into this problem.", number=row.Issue.number), "info")
        return redirect(url_for("issues.show", issue_id=target.id), 303)
    tasks = queries.dispatches_of(issue_id)
    facts = queries.facts_for(actor, row.Issue, [task.Dispatch for task in tasks])
    held = wanted.held_by(row)
    attached = card_of(actor, row.Issue, is_void=row.Issue.state is State.VOID, held=held)
    calendar, moves = load_calendar(), queries.moves_of(issue_id)
    sight = sight_of(actor, row, {task.Dispatch.unit_id for task in tasks})
    possible = LIFE.open_to(held, row.Issue.state, facts)
    return render_template(
        "issues/show.html",
        row=row,
        issue=row.Issue,
        tasks=tasks,
        actions=arranged(possible, OFFERS),
        **waits_shown(row, tasks, possible),
        offers=OFFERS,
        may_go_to_meeting=LIFE["put_on_agenda"] in possible,
        light=timeline.shown_light(queries.light_of(row.Issue, calendar)),
        attached=attached,
        may_order=is_orderable(row.Issue) and LIFE["order_supervision"] in possible,
        beside=beside(actor, row, calendar, held),
        may_print_slip=Permission.ISSUES_SLIP in held and any(not task.Dispatch.ended_at for task in tasks),
        **what_happened(actor, row, moves, sight, attached),
        may_make_link=bool(held & LINKING) and not facts.in_handling_unit and not is_dead(row.Issue),
        clock=queries.workdays_open(row.Issue, calendar),
        unit_clocks=clocks.unit_clocks(row.Issue, tasks, calendar),
        story=clocks.due_story(tasks, moves, calendar) if row.Issue.due_on else None,
        stage=timeline.shown_light(clocks.stage_light(row.Issue, tasks, calendar)),
        is_stalled=queries.is_stalled(row.Issue, calendar),
        ledger_day=rules.day_of_ledger,
        move_labels=MOVE_LABELS,
        phone=row.Issue.reporter_phone if held & SPEAKING else rules.masked(row.Issue.reporter_phone),
        **LABELS,
    )


def what_happened(actor, row, moves, sight, attached):
    """The course of a problem, the enterprise's answers, and what it said last at a visit."""
    evidence = evidence_of(moves, is_kept=row.is_kept)
    return {
        "timeline_rows": timeline.with_files(
            timeline.timeline_rows(moves, sight, actor, evidence), attached.rows
        ),
        "evaluations": timeline.evaluation_rows(moves, sight),
        "heard": evidence.latest,
    }


def waits_shown(row, tasks, open_moves):
    """The answers and decisions a problem waits for, with the moves that decide, and what was decided."""
    rows = queries.requests_of(row.Issue.id) if row.has_requests else []
    return {
        "pending": asked.pending_cards(rows),
        "decisions": deciding(open_moves, OFFERS),
        "decided": asked.decided_rows(rows),
        "awaited": clocks.awaited_units(row.Issue, tasks),
    }


def is_orderable(issue):
    """Whether a supervision order could go out on a problem: a unit has it, and none is under way."""
    return issue.lead_unit_id is not None and not issue.supervised


@bp.route("/issues/<int:issue_id>/<string:move>", methods=["GET", "POST"])
@requires(Permission.ISSUES_READ)
def make_move(issue_id, move):
    name = move.replace("-", "_")
    if name not in OFFERS or "_" in move:
        raise NotFound()
    actor, offer = current_actor(), OFFERS[name]
    row = queries.get_shown(actor, issue_id)
    form = offer.form(data={"revision": row.Issue.revision})
    form.prepare(row)
    is_filling = filling.is_filling()
    if is_filling or not form.validate_on_submit():
        require_open(actor, row.Issue, name)
    note_url = url_for("issues.make_move", issue_id=issue_id, move="add-note")
    if is_filling:
        filling.fill_blank(form, name, row)
    elif carried_out(form, lambda: offer.carry_out(actor, row.Issue, form, form.revision.data), note_url):
        flash(" ".join(filter(None, (told_of(LIFE[name]), form.remark()))))
        return redirect(page_of_one(row.Issue, is_merge=name == "merge"), 303)
    shown = {"row": row, "issue": row.Issue, "move": LIFE[name], "is_grave": offer.is_grave}
    shown["templates"] = filling.templates_for(name, row)
    return answer(offer.page, form, **shown, **LABELS)


def told_of(move):
    """That a move is made; of one that only asks, that somebody else decides."""
    if move.name.startswith("ask_"):
        return _("Handed in: %(move)s. It waits for an answer.", move=_(move.label))
    return _("Done: %(move)s.", move=_(move.label))


def target_of(actor, row):
    """Where the page of a merged problem leads its reader, unless its own page is asked for."""
    is_led = AS_MERGED not in request.args and not row.is_kept
    return joined.merged_target(actor, row.Issue) if is_led else None


def page_of_one(issue, *, is_merge=False):
    """The address of a problem's own page; a merge leads on to the other problem."""
    is_own = issue.state is State.MERGED and not is_merge
    return url_for("issues.show", issue_id=issue.id) + (f"?{AS_MERGED}=1" if is_own else "")


@bp.post("/issues/<int:issue_id>/follow", defaults={"is_on": True})
@bp.post("/issues/<int:issue_id>/unfollow", defaults={"is_on": False})
@requires(Permission.ISSUES_READ)
def follow(issue_id, is_on):
    actor = current_actor()
    issue = queries.get_visible(actor, issue_id)
    (operations.watch if is_on else operations.unwatch)(actor, issue)
    if joined.by_id(actor, issue_id) is None:
        flash(_("You no longer follow %(number)s.", number=issue.number))
        return redirect(url_for("issues.index"), 303)
    return redirect(page_of_one(issue), 303)


@bp.route("/issues/bulk/add-note", methods=["GET", "POST"])
@requires(Permission.ISSUES_NOTE, late_write=True)
def note_several():
    return several("add_note")


@bp.route("/issues/bulk/remind", methods=["GET", "POST"])
@requires(Permission.ISSUES_URGE, late_write=True)
def remind_several():
    return several("remind")


def several(name):
    """The page by which a move that needs no more than its form is made with several problems."""
    actor, offer = current_actor(), OFFERS[name]
    form = offer.form()
    return bulk_page(
        PROBLEMS,
        form,
        LIFE[name].label,
        lambda issue_id: offer.carry_out(actor, queries.get_visible(actor, issue_id), form, None),
    )


def require_open(actor, issue, name):
    """Show no form whose move this person may not make now."""
    held = authz.permitted(actor, LIFE.permissions, issue)
    LIFE.check(name, held, issue.state, queries.facts_for(actor, issue))


@bp.get("/issues/categories")
@requires(Permission.ISSUES_ACCEPT)
def categories():
    year_ago = today() - timedelta(days=365)
    return render_template("issues/categories.html", listed=list_categories(year_ago), **LABELS)


@bp.route("/issues/categories/new", methods=["GET", "POST"])
@requires(Permission.ISSUES_ACCEPT)
def new_category():
    form = forms.CategoryForm()
    if not form.is_submitted():
        form.parent_id.data = whole_number(request.args.get("parent"))
    if carried_out(form, lambda: operations.create_category(current_actor(), form.entry())):
        flash(_("Saved."))
        return redirect(url_for("issues.categories"), 303)
    return answer("issues/category.html", form, category=None)


def the_category(category_id):
    """The category of an address, or the page that says there is none."""
    if (category := queries.get_category(category_id)) is None:
        raise NotFound()
    return category


@bp.route("/issues/categories/<int:category_id>/edit", methods=["GET", "POST"])
@requires(Permission.ISSUES_ACCEPT)
def edit_category(category_id):
    category = the_category(category_id)
    form = forms.CategoryForm(obj=category, data={"is_closed": category.closed_on is not None})
    if carried_out(
        form,
        lambda: operations.update_category(current_actor(), category, form.entry(), form.revision.data),
    ):
        flash(_("Saved."))
        return redirect(url_for("issues.categories"), 303)
    return answer("issues/category.html", form, category=category)


@bp.post("/issues/categories/<int:category_id>/move")
@requires(Permission.ISSUES_ACCEPT)
def move_category(category_id):
    category = the_category(category_id)
    operations.move_category(current_actor(), category, up="up" in request.form)
    return redirect(url_for("issues.categories", _anchor=f"category-{category.id}"), 303)
