"""Pages of the desks, where one works through what waits, and of the board of what is stuck."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core import authz
from visits.core.calendar import load_calendar
from visits.core.errors import NotFound
from visits.core.forms import whole_number
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.enterprises.models import CONTACT_LABELS
from visits.enterprises.profile import contacts_of
from visits.issues import boards, clocks, desks, filling, queries, rules, timeline
from visits.issues.anonymity import sight_of
from visits.issues.marks import LEVEL_NAMES
from visits.issues.models import COMPLEXITY_LABELS, FLAG_LABELS, OUTCOME_LABELS, URGENCY_LABELS, Issue
from visits.issues.moves import OFFERS
from visits.issues.states import LIFE, SPEAKING, STATE_LABELS

bp = Blueprint("desks", __name__)
LATEST = 3
LABELS = {
    "state_labels": STATE_LABELS,
    "tones": timeline.TONES,
    "complexity_labels": COMPLEXITY_LABELS,
    "urgency_labels": URGENCY_LABELS,
    "outcome_labels": OUTCOME_LABELS,
    "flag_labels": FLAG_LABELS,
    "level_names": LEVEL_NAMES,
}


@bp.get("/desks/office")
@requires(Permission.ISSUES_ACCEPT)
def office():
    return desk_page("office")


@bp.get("/desks/unit")
@requires(Permission.ISSUES_HANDLE)
def unit():
    return desk_page("unit")


@bp.get("/desks/callback")
@requires(Permission.ISSUES_EVALUATE)
def callback():
    return desk_page("callback")


@bp.post("/desks/office/<int:issue_id>/<string:move>")
@requires(Permission.ISSUES_ACCEPT)
def move_at_office(issue_id, move):
    return worked("office", issue_id, move)


@bp.post("/desks/unit/<int:issue_id>/<string:move>")
@requires(Permission.ISSUES_HANDLE)
def move_at_unit(issue_id, move):
    return worked("unit", issue_id, move)


@bp.post("/desks/callback/<int:issue_id>/<string:move>")
@requires(Permission.ISSUES_EVALUATE)
def move_at_callback(issue_id, move):
    return worked("callback", issue_id, move)


def desk_page(key):
    """A desk with the problem asked for, by default the first of its queue."""
    actor, desk = current_actor(), desks.DESKS[key]
    waiting = desks.waiting(actor, desk, request.args.get("queue"))
    listed = [row.id for row in waiting.rows]
    wanted = whole_number(request.args.get("issue"))
    issue_id = wanted if wanted in listed else next(iter(listed), None)
    pane = pane_of(actor, waiting, issue_id, request.args.get("move")) if issue_id else {}
    return render_template("issues/desk.html", **shown(desk, waiting), **pane)


def worked(key, issue_id, move):
    """Make a move at a desk and go on with the next problem of the queue."""
    name = move.replace("-", "_")
    if name not in OFFERS or "_" in move:
        raise NotFound()
    actor, desk = current_actor(), desks.DESKS[key]
    waiting = desks.waiting(actor, desk, request.args.get("queue"))
    pane = pane_of(actor, waiting, issue_id, name)
    form, issue = pane.pop("form"), pane["row"].Issue
    number = issue.number
    if filling.is_filling():
        filling.fill_blank(form, name, pane["row"])
        pane["templates"] = filling.templates_for(name, pane["row"])
    elif carried_out(form, lambda: OFFERS[name].carry_out(actor, issue, form, form.revision.data)):
        after = waiting.after(issue_id)
        words = _("%(number)s: %(move)s. Next one.") if after else _("%(number)s: %(move)s.")
        told = words % {"number": number, "move": _(LIFE[name].label)}
        flash(" ".join(filter(None, (told, form.remark()))))
        return redirect(url_for(f"desks.{key}", queue=waiting.queue.key, issue=after), 303)
    return answer("issues/desk.html", form, **shown(desk, waiting), **pane)


def pane_of(actor, waiting, issue_id, wanted):
    """What a desk shows of one problem, with the form of the move wanted, else of the queue's likeliest."""
    rights = authz.Wanted(actor, LIFE.permissions, Issue)
    row = queries.get_shown(actor, issue_id, rights)
    given = queries.dispatches_of(issue_id)
    tasks = [task.Dispatch for task in given]
    facts = queries.facts_for(actor, row.Issue, tasks)
    held = rights.held_by(row)
    sight = sight_of(actor, row, actor.unit_ids if facts.in_handling_unit else ())
    able = {move.name: move for move in LIFE.open_to(held, row.Issue.state, facts) if move.name in OFFERS}
    offered = [able[name] for name in waiting.queue.moves if name in able]
    answer_due = waiting.answer_due_of(issue_id)
    chosen = able.get(wanted) or next(iter(offered), None)
    if wanted and request.method == "POST":
        chosen = LIFE[wanted]  # that it is not open any more, the operation says
    return {
        "row": row,
        "issue": row.Issue,
        "answer_due": answer_due,
        "light": timeline.shown_light(queries.light_of(row.Issue, load_calendar(), answer_due=answer_due)),
        "latest": timeline.timeline_rows(queries.last_moves_of(issue_id, LATEST), sight, actor),
        "offered": offered,
        "awaited": [] if answer_due else clocks.awaited_units(row.Issue, given),
        "move": chosen,
        "is_grave": bool(chosen and OFFERS[chosen.name].is_grave),
        "form": form_of(chosen, row) if chosen else None,
        "templates": None,
        "takes_template": bool(chosen and filling.takes_text(chosen.name)),
        "phone": row.Issue.reporter_phone if held & SPEAKING else rules.masked(row.Issue.reporter_phone),
        **(to_ring(actor, row) if waiting.queue in desks.CALLBACK else {}),
    }


def to_ring(actor, row):
    """The contacts of a problem's enterprise, phones masked, and whether the reader may have one shown."""
    return {
        "contacts": [] if row.is_kept else contacts_of(row.Issue.enterprise_id),
        "contact_labels": CONTACT_LABELS,
        "may_reveal": authz.reaches_all(actor, Permission.ENTERPRISES_REVEAL),
    }


def form_of(move, row):
    """The form of a move, made for one problem."""
    form = OFFERS[move.name].form(data={"revision": row.Issue.revision})
    form.prepare(row)
    return form


def shown(desk, waiting):
    """What the frame of a desk shows: its queues and the rows of the one chosen, with their lights."""
    calendar = load_calendar()
    lights = {
        row.id: timeline.shown_light(queries.light_of(row, calendar, answer_due=row.answer_due))
        for row in waiting.rows
    }
    return {"desk": desk, "waiting": waiting, "lights": lights, **LABELS}


@bp.get("/desks/board")
@requires(Permission.SUPERVISION_BOARD)
def board():
    actor, calendar = current_actor(), load_calendar()
    conditions = boards.conditions_of(boards.days_of(calendar))
    worst = desks.worst_problems(actor, conditions)
    counted = boards.count_by_unit(actor, conditions)
    return render_template(
        "issues/board.html",
        boards=boards.BOARDS,
        counts=boards.in_all(counted),
        worst=[(row, desks.reasons_of(row)) for row in worst],
        lights={row.id: timeline.shown_light(queries.light_of(row, calendar)) for row in worst},
        units=desks.stuck_by_unit(counted),
        tabled=[boards.BY_KEY[key] for key in desks.TABLED],
        **LABELS,
    )
