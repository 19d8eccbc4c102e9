"""Pages of the minutes: for the printer, and for Word."""

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from visits.attachments.rules import disposition
from visits.core.errors import WrongState
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.web import current_actor, requires
from visits.meetings import operations, queries
from visits.meetings.minutes import MinutesFacts, minutes_of
from visits.meetings.states import State

bp = Blueprint("minutes", __name__)


@bp.get("/meetings/<int:meeting_id>/minutes")
@requires(Permission.MEETINGS_READ)
def show(meeting_id: int) -> str:
    facts = facts_of(meeting_id)
    return render_template("meetings/minutes.html", sheet=minutes_of(facts), meeting=facts.meeting)


@bp.post("/meetings/<int:meeting_id>/minutes.docx")
@requires(Permission.MEETINGS_READ)
def download(meeting_id: int) -> Response:
    """The minutes for Word; that somebody took them is noted in the audit log."""
    from visits.core.word import MEDIA_TYPE, as_docx  # large: only a process that writes for Word loads it

    facts = facts_of(meeting_id)
    operations.note_minutes(current_actor(), facts.meeting)
    name = _("Minutes %(number)s", number=facts.meeting.number) + ".docx"
    headers = {"Content-Disposition": disposition(name, inline=False)}
    return Response(as_docx(minutes_of(facts)), content_type=MEDIA_TYPE, headers=headers)


def facts_of(meeting_id: int) -> MinutesFacts:
    """What stands in the minutes of a meeting that was held."""
    actor = current_actor()
    meeting = queries.get_visible(actor, meeting_id)
    if meeting.state is not State.HELD:
        raise WrongState(N_("This meeting was not held yet, so there are no minutes of it."))
    return MinutesFacts(
        meeting=meeting,
        invited=queries.invited_to(meeting),
        people=queries.list_attendees(meeting_id),
        agenda=queries.agenda_of(actor, meeting_id),
        zone=get_setting("zone_name"),
    )
