"""Programmes, groups, members and links, made as the office would make them."""

from datetime import date
from itertools import count

from tests.factories.accounts import make_unit
from visits.core.authz import SYSTEM
from visits.programmes import operations, queries
from visits.programmes.models import GROUP_LINKED, GroupRole
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
