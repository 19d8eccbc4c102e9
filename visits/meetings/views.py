"""Pages of meetings: the list, one meeting, calling, editing, cancelling, recording who came."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from visits.core import authz
from visits.core.clock import today
from visits.core.forms import whole_number
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import Permission
from visits.core.web import answer, carried_out, current_actor, requires
from visits.issues.confidence import firm_on_page
from visits.issues.models import CONCLUSION_LABELS
from visits.issues.states import STATE_LABELS as PROBLEM_LABELS
from visits.issues.timeline import TONES as PROBLEM_TONES
from visits.meetings import forms, listing, operations, queries, rules
from visits.meetings.filter_forms import MeetingFilter
from visits.meetings.models import KIND_LABELS, Presence
from visits.meetings.rules import Guest
from visits.meetings.states import LIFE, STATE_LABELS, WRITE, CourseFacts

bp = Blueprint("meetings", __name__)
STATE_TONES = {"planned": "info", "held": "success", "cancelled": "muted"}
STANDING_TONES = {"running": "info", "overdue": "danger", "done": "success"}
VERDICT_TONES = {"settled": "success", "study": "neutral", "escalate": "warning"}
LABELS = {
    "state_labels": STATE_LABELS,
    "state_tones": STATE_TONES,
    "kind_labels": KIND_LABELS,
    "verdict_labels": CONCLUSION_LABELS,
    "verdict_tones": VERDICT_TONES,
    "standing_labels": listing.DUTY_LABELS,
    "standing_tones": STANDING_TONES,
    "problem_labels": PROBLEM_LABELS,
    "problem_tones": PROBLEM_TONES,
}


@bp.get("/meetings")
@requires(Permission.MEETINGS_READ)
def index():
    form = MeetingFilter()
    page = page_of(listing.of_meetings(current_actor(), form.filters()))
    return render_template("meetings/index.html", page=page, form=form, **LABELS)


@bp.post("/meetings/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/meetings/export.csv", defaults={"kind": "csv"})
@requires(Permission.MEETINGS_READ, late_write=True)
def export(kind):
    form = MeetingFilter()
    return taken_home(listing.of_meetings(current_actor(), form.filters()), kind, form.said)


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def new():
    actor = current_actor()
    form, made = forms.NewMeetingForm(actor), []
    asked = [whole_number(text) for text in request.args.getlist("issue")]
    wanted = form.chosen if form.is_submitted() else [key for key in asked if key]
    rows = queries.eligible_issues(actor, wanted[: rules.MOST_AT_ONCE])
    forms.offer_problems(form.issue_ids, rows)
    if not form.is_submitted():
        propose(form, [row.id for row in rows], actor)
    if carried_out(form, lambda: made.append(operations.call_meeting(actor, form.entry(), form.chosen))):
        flash(_("The meeting is called under %(number)s.", number=made[0].number))
        return back_to(made[0].id)
    return answer("meetings/edit.html", form, meeting=None)


def propose(form, issue_ids, actor):
    """Fill a fresh form with what the problems and the person suggest."""
    concerned = queries.concerned_by(issue_ids)
    form.issue_ids.data = issue_ids
    form.unit_ids.data, form.firm_ids.data = sorted(concerned.units), sorted(concerned.firms)
    form.recorder.data = actor.name


def back_to(meeting_id, anchor=None):
    """The way back to a meeting's page after a change."""
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor=anchor), 303)


@bp.get("/meetings/<int:meeting_id>")
@requires(Permission.MEETINGS_READ)
def show(meeting_id):
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    held = authz.permitted(actor, {WRITE}, meeting)
    facts = CourseFacts(today(), meeting.meets_on)
    moves = {move.name for move in LIFE.open_to(held, meeting.state, facts)}
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        moves=moves,
        invited=queries.invited_to(meeting),
        people=queries.list_attendees(meeting_id),
        agenda=queries.agenda_of(actor, meeting_id),
        firm_of=firm_on_page,
        **LABELS,
    )


@bp.route("/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def edit(meeting_id):
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    form = forms.MeetingForm(actor, obj=meeting)
    if not form.is_submitted():
        operations.require_open(actor, meeting, "change")
        invited = queries.invited_ids(meeting_id)
        form.unit_ids.data, form.firm_ids.data = sorted(invited.units), sorted(invited.firms)
    if carried_out(
        form, lambda: operations.update_meeting(actor, meeting, form.entry(), form.revision.data)
    ):
        flash(_("Saved."))
        return back_to(meeting_id)
    return answer("meetings/edit.html", form, meeting=meeting)


@bp.route("/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def cancel(meeting_id):
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    form = forms.CancelForm(data={"revision": meeting.revision})
    if not form.is_submitted():
        operations.require_open(actor, meeting, "cancel")
    if carried_out(
        form, lambda: operations.cancel_meeting(actor, meeting, form.reason.data, form.revision.data)
    ):
        flash(_("The meeting is cancelled. Its problems go on as they were."))
        return back_to(meeting_id)
    return answer("meetings/cancel.html", form, meeting=meeting)


@bp.route("/meetings/<int:meeting_id>/record", methods=["GET", "POST"])
@requires(Permission.MEETINGS_WRITE)
def record(meeting_id):
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    form = forms.RecordForm(obj=meeting, data=written_down(meeting))
    if not form.is_submitted():
        operations.require_open(actor, meeting, "record" if meeting.held_at else "hold")
        if not form.distribution.data:
            form.distribution.data = "、".join(name for _, name in queries.invited_to(meeting)["unit"])[
                :300
            ]
    if carried_out(
        form, lambda: operations.record_meeting(actor, meeting, form.entry(), form.revision.data)
    ):
        flash(_("Saved. Now record what was concluded on each problem."))
        return back_to(meeting_id, "agenda")
    return answer("meetings/record.html", form, meeting=meeting)


def written_down(meeting):
    """The people written down before, by field, as one types them."""
    people = queries.list_attendees(meeting.id)
    named = {
        name: [Guest(row.unit, row.name, row.post) for row in people if row.presence is Presence(presence)]
        for name, presence in forms.GUESTS
    }
    return {name: rules.written_guests(guests) for name, guests in named.items()}
