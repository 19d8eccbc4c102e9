"""Programmes, groups, members and links, made as the office would make them."""

from datetime import date
from itertools import count

from tests.factories.accounts import make_unit
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.periods import start_of
from visits.programmes import operations, queries
from visits.programmes.models import GROUP_LINKED, GroupRole, Period, ScopeVersion, Tier
from visits.programmes.operations import GroupEntry, LinkEntry, MemberEntry

SINCE = date(2026, 1, 1)
_number = count(1)


def make_programmes():
    """Both standard programmes, as {code: id}."""
    operations.create_standard_programmes(SYSTEM)
    return queries.programme_ids_by_code()


def make_group(name=None, unit=None):
    """A group of a unit."""
    unit = unit or make_unit()
    entry = GroupEntry(name or f"第{next(_number)}服务组", unit.id)
    return operations.form_group(SYSTEM, entry)


def join(group, person, role=GroupRole.MEMBER, from_on=SINCE, until_on=None):
    """A person's time in a group."""
    return operations.add_member(SYSTEM, group, MemberEntry(person.id, role, from_on, until_on))


def make_link(enterprise, group=None, officer=None, programme=GROUP_LINKED, from_on=SINCE, until_on=None):
    """A group or an officer answering for an enterprise, by default in 组团联企 since the new year."""
    entry = LinkEntry(
        enterprise_id=enterprise.id,
        programme_id=make_programmes()[programme],
        group_id=group.id if group else None,
        officer_id=officer.id if officer else None,
        from_on=from_on,
        until_on=until_on,
    )
    return operations.cover_enterprise(SYSTEM, entry)


def require_visits(programme_id, from_on, visits=1, period=Period.MONTH, conditions=None):
    """A rule of a programme from a day on: all, or those that fit, so many visits in a calendar period."""
    version = ScopeVersion(
        programme_id=programme_id,
        from_on=from_on,
        conditions=conditions or {},
        recorded_at=start_of(from_on),
    )
    db.session.add(version)
    db.session.flush()
    db.session.add(Tier(version_id=version.id, position=0, name="全部企业", visits=visits, period=period))
    db.session.flush()
    return version
