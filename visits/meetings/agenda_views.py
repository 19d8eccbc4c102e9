"""Pages of agendas: which problems go to a meeting, their briefs and conclusions, and the duties set."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core.bulk import MOST, Picked, back_to_list, picked_rows
from visits.core.calendar import load_calendar
from visits.core.forms import whole_number
from visits.core.known_lists import known_for
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues import asked
from visits.issues.models import Conclusion
from visits.meetings import forms, listing, operations, queries, rules, suggesting
from visits.meetings.filter_forms import DutyFilter
from visits.meetings.listing import DUTY_LABELS, standing_of

bp = Blueprint("agendas", __name__)
STANDING_TONES = {"running": "info", "overdue": "danger", "done": "success"}


@bp.route("/meetings/put-on", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def put_on():
    """Problems named by `issue`, or ticked in a list, go to a planned meeting or to a new one."""
    actor, form = current_actor(), forms.PutOnForm()
    known = known_for(actor, "issues")
    picked = Picked() if form.is_submitted() else asked_for(actor, known)
    if picked.refusal:
        return back_to_list(known, picked)
    wanted = form.chosen if form.is_submitted() else [key for key, _name in picked.rows]
    rows = queries.eligible_issues(actor, wanted[:MOST])
    form.offer(queries.open_meetings(actor), rows)
    if not form.is_submitted():
        form.issue_ids.data = [row.id for row in rows[: rules.MOST_AT_ONCE]]
    if form.validate_on_submit() and form.meeting_id.data is None:
        return redirect(url_for("meetings.new", issue=[row.id for row in rows]), 303)
    if carried_out(form, lambda: add_to(actor, form)):
        flash(_("The problems are on the agenda. Look at the briefs."))
        return back_to(form.meeting_id.data)
    left_out = len(set(wanted)) - len(rows) + picked.left_out
    return answer("meetings/put_on.html", form, rows=rows, left_out=left_out, most=rules.MOST_AT_ONCE)


def asked_for(actor, known):
    """The problems named by the address: by `issue`, else those ticked in their list, or all it finds."""
    if "row" in request.args or "all" in request.args:
        return picked_rows(known, actor)
    named = [whole_number(text) for text in request.args.getlist("issue")]
    return Picked([(key, "") for key in named if key])


def add_to(actor, form):
    """Put the ticked problems on the agenda of the meeting chosen."""
    meeting = queries.get_visible(actor, form.meeting_id.data)
    operations.put_on_agenda(actor, meeting, form.chosen)


def back_to(meeting_id, item_id=None):
    """The way back to a meeting's agenda after a change."""
    anchor = f"item-{item_id}" if item_id else "agenda"
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor=anchor), 303)


@bp.get("/meetings/suggestions")
@requires(Permission.MEETINGS_WRITE)
def suggestions():
    actor = current_actor()
    page = page_of(suggesting.of_stuck(actor, load_calendar()))
    return render_template(
        "meetings/suggestions.html", page=page, shared=suggesting.shared_categories(actor)
    )


@bp.get("/meetings/duties")
@requires(Permission.MEETINGS_READ)
def duties():
    actor, form = current_actor(), DutyFilter()
    return render_template(
        "meetings/duties.html",
        page=page_of(listing.of_duties(actor, form.filters())),
        form=form,
        units=listing.duties_by_unit(actor),
        standing_of=standing_of,
        standing_labels=DUTY_LABELS,
        standing_tones=STANDING_TONES,
    )


@bp.post("/meetings/duties/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/meetings/duties/export.csv", defaults={"kind": "csv"})
@requires(Permission.MEETINGS_READ, late_write=True)
def export_duties(kind):
    form = DutyFilter()
    return taken_home(listing.of_duties(current_actor(), form.filters()), kind, form.said)


def the_item(meeting_id, item_id):
    """Meeting and item of an address, as far as the visitor may read both."""
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    return actor, meeting, queries.get_item(actor, meeting_id, item_id)


@bp.route("/meetings/<int:meeting_id>/items/<int:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def edit_item(meeting_id, item_id):
    actor, meeting, shown = the_item(meeting_id, item_id)
    form = forms.BriefForm(obj=shown.item)
    if not form.is_submitted():
        operations.require_open(actor, meeting, "arrange")
    if carried_out(
        form,
        lambda: operations.rewrite_brief(actor, meeting, shown.item, form.brief.data, form.revision.data),
    ):
        flash(_("Saved."))
        return back_to(meeting_id, item_id)
    return answer("meetings/brief.html", form, meeting=meeting, shown=shown)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/move")
@requires(Permission.MEETINGS_WRITE)
def move_item(meeting_id, item_id):
    actor, meeting, shown = the_item(meeting_id, item_id)
    operations.move_item(actor, meeting, shown.item, up="up" in request.form)
    return back_to(meeting_id, item_id)


@bp.post("/meetings/<int:meeting_id>/items/<int:item_id>/take-off")
@requires(Permission.MEETINGS_WRITE)
def take_off(meeting_id, item_id):
    actor, meeting, shown = the_item(meeting_id, item_id)
    operations.take_off_agenda(actor, meeting, shown.item)
    flash(_("%(number)s is off the agenda.", number=shown.row.number))
    return back_to(meeting_id)


@bp.route("/meetings/<int:meeting_id>/items/<int:item_id>/conclude", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def conclude(meeting_id, item_id):
    actor, meeting, shown = the_item(meeting_id, item_id)
    item = shown.item
    form_class = forms.AmendedConclusionForm if item.verdict else forms.ConclusionForm
    form = form_class(obj=item)
    issue = queries.get_item_issue(actor, item)
    form.prepare(actor, issue)
    if not form.is_submitted():
        operations.require_open(actor, meeting, "conclude")
        form.verdict.data = item.verdict or Conclusion.SETTLED
        form.recall(asked.granted_until(issue, item.extended_to) if item.extended_to else None)
    if carried_out(
        form, lambda: operations.conclude(actor, meeting, item, form.entry(), form.revision.data)
    ):
        flash(_("The conclusion is recorded, and stands on the problem's timeline."))
        return back_to(meeting_id, item_id)
    return answer("meetings/conclude.html", form, meeting=meeting, shown=shown)
