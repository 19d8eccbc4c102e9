"""Who may read which meetings, and what stands on a meeting's page besides its agenda."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.permissions import Permission
from visits.core.together import Few
from visits.enterprises.models import Enterprise
from visits.issues.confidence import is_kept_from
from visits.issues.models import Dispatch, Duty, Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.meetings.models import AgendaItem, Attendee, Meeting, MeetingFirm, MeetingUnit
from visits.meetings.states import State
from visits.programmes.models import Group

Condition = sa.ColumnElement[bool]
SHOWN = 5


def led(actor: Actor) -> Condition:
    """Meetings of my groups, and those I called."""
    return sa.or_(Meeting.group_id.in_(actor.group_ids), Meeting.called_by_id == actor.person_id)


def group(actor: Actor) -> Condition:
    """Meetings of my groups, those I called, and those that take up a problem of my groups."""
    taken_up = sa.select(AgendaItem.meeting_id).join(Issue, Issue.id == AgendaItem.issue_id)
    ours = taken_up.where(Issue.group_id.in_(actor.group_ids))
    return sa.or_(led(actor), Meeting.id.in_(ours.correlate(None)))


def unit(actor: Actor) -> Condition:
    """Meetings that invite one of my units, take up a problem it has or had, or give it a duty."""
    units = actor.unit_ids
    invited = sa.select(MeetingUnit.meeting_id).where(MeetingUnit.unit_id.in_(units))
    had = (
        sa.select(AgendaItem.meeting_id)
        .join(Dispatch, Dispatch.issue_id == AgendaItem.issue_id)
        .where(Dispatch.unit_id.in_(units))
    )
    duties = sa.select(Duty.meeting_id).where(Duty.unit_id.in_(units), Duty.meeting_id.is_not(None))
    return Meeting.id.in_(sa.union_all(invited, had, duties))


def visible_to(actor: Actor) -> Condition:
    """The meetings a person may read."""
    return predicate_for(actor, Permission.MEETINGS_READ, Meeting)


def get_visible(actor: Actor, meeting_id: int) -> Meeting:
    """One meeting; raise NotFound where there is none, or not for this person."""
    meeting = db.session.scalar(sa.select(Meeting).where(Meeting.id == meeting_id, visible_to(actor)))
    if meeting is None:
        raise NotFound()
    return meeting


@dataclass(frozen=True)
class Invited:
    """The ids of the units and enterprises invited."""

    units: set[int] = field(default_factory=set)
    firms: set[int] = field(default_factory=set)


def _invited(meeting_id: int) -> Sequence[Any]:
    units = sa.select(
        sa.literal("unit").label("kind"), Unit.id.label("key"), Unit.name, Unit.name.label("place")
    )
    firms = sa.select(sa.literal("firm"), Enterprise.id, Enterprise.name, Enterprise.pinyin)
    stmt = sa.union_all(
        units.join(MeetingUnit, MeetingUnit.unit_id == Unit.id).where(MeetingUnit.meeting_id == meeting_id),
        firms.join(MeetingFirm, MeetingFirm.enterprise_id == Enterprise.id).where(
            MeetingFirm.meeting_id == meeting_id
        ),
    )
    return db.session.execute(stmt.order_by("kind", "place")).all()


def invited_ids(meeting_id: int) -> Invited:
    """Which units and enterprises are invited."""
    rows = _invited(meeting_id)
    return Invited(
        {row.key for row in rows if row.kind == "unit"}, {row.key for row in rows if row.kind == "firm"}
    )


def invited_to(meeting: Meeting) -> dict[str, list[tuple[int, str]]]:
    """The units and enterprises invited as (id, name), and in the same way the group and the caller."""
    found: dict[str, list[tuple[int, str]]] = {"unit": [], "firm": [], "group": [], "caller": []}
    for row in _invited(meeting.id):
        found[row.kind].append((row.key, row.name))
    names = sa.select(sa.literal("caller").label("kind"), Person.id, Person.name).where(
        Person.id == meeting.called_by_id
    )
    groups = sa.select(sa.literal("group"), Group.id, Group.name).where(Group.id == meeting.group_id)
    for kind, key, name in db.session.execute(sa.union_all(names, groups)):
        found[kind].append((key, name))
    return found


def list_attendees(meeting_id: int) -> Sequence[Attendee]:
    """Who was at a meeting, in the order in which they were written down."""
    return db.session.scalars(
        sa.select(Attendee)
        .where(Attendee.meeting_id == meeting_id)
        .order_by(Attendee.presence, Attendee.position)
    ).all()


def coming_for(actor: Actor, enterprise_id: int) -> Sequence[Meeting]:
    """The planned meetings to which an enterprise is invited or that take up its problems."""
    invited = sa.select(MeetingFirm.meeting_id).where(MeetingFirm.enterprise_id == enterprise_id)
    taken_up = (
        sa.select(AgendaItem.meeting_id)
        .join(Issue, Issue.id == AgendaItem.issue_id)
        .where(
            Issue.enterprise_id == enterprise_id, problems_visible_to(actor), sa.not_(is_kept_from(actor))
        )
    )
    return db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.state == State.PLANNED, Meeting.meets_on >= today(), visible_to(actor))
        .where(sa.or_(Meeting.id.in_(invited), Meeting.id.in_(taken_up.correlate(None))))
        .order_by(Meeting.meets_on, Meeting.starts_at, Meeting.id)
        .limit(SHOWN)
    ).all()


def is_soon(actor: Actor) -> sa.ColumnElement[bool]:
    """The planned meetings of this week that a person may read."""
    sunday = today() + timedelta(days=6 - today().weekday())
    days = Meeting.meets_on.between(today(), sunday)
    return sa.and_(Meeting.state == State.PLANNED, days, visible_to(actor))


def soon(actor: Actor) -> Few:
    """The planned meetings of this week that a person may read, the next one first."""
    columns = (Meeting.id, Meeting.title, Meeting.meets_on, Meeting.starts_at, Meeting.place)
    order = (Meeting.meets_on, Meeting.starts_at, Meeting.id)
    return Few(sa.select(*columns).where(is_soon(actor)), order, SHOWN)
