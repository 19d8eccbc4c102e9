"""The list of service groups: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.clock import today
from visits.core.filters import ALL_VALUES, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.programmes.models import Group, GroupMember, GroupRole, Link
from visits.programmes.queries import on_day

WORKING, CLOSED = "working", "closed"
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class GroupFilters:
    """What the list of groups is narrowed to; empty parts do not narrow; `lacks` are roles nobody has."""

    q: str = ""
    unit: Picked = ALL_VALUES
    lacks: tuple[GroupRole, ...] = ()
    state: tuple[str, ...] = ()


def _members(*where: Condition) -> tuple[Condition, ...]:
    """Memberships of the group that hold today."""
    return (GroupMember.group_id == Group.id, on_day(GroupMember, today()), *where)


def conditions(filters: GroupFilters) -> list[Condition]:
    """The SQL of the filters."""
    wanted: list[Condition] = narrowed((filters.unit, Group.lead_unit_id))
    if q := filters.q.strip():
        wanted.append(Group.name.contains(q, autoescape=True))
    if filters.lacks:
        held = [sa.exists().where(*_members(GroupMember.role == role)) for role in filters.lacks]
        wanted.append(sa.or_(*(sa.not_(one.correlate(Group)) for one in held)))
    states = {WORKING: Group.closed_on.is_(None), CLOSED: Group.closed_on.is_not(None)}
    if chosen := [states[name] for name in filters.state if name in states]:
        wanted.append(sa.or_(*chosen))
    return wanted


COLUMNS = (
    Column("name", N_("Group"), fixed=True, look="main-cell", width=26),
    Column("unit", N_("Lead unit"), width=24),
    Column("leader", N_("Leader of the group")),
    Column("members", N_("Members"), kind=Kind.NUMBER, width=10),
    Column("officers", N_("Service officers"), kind=Kind.NUMBER, width=10),
    Column("enterprises", N_("Enterprises"), kind=Kind.NUMBER, width=10),
    Column("closed", N_("Closed from"), lambda row: row.closed_on, Kind.DAY, usual=False),
)


def _counted(column: Any, *where: Condition) -> Any:
    stmt = sa.select(sa.func.count(sa.distinct(column))).where(*where)
    return stmt.correlate(Group).scalar_subquery()


def of_groups(filters: GroupFilters) -> Listing:
    """The groups with their leader and the numbers of today, narrowed."""
    leader = (
        sa.select(Person.name)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .where(*_members(GroupMember.role == GroupRole.LEADER))
        .order_by(GroupMember.id)
        .limit(1)
        .correlate(Group)
        .scalar_subquery()
    )
    person = GroupMember.person_id
    officers = _counted(person, *_members(GroupMember.role == GroupRole.OFFICER))
    enterprises = _counted(Link.enterprise_id, Link.group_id == Group.id, on_day(Link, today()))
    stmt = sa.select(
        Group.id,
        Group.name,
        Group.closed_on,
        Unit.name.label("unit"),
        leader.label("leader"),
        _counted(person, *_members()).label("members"),
        officers.label("officers"),
        enterprises.label("enterprises"),
    ).join(Unit, Unit.id == Group.lead_unit_id)
    sorts: dict[str, Any] = {
        "name": Group.name,
        "unit": Unit.name,
        "enterprises": enterprises,
        "id": Group.id,
    }
    return Listing("groups", N_("Service groups"), stmt, sorts, "name", COLUMNS, where=conditions(filters))
