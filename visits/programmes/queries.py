"""Every reading of programmes, groups and links."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, Unit, UnitMembership
from visits.accounts.queries import is_current
from visits.core.audit import AuditEntry
from visits.core.clock import today
from visits.core.db import db
from visits.core.listing import Page, paginate
from visits.core.periods import end_of
from visits.enterprises.models import Enterprise
from visits.programmes.models import (
    Group,
    GroupMember,
    GroupRole,
    Link,
    Programme,
    ScopeListing,
)


def on_day(table: type[GroupMember] | type[Link] | type[ScopeListing], day: date) -> sa.ColumnElement[bool]:
    """Memberships or links that hold on a day."""
    return sa.and_(table.from_on <= day, sa.or_(table.until_on.is_(None), table.until_on > day))


def programmes() -> list[tuple[int, str, str]]:
    """The programmes, as (id, code, name)."""
    rows = db.session.execute(
        sa.select(Programme.id, Programme.code, Programme.name).order_by(Programme.id)
    )
    return [(programme_id, code, name) for programme_id, code, name in rows]


def programme_ids_by_code() -> dict[str, int]:
    """The programmes' ids by their stable codes."""
    return {code: programme_id for programme_id, code, _ in programmes()}


def list_programmes() -> Sequence[Any]:
    """The programmes with how many enterprises somebody answers for today."""
    linked = sa.func.count(sa.distinct(Link.enterprise_id)).label("linked")
    columns = (
        Programme.id,
        Programme.name,
        Programme.kind,
        Programme.counted_modes,
        Programme.starts_on,
        Programme.ends_on,
    )
    counted = (
        sa.select(Link.programme_id, linked)
        .where(on_day(Link, today()))
        .group_by(Link.programme_id)
        .subquery()
    )
    return db.session.execute(
        sa.select(*columns, sa.func.coalesce(counted.c.linked, 0).label("linked"))
        .outerjoin(counted, counted.c.programme_id == Programme.id)
        .order_by(Programme.id)
    ).all()


def get_programme(programme_id: int) -> Programme | None:
    """One programme."""
    return db.session.get(Programme, programme_id)


def programmes_and_groups(
    group_ids: Iterable[int] | None,
) -> tuple[list[tuple[int, str, str]], list[tuple[int, str]]]:
    """All programmes as (id, code, name) and these groups, or all, as (id, name), in one statement."""
    wanted = sa.true() if group_ids is None else Group.id.in_(list(group_ids))
    rows = db.session.execute(
        sa.select(sa.literal("p"), Programme.id, Programme.code, Programme.name).union_all(
            sa.select(sa.literal("g"), Group.id, sa.literal(""), Group.name).where(wanted)
        )
    ).all()
    found = sorted((kind, key, code, name) for kind, key, code, name in rows)
    return (
        [(key, code, name) for kind, key, code, name in found if kind == "p"],
        [(key, name) for kind, key, _, name in found if kind == "g"],
    )


def group_ids_of(person_id: int, day: date) -> sa.Select[Any]:
    """The ids of the groups a person belongs to on a day, as a select."""
    return sa.select(GroupMember.group_id).where(
        GroupMember.person_id == person_id, on_day(GroupMember, day)
    )


def get_group(group_id: int) -> Group | None:
    """One group."""
    return db.session.get(Group, group_id)


def group_page(group_id: int, day: date | None = None) -> Any:
    """One group with the name of its lead unit: as they are, or as they were on a day that is over."""
    stmt = (
        sa.select(Group.id, Group.name, Group.closed_on, Group.lead_unit_id, Unit.name.label("unit"))
        .join(Unit, Unit.id == Group.lead_unit_id)
        .where(Group.id == group_id)
    )
    row = db.session.execute(stmt).first()
    if row is None or day is None:
        return row
    former = _changed_since(group_id, day)
    unit = db.session.get(Unit, former.get("lead_unit_id", row.lead_unit_id))
    return SimpleNamespace(
        **row._asdict() | {"name": former.get("name", row.name), "unit": unit.name if unit else row.unit}
    )


def _changed_since(group_id: int, day: date) -> dict[str, Any]:
    """What was written otherwise at the end of a day, as the log of later changes says."""
    rows = db.session.scalars(
        sa.select(AuditEntry.changes)
        .where(
            AuditEntry.subject_type == Group.__tablename__,
            AuditEntry.subject_id == group_id,
            AuditEntry.action == "group.updated",
            AuditEntry.at >= end_of(day),
        )
        .order_by(AuditEntry.id.desc())
    )
    return {field: pair[0] for changes in rows for field, pair in changes.items()}


def get_group_by_name(name: str) -> Group | None:
    """The group of that exact name."""
    return db.session.scalar(sa.select(Group).where(Group.name == name.strip()))


def open_groups() -> Sequence[Any]:
    """The groups that work, as (id, name)."""
    stmt = sa.select(Group.id, Group.name).where(Group.closed_on.is_(None))
    return db.session.execute(stmt.order_by(Group.id)).all()


def lock_group(group_id: int) -> Group | None:
    """One group, locked until the transaction ends."""
    return db.session.get(Group, group_id, with_for_update=True)


def members_of(group_id: int, day: date | None = None) -> Sequence[Any]:
    """Everybody who is or was in a group, with the unit of today; those of today first, the leader on top.

    With a day only those who belonged to it then, with the unit of then.
    """
    order = sa.case({role: n for n, role in enumerate(GroupRole)}, value=GroupMember.role)
    then = day or today()
    units = (
        sa.select(sa.func.aggregate_strings(Unit.name, "、"))
        .join(UnitMembership, UnitMembership.unit_id == Unit.id)
        .where(UnitMembership.person_id == GroupMember.person_id, is_current(then))
        .correlate(GroupMember)
        .scalar_subquery()
    )
    return db.session.execute(
        sa.select(
            GroupMember.id,
            GroupMember.person_id,
            GroupMember.role,
            GroupMember.from_on,
            GroupMember.until_on,
            Person.name,
            Person.post,
            units.label("unit"),
            on_day(GroupMember, then).label("is_current"),
        )
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == group_id, *([on_day(GroupMember, day)] if day else []))
        .order_by(sa.desc("is_current"), order, GroupMember.from_on, GroupMember.id)
    ).all()


def member_times(group_id: int) -> Sequence[GroupMember]:
    """The memberships of a group, for checking a new one against them."""
    return db.session.scalars(sa.select(GroupMember).where(GroupMember.group_id == group_id)).all()


def get_membership(group_id: int, membership_id: int) -> GroupMember | None:
    """One membership of one group."""
    return db.session.scalar(
        sa.select(GroupMember).where(GroupMember.id == membership_id, GroupMember.group_id == group_id)
    )


def list_links(group_id: int, args: Mapping[str, str], day: date | None = None) -> Page:
    """A page of the enterprises a group answers for, or answered for; those of today first.

    With a day only those it answered for then.
    """
    officer = aliased(Person)
    stmt = (
        sa.select(
            Link.id,
            Link.enterprise_id,
            Link.from_on,
            Link.until_on,
            Link.note,
            Enterprise.name,
            Programme.name.label("programme"),
            officer.name.label("officer"),
            on_day(Link, day or today()).label("is_current"),
        )
        .join(Enterprise, Enterprise.id == Link.enterprise_id)
        .join(Programme, Programme.id == Link.programme_id)
        .outerjoin(officer, officer.id == Link.officer_id)
        .where(Link.group_id == group_id, *([on_day(Link, day)] if day else []))
    )
    ended = sa.case((on_day(Link, today()), 0), else_=1)
    sorts: dict[str, Any] = {
        "ended": ended,
        "name": Enterprise.pinyin,
        "officer": officer.name,
        "from": Link.from_on,
        "id": Link.id,
    }
    return paginate(stmt, args, sorts, "ended")


def links_on(group_id: int, day: date) -> Sequence[Any]:
    """The links of a group that hold on a day, those without primary officer first."""
    officer = aliased(Person)
    lacks = sa.or_(officer.id.is_(None), officer.disabled_at.is_not(None))
    return db.session.execute(
        sa.select(
            Link.id,
            Enterprise.name,
            Programme.name.label("programme"),
            officer.name.label("officer"),
            lacks.label("lacks_officer"),
        )
        .join(Enterprise, Enterprise.id == Link.enterprise_id)
        .join(Programme, Programme.id == Link.programme_id)
        .outerjoin(officer, officer.id == Link.officer_id)
        .where(Link.group_id == group_id, on_day(Link, day))
        .order_by(sa.desc("lacks_officer"), Enterprise.pinyin, Link.id)
    ).all()


def links_by_id(link_ids: Iterable[int]) -> list[Link]:
    """These links, in their order."""
    stmt = sa.select(Link).where(Link.id.in_(list(link_ids))).order_by(Link.enterprise_id, Link.id)
    return list(db.session.scalars(stmt))


def get_link(group_id: int, link_id: int) -> Link | None:
    """One link of one group."""
    return db.session.scalar(sa.select(Link).where(Link.id == link_id, Link.group_id == group_id))


def links_of(enterprise_ids: Iterable[int], programme_id: int) -> Sequence[Link]:
    """All times for which somebody answers for these enterprises in a programme."""
    return db.session.scalars(
        sa.select(Link).where(
            Link.enterprise_id.in_(list(enterprise_ids)), Link.programme_id == programme_id
        )
    ).all()


def count_links_from(group_id: int, day: date) -> int:
    """How many enterprises a group answers for on a day or later."""
    stmt = sa.select(sa.func.count(Link.id)).where(
        Link.group_id == group_id, sa.or_(Link.until_on.is_(None), Link.until_on > day)
    )
    return db.session.scalar(stmt) or 0


def link_of(enterprise_id: int, day: date) -> Any:
    """Who answers for an enterprise on a day: group_id, group, officer_id, officer; a group before none."""
    return db.session.execute(
        sa.select(Link.group_id, Group.name.label("group"), Link.officer_id, Person.name.label("officer"))
        .outerjoin(Group, Group.id == Link.group_id)
        .outerjoin(Person, Person.id == Link.officer_id)
        .where(Link.enterprise_id == enterprise_id, on_day(Link, day))
        .order_by(Link.group_id.is_(None), Link.officer_id.is_(None), Link.id)
        .limit(1)
    ).first()


def linked_enterprise_ids(person_id: int | None, day: date) -> sa.Select[Any]:
    """The enterprises whose primary officer a person is on a day, as a select for IN."""
    return sa.select(Link.enterprise_id).where(Link.officer_id == person_id, on_day(Link, day))


def enterprise_ids_of_groups(group_ids: Collection[int], day: date) -> sa.Select[Any]:
    """The enterprises these groups answer for on a day, as a select for IN."""
    return sa.select(Link.enterprise_id).where(Link.group_id.in_(group_ids), on_day(Link, day))


def groups_of_enterprises(enterprise_ids: Iterable[int], day: date) -> dict[int, int]:
    """The group that answers for each of these enterprises on a day; those without one are missing."""
    rows = db.session.execute(
        sa.select(Link.enterprise_id, Link.group_id)
        .where(Link.enterprise_id.in_(list(enterprise_ids)), Link.group_id.is_not(None), on_day(Link, day))
        .order_by(Link.id.desc())
    )
    return {enterprise_id: group_id for enterprise_id, group_id in rows if group_id}


def group_of_enterprise(enterprise_id: int, day: date) -> int | None:
    """The group that answers for an enterprise on a day."""
    return groups_of_enterprises([enterprise_id], day).get(enterprise_id)
