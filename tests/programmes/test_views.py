"""Pages of programmes and groups, as a coordinator and as others see them."""

from datetime import date

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import join, make_group, make_link, make_programmes
from visits.accounts.operations import PersonEntry, disable_person, update_person
from visits.core.authz import SYSTEM
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.programmes import operations as programme_operations
from visits.programmes import queries as programmes
from visits.programmes.models import GroupRole
from visits.programmes.operations import GroupEntry


@pytest.fixture(autouse=True)
def _day(at, database):
    at("2026-11-23")


@pytest.fixture
def coordinator(client_for):
    make_programmes()
    person = make_person(roles=[Role.COORDINATOR], name="陈主任")
    return client_for(person)


@pytest.fixture
def group(database):
    return make_group("第一服务组", make_unit("经济发展局"))


def test_both_programmes_are_listed_with_what_they_count(coordinator):
    rows = coordinator.get("programmes.index").rows
    assert [row[0] for row in rows] == ["企业大走访", "组团联企"]
    assert all(row[3] == "0" for row in rows)


def test_a_group_is_formed_and_opened(coordinator):
    unit = make_unit("投资促进局")
    page = coordinator.post("programmes.new_group", {"name": "第二服务组", "lead_unit_id": str(unit.id)})
    shown = coordinator.get(page.location)
    assert shown.heading == "第二服务组"
    assert "投资促进局" in shown.main


def test_a_name_taken_is_said_beside_the_field_and_nothing_typed_is_lost(coordinator, group):
    data = {"name": group.name, "lead_unit_id": str(group.lead_unit_id)}
    page = coordinator.post("programmes.new_group", data, status=422)
    assert len(page.errors) == 1
    assert page.root.first("input", name="name")["value"] == group.name


def test_people_join_and_leave_a_group(coordinator, group):
    person = make_person(name="李干部")
    data = {"person_id": str(person.id), "role": "officer", "from_on": "2026-11-01"}
    coordinator.post("programmes.new_member", data, group_id=group.id)
    page = coordinator.get("programmes.group", group_id=group.id)
    assert [row[0] for row in page.rows] == ["李干部"]
    [end] = [a for a in page.root.all("a") if "/members/" in a["href"] and a["href"].endswith("/end")]
    assert "李干部" in coordinator.get(end["href"]).main
    coordinator.post(end["href"], {"last_on": "2026-11-20"})
    [row] = coordinator.get("programmes.group", group_id=group.id).rows
    assert "2026-11-01 – 2026-11-20" in row[4]


def test_an_enterprise_is_linked_and_the_link_ended(coordinator, group):
    enterprise, officer = make_enterprise("临平智造有限公司"), make_person(name="赵专员")
    ids = make_programmes()
    data = {
        "enterprise_id": str(enterprise.id),
        "programme_id": str(ids["group_linked"]),
        "officer_id": str(officer.id),
        "from_on": "2026-11-02",
    }
    coordinator.post("programmes.new_link", data, group_id=group.id)
    page = coordinator.get("programmes.group", group_id=group.id)
    [row] = page.rows
    assert (row[0], row[1], row[2]) == ("临平智造有限公司", "组团联企", "赵专员")
    again = coordinator.post("programmes.new_link", data, group_id=group.id, status=422)
    assert len(again.errors) == 1
    [end] = [a for a in page.root.all("a") if "/links/" in a["href"] and a["href"].endswith("/end")]
    coordinator.post(end["href"], {"last_on": "2026-11-22"})
    assert coordinator.get("programmes.index").rows[1][3] == "0"


def test_an_end_before_the_beginning_is_refused(coordinator, database, group):
    member = join(group, make_person(), from_on=date(2026, 11, 10))
    database.session.flush()
    address = f"/groups/{group.id}/members/{member.id}/end"
    assert len(coordinator.post(address, {"last_on": "2026-11-01"}, status=422).errors) == 1


def warnings(browser, group, **args):
    page = browser.get("programmes.group", group_id=group.id, **args)
    return [flash.text for flash in page.root.all(class_="flash-warning")]


def test_what_a_group_lacks_is_said_until_it_is_mended(coordinator, group):
    firm, officer = make_enterprise(), make_person()
    make_link(firm, group)
    assert len(warnings(coordinator, group)) == 5
    page = coordinator.get("programmes.group", group_id=group.id)
    [add] = [a["href"] for a in page.root.all("a") if a["href"].endswith("members/new?role=leader")]
    [role] = coordinator.get(add).root.all("option", value="leader")
    assert "selected" in role
    for role in (GroupRole.LEADER, GroupRole.OFFICER, GroupRole.LIAISON, GroupRole.MEMBER):
        join(group, officer if role is GroupRole.OFFICER else make_person(), role)
    [unled] = warnings(coordinator, group)
    assert "1家企业未明确驻企服务员" in unled
    page = coordinator.get("programmes.name_officer", group_id=group.id)
    coordinator.post(
        "programmes.name_officer", {"officer_id": str(officer.id)}, group_id=group.id, page=page
    )
    assert warnings(coordinator, group) == []
    assert [row[2] for row in coordinator.get("programmes.group", group_id=group.id).rows][-1] == "—"


def test_whoever_left_or_is_disabled_is_named(coordinator, group, database):
    person = make_person(name="赵干部")
    join(group, person, GroupRole.LEADER)
    assert not any("赵干部" in said for said in warnings(coordinator, group))
    disable_person(SYSTEM, person, "调离")
    database.session.commit()
    assert any("赵干部" in said for said in warnings(coordinator, group))


def test_too_many_enterprises_for_the_officers_are_counted(coordinator, group, database):
    officer = make_person()
    join(group, officer, GroupRole.OFFICER)
    set_setting("officer_enterprises", 2)
    for _number in range(3):
        make_link(make_enterprise(), group, officer)
    database.session.commit()
    assert any("3家企业" in said and "1名" in said for said in warnings(coordinator, group))


def test_a_new_officer_leaves_the_past_as_it_was(coordinator, group):
    old, new = make_person(name="孙专员"), make_person(name="周专员")
    firm = make_enterprise("临平智造有限公司")
    link = make_link(firm, group, old)
    data = {"link_ids": str(link.id), "officer_id": str(new.id), "from_on": "2026-11-20"}
    coordinator.post("programmes.name_officer", data, group_id=group.id)
    assert programmes.link_of(firm.id, date(2026, 11, 19)).officer == "孙专员"
    assert programmes.link_of(firm.id, date(2026, 11, 20)).officer == "周专员"
    again = coordinator.post("programmes.name_officer", data, group_id=group.id, status=422)
    assert again.errors


@pytest.mark.parametrize(
    "wrong",
    [{"link_ids": None}, {"link_ids": "999999"}, {"officer_id": "999999"}, {"from_on": "2026-02-30"}],
)
def test_naming_an_officer_wrongly_changes_nothing(coordinator, group, wrong):
    officer = make_person()
    link = make_link(make_enterprise(), group)
    data = {"link_ids": str(link.id), "officer_id": str(officer.id), "from_on": "2026-11-20"} | wrong
    coordinator.post("programmes.name_officer", data, group_id=group.id, status=422)
    assert programmes.get_link(group.id, link.id).until_on is None


def test_a_group_as_of_a_day_shows_the_people_units_and_names_of_then(coordinator, group, database):
    old, new = make_unit("招商局"), make_unit("科技局")
    person = make_person(name="吴组长", unit=old, since=date(2025, 1, 1))
    join(group, person, GroupRole.LEADER, date(2025, 3, 1), date(2026, 2, 1))
    join(group, make_person(name="郑组长"), GroupRole.LEADER, date(2026, 2, 1))
    make_link(
        make_enterprise("旧联企业有限公司"),
        group,
        person,
        from_on=date(2025, 3, 1),
        until_on=date(2026, 2, 1),
    )
    update_person(SYSTEM, person, PersonEntry(person.username, person.name, unit_id=new.id), None)
    entry = GroupEntry("改名后的组", new.id)
    programme_operations.update_group(SYSTEM, group, entry, None)
    database.session.commit()
    then = coordinator.get("programmes.group", group_id=group.id, on="2025-11-23")
    assert then.heading == "第一服务组"
    assert "经济发展局" in then.main
    assert [row[:2] for row in then.rows] == [["吴组长", "招商局"], ["旧联企业有限公司", "组团联企"]]
    assert not [a for a in then.root.all("a") if a["href"].endswith(("/end", "/new", "/edit", "/officer"))][
        1:
    ]
    now = coordinator.get("programmes.group", group_id=group.id, on="nonsense")
    assert now.heading == "改名后的组"
    assert [row[1] for row in now.rows[:2]] == ["—", "科技局"]


@pytest.mark.parametrize("q", ["%", "'", "没有这个组"])
def test_a_search_that_finds_nothing_says_what_to_do(coordinator, group, q):
    page = coordinator.get("programmes.groups", q=q)
    assert page.rows == []
    assert "/groups" in page.links.values()


def test_a_search_takes_a_part_of_the_name(coordinator, group):
    make_group("第二服务组")
    assert [row[0] for row in coordinator.get("programmes.groups", q=" 第一 ").rows] == [group.name]


@pytest.mark.parametrize(
    "path",
    ["", "/edit", "/members/new", "/links/new", "/links/by-list", "/members/1/end", "/links/1/end"],
)
def test_a_group_that_does_not_exist_is_not_found(coordinator, path):
    coordinator.get(f"/groups/999{path}", status=404)


@pytest.mark.parametrize(("role", "status"), [(Role.CADRE, 200), (Role.LEADER, 200), (Role.CALLBACK, 403)])
def test_who_reads_the_groups(client_for, group, role, status):
    person = make_person(roles=[role])
    browser = client_for(person)
    browser.get("programmes.groups", status=status)
    browser.get("programmes.group", group_id=group.id, status=status)
    browser.get("programmes.new_group", status=403)
    browser.get("programmes.new_member", group_id=group.id, status=403)


def test_twice_the_groups_take_the_same_statements(coordinator, statements):
    counts = []
    for _round in range(2):
        for _number in range(3):
            group = make_group()
            join(group, make_person(), GroupRole.LEADER)
            make_link(make_enterprise(), group)
        with statements() as seen:
            coordinator.get("programmes.groups")
        counts.append(len(seen))
        with statements() as seen:
            coordinator.get("programmes.group", group_id=group.id)
        counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10
