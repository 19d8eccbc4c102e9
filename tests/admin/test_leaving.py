"""Closing accounts and units: what is still in hand, and who may not leave."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import join, make_group, make_link
from visits.accounts.operations import PersonEntry, enable_person, update_person
from visits.accounts.operations import disable_person as shut
from visits.admin import operations, queries
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.issues.states import State
from visits.outreach.models import VisitDraft


@pytest.fixture
def office(database, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def admin(office):
    return make_person([Role.ADMIN], name="管理员")


@pytest.fixture
def at_desk(admin, client_for):
    return client_for(admin)


def held(actor, person):
    return {holding.label: holding for holding in queries.holdings_of(actor, person.id)}


def test_what_a_person_holds_is_listed(office):
    person = make_person([Role.OFFICER], name="李娜")
    firm, group = make_enterprise(name="湖畔精密机械有限公司"), make_group(unit=office.unit)
    make_link(firm, officer=person)
    join(group, person)
    db.session.add(VisitDraft(client_id="x" * 36, author_id=person.id, title="新湖医疗", fields=[]))
    found = held(office.coordinator, person)
    assert found["Enterprises as primary officer"].first == [("湖畔精密机械有限公司", firm.id)]
    assert found["Service groups"].count == 1
    assert found["Visits begun and not finished"].count == 1
    assert queries.holdings_of(office.coordinator, office.people["leader"].id) == []


def test_the_administrator_sees_how_many_and_no_names(at_desk, office):
    person = make_person([Role.OFFICER], name="李娜")
    make_link(make_enterprise(name="湖畔精密机械有限公司"), officer=person)
    page = at_desk.get("admin.disable_person", person_id=person.id)
    assert "作为驻企服务员包联的企业 1" in page.main
    assert "湖畔" not in page.text


def test_a_coordinator_who_administers_is_led_to_the_records(office, client_for):
    both = make_person([Role.ADMIN, Role.COORDINATOR])
    person = make_person([Role.OFFICER])
    firm = make_enterprise(name="湖畔精密机械有限公司")
    make_link(firm, officer=person)
    page = client_for(both).get("admin.disable_person", person_id=person.id)
    assert page.links["湖畔精密机械有限公司"] == f"/enterprises/{firm.id}"


def test_the_last_one_at_a_desk_leaves_only_when_that_is_confirmed(at_desk, office):
    handler = office.people["handler"]
    make_issue(office, State.ASSIGNED)
    page = at_desk.post("admin.disable_person", {"reason": "退休"}, person_id=handler.id, status=422)
    assert page.root.first(id="is_confirmed-error")
    assert "1" in page.main
    entry = {"reason": "退休", "is_confirmed": "y"}
    at_desk.post("admin.disable_person", entry, person_id=handler.id)
    assert handler.disabled_at is not None


@pytest.mark.parametrize("state", [State.REGISTERED, State.REPORTED, State.CLOSED])
def test_a_desk_without_work_holds_nobody(office, state):
    make_issue(office, state)
    operations.disable_person(SYSTEM, office.people["handler"], "退休")
    assert office.people["handler"].disabled_at is not None


def test_a_second_handler_frees_the_first(office):
    make_issue(office, State.ASSIGNED)
    second = make_person([Role.UNIT_HEAD], office.unit)
    operations.disable_person(SYSTEM, office.people["handler"], "退休")
    with pytest.raises(Refused):
        operations.disable_person(SYSTEM, second, "退休")


def test_who_alone_holds_a_role_is_named(at_desk, office):
    page = at_desk.get("admin.disable_person", person_id=office.people["leader"].id)
    assert "停用后将无人担任" in page.main
    make_person([Role.LEADER])
    page = at_desk.get("admin.disable_person", person_id=office.people["leader"].id)
    assert "停用后将无人担任" not in page.main


def test_nobody_disables_the_own_account_or_the_last_administrator(at_desk, admin):
    page = at_desk.post("admin.disable_person", {"reason": "x"}, person_id=admin.id, status=422)
    assert "本人账号" in page.summary
    with pytest.raises(Refused):
        operations.disable_person(SYSTEM, admin, "x")


def test_of_two_administrators_who_disable_each_other_one_stays(admin):
    other = make_person([Role.ADMIN])
    first, second = actor_for(admin), actor_for(other)  # both requests had begun
    operations.disable_person(first, other, "x")
    with pytest.raises((Refused, NotAllowed)):
        operations.disable_person(second, admin, "x")
    assert (admin.disabled_at, other.disabled_at is None) == (None, False)


def test_a_disabled_administrator_takes_no_third_along(admin):
    other, third = make_person([Role.ADMIN]), make_person([Role.ADMIN])
    late = actor_for(other)
    shut(SYSTEM, other, "x")
    with pytest.raises(NotAllowed):
        operations.disable_person(late, third, "x")
    entry = PersonEntry(third.username, third.name, [Role.CADRE])
    with pytest.raises(NotAllowed):
        update_person(late, third, entry, None)
    enable_person(SYSTEM, other)


def test_a_unit_with_work_groups_or_people_stays(at_desk, office):
    issue = make_issue(office, State.ASSIGNED)
    page = at_desk.post("admin.close_unit", {"reason": "机构改革"}, unit_id=office.unit.id, status=422)
    assert "1件" in page.summary
    assert issue.number not in page.text
    empty = make_unit("空白科")
    group = make_group(unit=empty)
    page = at_desk.post("admin.close_unit", {"reason": "机构改革"}, unit_id=empty.id, status=422)
    assert "1个服务组" in page.summary
    group.closed_on = date(2026, 11, 1)
    member = make_person([Role.CADRE], empty)
    page = at_desk.post("admin.close_unit", {"reason": "机构改革"}, unit_id=empty.id, status=422)
    assert "在岗人员" in page.summary
    update_person(SYSTEM, member, PersonEntry("x", member.name, [Role.CADRE], office.unit.id), None)
    at_desk.post("admin.close_unit", {"reason": ""}, unit_id=empty.id, status=422)
    at_desk.post("admin.close_unit", {"reason": "机构改革"}, unit_id=empty.id)
    assert empty.closed_on == date(2026, 11, 23)
    at_desk.get("admin.close_unit", unit_id=empty.id, status=404)
    page = at_desk.get("accounts.edit_unit", unit_id=empty.id)
    at_desk.post("accounts.reopen_unit", page=page, unit_id=empty.id)
    assert empty.closed_on is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_administrators_close(office, client_for, role):
    person = make_person([role])
    browser = client_for(person)
    browser.get("admin.disable_person", person_id=office.people["cadre"].id, status=403)
    browser.get("admin.close_unit", unit_id=office.unit.id, status=403)
    with pytest.raises(NotAllowed):
        operations.disable_person(actor_for(person), office.people["cadre"], "x")
    with pytest.raises(NotAllowed):
        operations.close_unit(actor_for(person), office.unit, "x")


def test_nobody_is_there_to_disable(at_desk):
    at_desk.get("admin.disable_person", person_id=999_999_999, status=404)
    at_desk.get("admin.close_unit", unit_id=999_999_999, status=404)


def test_the_page_costs_the_same_however_much_is_held(at_desk, office, statements):
    person = make_person([Role.OFFICER])
    for _ in range(20):
        make_link(make_enterprise(), officer=person)
    with statements() as seen:
        page = at_desk.get("admin.disable_person", person_id=person.id)
    assert "20" in page.main
    assert len(seen) <= 10
