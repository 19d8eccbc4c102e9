"""Every change to meetings; `course` holds the one function that writes a state."""

from visits.meetings.operations.agenda import (
    move_item,
    put_on_agenda,
    rewrite_brief,
    take_off_agenda,
)
from visits.meetings.operations.calling import MeetingEntry, call_meeting, cancel_meeting, update_meeting
from visits.meetings.operations.course import note_minutes, require_open
from visits.meetings.operations.recording import ConclusionEntry, RecordEntry, conclude, record_meeting

__all__ = [
    "ConclusionEntry",
    "MeetingEntry",
    "RecordEntry",
    "call_meeting",
    "cancel_meeting",
    "conclude",
    "move_item",
    "note_minutes",
    "put_on_agenda",
    "record_meeting",
    "require_open",
    "rewrite_brief",
    "take_off_agenda",
    "update_meeting",
]
