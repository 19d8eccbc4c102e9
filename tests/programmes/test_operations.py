"""Groups, their members, and who answers for an enterprise."""

from datetime import date

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import join, make_group, make_link, make_programmes
from visits.accounts.queries import actor_of
from visits.core import clock
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale
from visits.core.permissions import Role
from visits.programmes import listing, operations, queries
from visits.programmes.listing import GroupFilters
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, GroupRole
from visits.programmes.operations import GroupEntry, LinkEntry, MemberEntry

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)

pytestmark = pytest.mark.usefixtures("db")


def actor(*roles):
    person = make_person(roles=roles)
    return actor_of(person.id, person.name)


def test_the_standard_programmes_are_made_once():
    make_programmes()
    make_programmes()
    assert [(code, name) for _, code, name in queries.programmes()] == [
        (ENTERPRISE_VISIT, "企业大走访"),
        (GROUP_LINKED, "组团联企"),
    ]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.COORDINATOR])
def test_only_the_coordinator_changes_groups(role):
    unit, group, person = make_unit(), make_group(), make_person()
    me = actor(role)
    for change in (
        lambda: operations.form_group(me, GroupEntry("甲组", unit.id)),
        lambda: operations.update_group(me, group, GroupEntry("甲组", unit.id), group.revision),
        lambda: operations.add_member(me, group, MemberEntry(person.id, GroupRole.MEMBER)),
        lambda: operations.cover_enterprise(me, LinkEntry(1, 1, group.id)),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_coordinator_forms_a_group_whose_name_is_its_own():
    me, unit = actor(Role.COORDINATOR), make_unit()
    operations.form_group(me, GroupEntry("第一服务组", unit.id))
    with pytest.raises(Refused) as refusal:
        operations.form_group(me, GroupEntry("第一服务组", unit.id))
    assert refusal.value.field == "name"


def test_a_stale_form_changes_no_group():
    group = make_group()
    with pytest.raises(Stale):
        operations.update_group(SYSTEM, group, GroupEntry("改名", group.lead_unit_id), group.revision - 1)


def test_a_group_has_one_leader_at_any_date():
    group, first, second = make_group(), make_person(), make_person()
    join(group, first, GroupRole.LEADER, MARCH, MAY)
    with pytest.raises(Refused) as refusal:
        join(group, second, GroupRole.LEADER, APRIL)
    assert refusal.value.field == "role"
    join(group, second, GroupRole.LEADER, MAY)
    assert set(db.session.scalars(queries.group_ids_of(first.id, APRIL))) == {group.id}
    assert set(db.session.scalars(queries.group_ids_of(first.id, MAY))) == set()


def test_nobody_is_twice_in_a_group_at_once():
    group, person = make_group(), make_person()
    join(group, person, GroupRole.MEMBER, MARCH)
    with pytest.raises(Refused) as refusal:
        join(group, person, GroupRole.OFFICER, APRIL)
    assert refusal.value.field == "person_id"


def test_ending_a_membership_makes_room_for_the_next():
    group, person = make_group(), make_person()
    member = join(group, person, GroupRole.MEMBER, MARCH)
    with pytest.raises(Refused):
        operations.end_membership(SYSTEM, group, member, date(2026, 2, 1))
    operations.end_membership(SYSTEM, group, member, APRIL)
    join(group, person, GroupRole.OFFICER, APRIL)
    assert [(m.role, m.until_on) for m in queries.members_of(group.id)] == [
        (GroupRole.OFFICER, None),
        (GroupRole.MEMBER, APRIL),
    ]


def test_an_enterprise_has_one_primary_officer_per_programme_at_any_date():
    enterprise, first, second = make_enterprise(), make_person(), make_person()
    make_link(enterprise, officer=first, from_on=MARCH)
    with pytest.raises(Refused) as refusal:
        make_link(enterprise, officer=second, from_on=APRIL)
    assert refusal.value.field == "enterprise_id"
    make_link(enterprise, officer=second, programme=ENTERPRISE_VISIT, from_on=APRIL)


def test_a_new_link_may_end_the_present_one_where_it_begins():
    enterprise, first, second = make_enterprise(), make_person(), make_person()
    make_link(enterprise, officer=first, from_on=MARCH)
    entry = LinkEntry(
        enterprise.id,
        make_programmes()[GROUP_LINKED],
        officer_id=second.id,
        from_on=APRIL,
        ends_present=True,
    )
    operations.cover_enterprise(SYSTEM, entry)
    assert queries.link_of(enterprise.id, date(2026, 3, 31)).officer_id == first.id
    assert queries.link_of(enterprise.id, APRIL).officer_id == second.id


def test_a_link_names_a_group_or_an_officer():
    enterprise = make_enterprise()
    with pytest.raises(Refused) as refusal:
        make_link(enterprise)
    assert refusal.value.field == "officer_id"


def test_a_link_ended_no_longer_answers():
    enterprise, group = make_enterprise(), make_group()
    link = make_link(enterprise, group, from_on=MARCH)
    assert queries.group_of_enterprise(enterprise.id, APRIL) == group.id
    operations.end_cover(SYSTEM, link, APRIL)
    assert queries.group_of_enterprise(enterprise.id, APRIL) is None
    assert queries.group_of_enterprise(enterprise.id, date(2026, 3, 31)) == group.id


def test_a_group_that_still_answers_for_enterprises_cannot_be_closed():
    enterprise, group = make_enterprise(), make_group()
    link = make_link(enterprise, group, from_on=MARCH)
    closing = GroupEntry(group.name, group.lead_unit_id, closed_on=APRIL)
    with pytest.raises(Refused) as refusal:
        operations.update_group(SYSTEM, group, closing, group.revision)
    assert refusal.value.params == {"count": 1}
    operations.end_cover(SYSTEM, link, APRIL)
    operations.update_group(SYSTEM, group, closing, group.revision)
    with pytest.raises(Refused):
        join(group, make_person())


def test_the_list_counts_those_of_today():
    group, leader, officer, gone = make_group(), make_person(), make_person(), make_person()
    join(group, leader, GroupRole.LEADER, MARCH)
    join(group, officer, GroupRole.OFFICER, MARCH)
    join(group, gone, GroupRole.MEMBER, MARCH, APRIL)
    make_link(make_enterprise(), group, officer, from_on=MARCH)
    with clock.at(date(2026, 5, 4)):
        [row] = listing.of_groups(GroupFilters()).page({}).rows
    assert (row.leader, row.members, row.officers, row.enterprises) == (leader.name, 2, 1, 1)
