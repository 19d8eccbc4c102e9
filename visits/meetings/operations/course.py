"""How a meeting moves: the check before, and the one writer of its state and audit."""

from typing import Any

from visits.core import audit
from visits.core.authz import Actor, permitted, require
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.errors import DomainError
from visits.core.permissions import Permission
from visits.core.states import Move
from visits.issues.operations import MeetingName
from visits.meetings.models import Meeting
from visits.meetings.states import LIFE, WRITE, CourseFacts, State


def open_move(actor: Actor, meeting: Meeting, name: str, revision: int | None = None) -> Move:
    """Check that this person may make this move now; raise Stale, NotAllowed or what the machine raises.

    The meeting is locked until the transaction ends.
    """
    db.session.refresh(meeting, with_for_update=True)
    facts = CourseFacts(today(), meeting.meets_on)
    try:
        move = (
            LIFE.check_state(name, meeting.state, facts)
            if actor.is_system
            else LIFE.check(name, permitted(actor, {WRITE}, meeting), meeting.state, facts)
        )
    except DomainError:
        meeting.require_revision(revision, is_open=False)  # that it was overtaken says more
        raise
    meeting.require_revision(revision)
    return move


def require_open(actor: Actor, meeting: Meeting, name: str) -> None:
    """Show no form whose move this person may not make now."""
    held = permitted(actor, {WRITE}, meeting)
    LIFE.check(name, held, meeting.state, CourseFacts(today(), meeting.meets_on))


def note_minutes(actor: Actor, meeting: Meeting) -> None:
    """Note that somebody took the minutes of a meeting home; raise NotAllowed."""
    require(actor, Permission.MEETINGS_READ)
    audit.record(actor, "meeting.minutes_made", meeting, number=meeting.number)


def make_move(actor: Actor, meeting: Meeting, move: Move, **changes: Any) -> None:
    """Write state and audit row of one move; nothing else writes a meeting's state."""
    if move.target is not None:
        meeting.state = State(move.target)
        meeting.held_at = now() if meeting.state is State.HELD else None
        meeting.cancelled_at = now() if meeting.state is State.CANCELLED else None
    db.session.add(meeting)
    audit.record(actor, f"meeting.{move.name}", meeting, number=meeting.number, **changes)
    db.session.flush()


def name_of(meeting: Meeting) -> MeetingName:
    """The meeting as the timelines of its problems name it."""
    return MeetingName(meeting.id, f"{meeting.number} {meeting.title}")
