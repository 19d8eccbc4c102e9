"""What is wrong with how a group is made up: which groups lack whom, and how it stands with one of them."""

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, UnitMembership
from visits.accounts.queries import is_current
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.settings import get_setting
from visits.programmes.models import Group, GroupMember, GroupRole, Link
from visits.programmes.queries import on_day

FEWEST = 4
Condition = sa.ColumnElement[bool]


class Fault(StrEnum):
    """What a group should be mended for; the words of three are the roles nobody has."""

    LEADER = "leader"
    OFFICER = "officer"
    LIAISON = "liaison"
    FEW = "few"
    GONE = "gone"
    LOAD = "load"
    UNLED = "unled"


FAULT_LABELS = {
    Fault.LEADER: N_("No leader"),
    Fault.OFFICER: N_("No service officer"),
    Fault.LIAISON: N_("No liaison"),
    Fault.FEW: N_("Fewer than 4 people"),
    Fault.GONE: N_("Somebody who left"),
    Fault.LOAD: N_("Too many enterprises per officer"),
    Fault.UNLED: N_("Enterprises without primary officer"),
}


def belong(day: date, *where: Condition) -> tuple[Condition, ...]:
    """Memberships of a group that hold on a day."""
    return (GroupMember.group_id == Group.id, on_day(GroupMember, day), *where)


def covered(day: date, *where: Condition) -> tuple[Condition, ...]:
    """Links of a group that hold on a day."""
    return (Link.group_id == Group.id, on_day(Link, day), *where)


def counted(column: Any, *where: Condition) -> Any:
    """How many different values a column has within each group, as a subquery."""
    return sa.select(sa.func.count(sa.distinct(column))).where(*where).correlate(Group).scalar_subquery()


def is_gone(day: date) -> Condition:
    """Members whose account is disabled, or who belonged to a unit once and belong to none any more."""
    gone, once = aliased(Person), aliased(UnitMembership)
    now_in = sa.select(UnitMembership.person_id).where(
        UnitMembership.person_id == GroupMember.person_id, is_current(day)
    )
    was_in = sa.select(once.person_id).where(once.person_id == GroupMember.person_id, once.from_on <= day)
    disabled = sa.select(gone.id).where(gone.id == GroupMember.person_id, gone.disabled_at.is_not(None))
    return sa.or_(disabled.exists(), sa.and_(was_in.exists(), sa.not_(now_in.exists())))


def without_officer() -> Condition:
    """Links that name no primary officer, or one whose account is disabled."""
    gone = aliased(Person)
    disabled = sa.select(gone.id).where(gone.id == Link.officer_id, gone.disabled_at.is_not(None))
    return sa.or_(Link.officer_id.is_(None), disabled.exists())


def _numbers(day: date) -> dict[str, Any]:
    person = GroupMember.person_id
    return {
        "people": counted(person, *belong(day)),
        "officers": counted(person, *belong(day, GroupMember.role == GroupRole.OFFICER)),
        "enterprises": counted(Link.enterprise_id, *covered(day)),
        "unled": counted(Link.enterprise_id, *covered(day, without_officer())),
    }


def faults_on(day: date) -> dict[Fault, Condition]:
    """Under which condition a group has each fault on a day; a closed group has none."""
    numbers, most = _numbers(day), get_setting("officer_enterprises")
    lacking = {
        fault: sa.not_(sa.exists().where(*belong(day, GroupMember.role == role)).correlate(Group))
        for fault, role in (
            (Fault.LEADER, GroupRole.LEADER),
            (Fault.OFFICER, GroupRole.OFFICER),
            (Fault.LIAISON, GroupRole.LIAISON),
        )
    }
    wrong = lacking | {
        Fault.FEW: numbers["people"] < FEWEST,
        Fault.GONE: sa.exists().where(*belong(day, is_gone(day))).correlate(Group),
        Fault.LOAD: sa.and_(numbers["officers"] > 0, numbers["enterprises"] > numbers["officers"] * most),
        Fault.UNLED: numbers["unled"] > 0,
    }
    works = sa.or_(Group.closed_on.is_(None), Group.closed_on > day)
    return {fault: sa.and_(works, condition) for fault, condition in wrong.items()}


def fault_columns(day: date) -> list[Any]:
    """The faults as columns of a select of groups, named "fault_…"."""
    return [condition.label(f"fault_{fault}") for fault, condition in faults_on(day).items()]


def faults_of(row: Any) -> list[Fault]:
    """The faults a row with these columns has."""
    return [fault for fault in Fault if getattr(row, f"fault_{fault}")]


def composition_of(group_id: int, day: date) -> Any:
    """One group's faults on a day and the numbers behind them."""
    numbers = [column.label(name) for name, column in _numbers(day).items()]
    return db.session.execute(
        sa.select(*fault_columns(day), *numbers).select_from(Group).where(Group.id == group_id)
    ).one()


def gone_from(group_id: int, day: date) -> list[Any]:
    """The members of a group on a day who cannot work in it any more, as (id, person_id, name)."""
    stmt = (
        sa.select(GroupMember.id, GroupMember.person_id, Person.name)
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == group_id, on_day(GroupMember, day), is_gone(day))
        .order_by(GroupMember.id)
    )
    return list(db.session.execute(stmt))
