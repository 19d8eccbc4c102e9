"""How meetings are called, edited and cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from visits.accounts.queries import open_units
from visits.core import audit
from visits.core.authz import Actor, may, reaches
from visits.core.clock import today
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Reach
from visits.enterprises.queries import hold_living
from visits.meetings import queries
from visits.meetings.models import Meeting, MeetingCounter, MeetingFirm, MeetingKind, MeetingUnit
from visits.meetings.notifications import notify_invited, notify_moved
from visits.meetings.operations.agenda import put_on_agenda
from visits.meetings.operations.course import make_move, open_move
from visits.meetings.states import LIFE, WRITE, State
from visits.programmes.queries import get_group

FARTHEST = timedelta(days=366)
PLAIN = ("title", "kind", "meets_on", "starts_at", "ends_at", "place", "chair", "recorder", "group_id")


@dataclass(frozen=True)
class MeetingEntry:
    """What is entered about a meeting: when, where, who chairs, whom it invites."""

    title: str
    meets_on: date
    starts_at: time
    place: str
    chair: str
    kind: MeetingKind = MeetingKind.COORDINATION
    ends_at: time | None = None
    recorder: str = ""
    group_id: int | None = None
    unit_ids: Iterable[int] = ()
    firm_ids: Iterable[int] = ()


def call_meeting(actor: Actor, entry: MeetingEntry, issue_ids: Iterable[int] = ()) -> Meeting:
    """Call a meeting and put these problems on its agenda."""
    if not may(actor, WRITE):
        raise NotAllowed()
    move = LIFE.check_state("call", None, None)
    _check(actor, entry)
    meeting = Meeting(
        number=_next_number(),
        state=State.PLANNED,
        called_by_id=actor.person_id,
        **{name: getattr(entry, name) for name in PLAIN},
    )
    make_move(actor, meeting, move, title=entry.title, meets_on=entry.meets_on.isoformat())
    _invite(meeting, entry)
    put_on_agenda(actor, meeting, issue_ids, invite=False)
    notify_invited(actor, meeting)
    return meeting


def update_meeting(
    actor: Actor, meeting: Meeting, entry: MeetingEntry, revision: int | None = None
) -> None:
    """Change what was entered about a meeting that is planned or was held."""
    move = open_move(actor, meeting, "change", revision)
    _check(actor, entry, meeting)
    before = {name: getattr(meeting, name) for name in PLAIN}
    for name in PLAIN:
        setattr(meeting, name, getattr(entry, name))
    changed = audit.difference(before, {name: getattr(meeting, name) for name in PLAIN})
    make_move(actor, meeting, move, **changed, invited=_invite(meeting, entry))
    if changed.keys() & {"meets_on", "starts_at", "place"} and meeting.state is State.PLANNED:
        notify_moved(actor, meeting, "change")
    notify_invited(actor, meeting)


def cancel_meeting(actor: Actor, meeting: Meeting, reason: str, revision: int | None = None) -> None:
    """Cancel a planned meeting; its problems stay where they are."""
    move = open_move(actor, meeting, "cancel", revision)
    if not reason.strip():
        raise Refused(N_("Write why the meeting is cancelled."), field="reason")
    meeting.cancel_reason = reason
    make_move(actor, meeting, move, reason=reason)
    notify_moved(actor, meeting, "cancel")


def _check(actor: Actor, entry: MeetingEntry, meeting: Meeting | None = None) -> None:
    if entry.ends_at is not None and entry.ends_at <= entry.starts_at:
        raise Refused(N_("The meeting cannot end before it begins. Correct the times."), field="ends_at")
    if abs(entry.meets_on - today()) > FARTHEST:
        raise Refused(N_("Choose a day not more than a year from today."), field="meets_on")
    if meeting is not None and meeting.state is State.HELD and entry.meets_on > today():
        raise Refused(N_("A meeting that was held cannot lie in the future."), field="meets_on")
    _check_group(actor, entry.group_id, meeting)


def _check_group(actor: Actor, group_id: int | None, meeting: Meeting | None) -> None:
    """Whoever acts for groups only calls meetings of a group of theirs."""
    if meeting is not None and group_id == meeting.group_id:
        return
    is_free = actor.is_system or Reach.ALL in reaches(actor.roles, WRITE)
    if not is_free and group_id not in actor.group_ids:
        raise Refused(N_("Choose a group of yours."), field="group_id")
    group = get_group(group_id) if group_id is not None else None
    if group_id is not None and (group is None or group.closed_on is not None):
        raise Refused(N_("This group is closed or does not exist. Choose another."), field="group_id")


def _next_number() -> str:
    """The next number of the day, from a counter row that is locked until the transaction ends."""
    day = today()
    lock_name(f"meeting-number {day}")
    counter = db.session.get(MeetingCounter, day, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = MeetingCounter(day=day, last=0)
        db.session.add(counter)
    counter.last += 1
    return f"DJH{day:%Y%m%d}-{counter.last:02d}"


def _invite(meeting: Meeting, entry: MeetingEntry) -> dict[str, list[int]]:
    """Let exactly these units and enterprises be invited; return what is so now."""
    units, firms = sorted(set(entry.unit_ids)), sorted(set(entry.firm_ids))
    invited = queries.invited_ids(meeting.id)
    known = {unit_id for unit_id, _ in open_units()} | invited.units
    if not known.issuperset(units):
        raise Refused(N_("Choose units that are in use."), field="unit_ids")
    fresh = set(firms) - invited.firms
    if len(hold_living(fresh)) < len(fresh):
        raise Refused(N_("One of these enterprises is not in the register."), field="firm_ids")
    _replace(MeetingUnit, "unit_id", meeting.id, invited.units, set(units))
    _replace(MeetingFirm, "enterprise_id", meeting.id, invited.firms, set(firms))
    if invited.units != set(units) or invited.firms != set(firms):
        flag_modified(meeting, "state")  # a change of guests alone makes a new revision too
    db.session.flush()
    return {"units": units, "enterprises": firms}


def _replace(
    model: type[MeetingUnit] | type[MeetingFirm],
    name: str,
    meeting_id: int,
    before: set[int],
    now: set[int],
) -> None:
    column = getattr(model, name)
    if gone := before - now:
        db.session.execute(sa.delete(model).where(model.meeting_id == meeting_id, column.in_(gone)))
    db.session.add_all(model(meeting_id=meeting_id, **{name: key}) for key in sorted(now - before))
