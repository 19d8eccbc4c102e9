"""Pages of the assignment slip: for the printer, and for Word."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from visits.attachments.rules import disposition
from visits.core import authz
from visits.core.calendar import load_calendar
from visits.core.errors import NotAllowed, WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import current_actor, requires
from visits.enterprises.queries import get_enterprise
from visits.issues import operations, queries, rules
from visits.issues.clocks import due_story
from visits.issues.models import Issue
from visits.issues.slip import SlipFacts, slip_of
from visits.issues.states import MOVE_LABELS, SPEAKING

bp = Blueprint("issue_slips", __name__)


@bp.get("/issues/<int:issue_id>/slip")
@requires(Permission.ISSUES_SLIP)
def show(issue_id: int) -> str:
    facts = facts_of(issue_id, is_whole=False)
    story = due_story(facts.tasks, queries.moves_of(issue_id), load_calendar())
    return render_template(
        "issues/slip.html",
        sheet=slip_of(facts),
        issue=facts.row.Issue,
        story=story,
        move_labels=MOVE_LABELS,
    )


@bp.post("/issues/<int:issue_id>/slip.docx")
@requires(Permission.ISSUES_SLIP)
def download(issue_id: int) -> Response:
    """The slip with the phone number whole, because the unit must call; that is noted in the audit log."""
    from visits.core.word import MEDIA_TYPE, as_docx  # large: only a process that writes for Word loads it

    facts = facts_of(issue_id, is_whole=True)
    issue = facts.row.Issue
    operations.note_slip(current_actor(), issue)
    name = _("Assignment slip %(number)s", number=issue.number) + ".docx"
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return Response(as_docx(slip_of(facts)), content_type=MEDIA_TYPE, headers=headers)


def facts_of(issue_id: int, *, is_whole: bool) -> SlipFacts:
    """What stands on the slip of a problem; refused where no unit has it now."""
    actor = current_actor()
    wanted = authz.Wanted(actor, {*SPEAKING, Permission.ISSUES_SLIP}, Issue)
    row = queries.get_shown(actor, issue_id, wanted)
    held = wanted.held_by(row)
    if Permission.ISSUES_SLIP not in held:
        raise NotAllowed()
    tasks = [task for task in queries.dispatches_of(issue_id) if task.Dispatch.ended_at is None]
    if not tasks:
        raise WrongState(
            N_("No unit has this problem now, so there is no slip. Open the problem and look.")
        )
    phone = row.Issue.reporter_phone
    return SlipFacts(
        row=row,
        tasks=tasks,
        firm=get_enterprise(row.Issue.enterprise_id),
        order=queries.last_assignment(issue_id),
        phone=phone if is_whole or held & SPEAKING else rules.masked(phone),
        zone=get_setting("zone_name"),
        printed_by=actor.name,
    )
