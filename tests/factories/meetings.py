"""Meetings, called and held as the office would."""

from datetime import time, timedelta

from visits.core.clock import today
from visits.meetings import operations, queries
from visits.meetings.models import Presence
from visits.meetings.operations import ConclusionEntry, MeetingEntry, RecordEntry
from visits.meetings.rules import Guest

GUESTS = {Presence.PRESENT: [Guest("经济发展局", "王建国", "副局长"), Guest("住房建设局", "李敏")]}


def make_entry(**values):
    """A valid entry of a meeting today."""
    values.setdefault("title", "园区北路出入口改造专题对接会")
    values.setdefault("meets_on", today())
    values.setdefault("starts_at", time(9, 30))
    values.setdefault("place", "管委会三楼会议室")
    values.setdefault("chair", "张主任")
    return MeetingEntry(**values)


def make_meeting(actor, issues=(), **values):
    """A planned meeting on these problems, to which those they concern are invited."""
    meeting = operations.call_meeting(actor, make_entry(**values))
    operations.put_on_agenda(actor, meeting, [issue.id for issue in issues])
    return meeting


def hold(actor, meeting, **values):
    """Record that a meeting was held."""
    values.setdefault("guests", GUESTS)
    operations.record_meeting(actor, meeting, RecordEntry(**values))
    return meeting


def conclude(
    actor, meeting, item, verdict, unit=None, text="由责任单位牵头办理。", days=7, amended_for="", **values
):
    """Record a conclusion; with a unit there is a duty some days after the meeting."""
    due_on = meeting.meets_on + timedelta(days=days) if unit else None
    entry = ConclusionEntry(verdict, text, unit.id if unit else None, due_on, amended_for, **values)
    operations.conclude(actor, meeting, item, entry)


def items_of(meeting):
    """The agenda in its order."""
    return queries.items_in_order(meeting.id)
