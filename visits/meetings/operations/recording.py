"""What is recorded of a meeting that was held: who came, and what it concluded on each problem."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import Refused, WrongState
from visits.core.i18n import N_
from visits.issues import operations as issues
from visits.issues.models import Conclusion, Duty, Issue
from visits.issues.operations import ConclusionEntry as ConclusionEntry
from visits.issues.states import OPEN
from visits.issues.states import State as IssueState
from visits.meetings import queries
from visits.meetings.models import AgendaItem, Attendee, Meeting, Presence
from visits.meetings.notifications import notify_moved
from visits.meetings.operations.calling import FARTHEST
from visits.meetings.operations.course import make_move, name_of, open_move
from visits.meetings.rules import Guest
from visits.meetings.states import State

TEXTS = ("opening", "demands", "distribution")


@dataclass(frozen=True)
class RecordEntry:
    """Who was there, and the parts of the minutes that the agenda does not give."""

    guests: Mapping[Presence, Iterable[Guest]] = field(default_factory=dict)
    opening: str = ""
    demands: str = ""
    distribution: str = ""


def record_meeting(actor: Actor, meeting: Meeting, entry: RecordEntry, revision: int | None = None) -> None:
    """Record that a meeting was held, or correct the record of it."""
    move = open_move(actor, meeting, "hold" if meeting.state is State.PLANNED else "record", revision)
    guests = {presence: list(people) for presence, people in entry.guests.items()}
    if not guests.get(Presence.PRESENT):
        raise Refused(N_("Write down who was present."), field="present")
    for name in TEXTS:
        setattr(meeting, name, getattr(entry, name))
    db.session.execute(sa.delete(Attendee).where(Attendee.meeting_id == meeting.id))
    db.session.add_all(
        Attendee(
            meeting_id=meeting.id,
            presence=presence,
            position=place,
            unit=guest.unit,
            name=guest.name,
            post=guest.post,
        )
        for presence, people in guests.items()
        for place, guest in enumerate(people, start=1)
    )
    counts = {presence.value: len(people) for presence, people in guests.items()}
    make_move(actor, meeting, move, people=counts)
    if move.name == "hold":
        notify_moved(actor, meeting, "hold")


def conclude(
    actor: Actor, meeting: Meeting, item: AgendaItem, entry: ConclusionEntry, revision: int | None = None
) -> None:
    """Record what a meeting concluded on one problem, or amend it with a reason; the duty follows.

    What is refused in part, such as an extension, leaves nothing of the conclusion.
    """
    move = open_move(actor, meeting, "conclude")
    item.require_revision(revision)
    issue = queries.get_item_issue(actor, item)
    _check(meeting, item, entry, issue)
    duty = db.session.get(Duty, item.duty_id) if item.duty_id else None
    with db.session.begin_nested():
        kept = issues.conclude(actor, issue, name_of(meeting), entry, former=_former(item), duty=duty)
    if entry.extended_to is not None and entry.extended_to != item.extended_to:
        item.extended_to = issue.due_on
    item.verdict, item.conclusion = entry.verdict, entry.text
    item.lead_unit_id, item.due_on = entry.unit_id, entry.due_on
    item.duty_id = kept.id if kept is not None else None
    item.concluded_at, item.concluded_by_id = now(), actor.person_id
    make_move(
        actor,
        meeting,
        move,
        problem=issue.number,
        verdict=entry.verdict.value,
        unit=entry.unit_id,
        due_on=entry.due_on.isoformat() if entry.due_on else None,
        extended_to=item.extended_to.isoformat() if item.extended_to else None,
        reason=entry.amended_for,
    )


def _former(item: AgendaItem) -> ConclusionEntry | None:
    """What was concluded before, if anything was."""
    if item.verdict is None:
        return None
    return ConclusionEntry(
        item.verdict, item.conclusion, item.lead_unit_id, item.due_on, extended_to=item.extended_to
    )


def _check(meeting: Meeting, item: AgendaItem, entry: ConclusionEntry, issue: Issue) -> None:
    if issue.state not in OPEN | {IssueState.CLOSED}:
        raise WrongState(
            N_("This problem was rejected, merged, withdrawn or voided since. Nothing is concluded on it.")
        )
    if not entry.text.strip():
        raise Refused(N_("Write what was concluded."), field="conclusion")
    if item.verdict is not None and not entry.amended_for.strip():
        raise Refused(N_("Write why the conclusion is amended."), field="amended_for")
    if entry.verdict is Conclusion.SETTLED and entry.unit_id is None:
        raise Refused(N_("Choose the unit that is to do it."), field="lead_unit_id")
    if entry.unit_id is not None and entry.due_on is None:
        raise Refused(N_("Say by when the unit is to do it."), field="due_on")
    if entry.unit_id is None and entry.due_on is not None:
        raise Refused(N_("A day without a unit binds nobody. Choose the unit."), field="lead_unit_id")
    if entry.due_on and not meeting.meets_on <= entry.due_on <= meeting.meets_on + FARTHEST:
        raise Refused(
            N_("Choose a day on or after that of the meeting, within a year of it."), field="due_on"
        )
    _check_extension(item, entry)


def _check_extension(item: AgendaItem, entry: ConclusionEntry) -> None:
    """An extension that was granted stays; a later day is a further one."""
    former, wanted = item.extended_to, entry.extended_to
    if former is not None and (wanted is None or wanted < former):
        raise Refused(
            N_("This conclusion moved the due date to %(day)s already. Leave that, or choose a later day."),
            field="extended_to",
            day=former.isoformat(),
        )
