"""The list of service groups: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.clock import today
from visits.core.filters import ALL_VALUES, Picked, narrowed
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.programmes.composition import (
    FAULT_LABELS,
    Fault,
    belong,
    counted,
    covered,
    fault_columns,
    faults_of,
    faults_on,
)
from visits.programmes.models import Group, GroupMember, GroupRole, Link

WORKING, CLOSED = "working", "closed"
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class GroupFilters:
    """What the list of groups is narrowed to; empty parts do not narrow; one of the faults is enough."""

    q: str = ""
    unit: Picked = ALL_VALUES
    lacks: tuple[Fault, ...] = ()
    state: tuple[str, ...] = ()


def conditions(filters: GroupFilters) -> list[Condition]:
    """The SQL of the filters."""
    wanted: list[Condition] = narrowed((filters.unit, Group.lead_unit_id))
    if q := filters.q.strip():
        wanted.append(Group.name.contains(q, autoescape=True))
    if filters.lacks:
        wrong = faults_on(today())
        wanted.append(sa.or_(*(wrong[fault] for fault in filters.lacks)))
    states = {WORKING: Group.closed_on.is_(None), CLOSED: Group.closed_on.is_not(None)}
    if chosen := [states[name] for name in filters.state if name in states]:
        wanted.append(sa.or_(*chosen))
    return wanted


COLUMNS = (
    Column("name", N_("Group"), fixed=True, look="main-cell", width=26),
    Column("unit", N_("Leading unit"), width=24),
    Column("leader", N_("Leader of the group")),
    Column("members", N_("Members"), kind=Kind.NUMBER, width=10),
    Column("officers", N_("Service officers"), kind=Kind.NUMBER, width=10),
    Column("enterprises", N_("Enterprises"), kind=Kind.NUMBER, width=10),
    Column(
        "faults",
        N_("To mend"),
        lambda row: [FAULT_LABELS[fault] for fault in faults_of(row)],
        Kind.LABEL,
        width=30,
    ),
    Column("closed", N_("Closed from"), lambda row: row.closed_on, Kind.DAY, usual=False),
)


def of_groups(filters: GroupFilters) -> Listing:
    """The groups with their leader, the numbers and the faults of today, narrowed."""
    day, person = today(), GroupMember.person_id
    leader = (
        sa.select(Person.name)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .where(*belong(day, GroupMember.role == GroupRole.LEADER))
        .order_by(GroupMember.id)
        .limit(1)
        .correlate(Group)
        .scalar_subquery()
    )
    officers = counted(person, *belong(day, GroupMember.role == GroupRole.OFFICER))
    enterprises = counted(Link.enterprise_id, *covered(day))
    stmt = sa.select(
        Group.id,
        Group.name,
        Group.closed_on,
        Unit.name.label("unit"),
        leader.label("leader"),
        counted(person, *belong(day)).label("members"),
        officers.label("officers"),
        enterprises.label("enterprises"),
        *fault_columns(day),
    ).join(Unit, Unit.id == Group.lead_unit_id)
    sorts: dict[str, Any] = {
        "name": Group.name,
        "unit": Unit.name,
        "enterprises": enterprises,
        "id": Group.id,
    }
    return Listing("groups", N_("Service groups"), stmt, sorts, "name", COLUMNS, where=conditions(filters))
