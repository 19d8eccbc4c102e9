"""The list of service groups: each filter finds its rows."""

from datetime import date
from urllib.parse import urlencode

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import join, make_group, make_link
from visits.accounts.operations import PersonEntry, update_person
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.programmes.models import GroupRole

EVERY = "第一组 第二组 旧组"
FILTERS = [
    ([], EVERY),
    ([("unit", "UNIT")], "第一组"),
    ([("unit", "UNIT"), ("unit", "OTHER")], EVERY),
    ([("unit", "999999")], ""),
    ([("lacks", "leader")], "第二组"),
    ([("lacks", "leader"), ("lacks", "officer")], "第一组 第二组"),
    ([("lacks", "liaison")], "第一组"),
    ([("lacks", "few")], "第一组 第二组"),
    ([("lacks", "gone")], "第二组"),
    ([("lacks", "load")], "第二组"),
    ([("lacks", "unled")], "第一组"),
    ([("lacks", "gone"), ("lacks", "unled")], "第一组 第二组"),
    ([("lacks", "member")], "第一组 第二组 旧组"),
    ([("lacks", "chair")], EVERY),
    ([("state", "working")], "第一组 第二组"),
    ([("state", "closed")], "旧组"),
    ([("state", "working"), ("state", "closed")], EVERY),
    ([("state", "asleep")], EVERY),
    ([("q", "第"), ("lacks", "leader")], "第二组"),
]


@pytest.fixture
def ids(database, at):
    at("2026-11-23")
    unit, other = make_unit("经济发展局"), make_unit("投资促进局")
    first = make_group("第一组", unit)
    second = make_group("第二组", other)
    make_group("旧组", other).closed_on = date(2026, 6, 1)
    join(first, make_person(name="组长"), GroupRole.LEADER)
    make_link(make_enterprise(), first)
    left, officer = make_person(unit=unit), make_person(name="专员")
    join(second, left, GroupRole.LIAISON)
    update_person(SYSTEM, left, PersonEntry(left.username, left.name), None)
    join(second, officer, GroupRole.OFFICER)
    set_setting("officer_enterprises", 1)
    for _number in range(2):
        make_link(make_enterprise(), second, officer)
    db.session.commit()
    return {"UNIT": unit.id, "OTHER": other.id}


def test_each_filter_finds_its_rows(ids, client_for):
    coordinator = client_for(make_person([Role.COORDINATOR]))
    for filters, expected in FILTERS:
        given = [(name, ids.get(value, value)) for name, value in filters]
        page = coordinator.get(f"/groups?{urlencode(given)}")
        assert {row[0].split()[0] for row in page.rows} == set(expected.split()), filters
        assert len(page.root.all("a", class_="filter-chip")) == len(given), filters


def test_sorting_and_columns_stay_with_the_filter(ids, client_for):
    coordinator = client_for(make_person([Role.COORDINATOR]))
    page = coordinator.get(
        "/groups?sort=-enterprises&columns=enterprises,closed&state=working&state=closed"
    )
    assert page.rows[0][0] == "第二组"
    assert sorted(row[2] for row in page.rows) == ["2026-06-01", "—", "—"]
    hidden = {
        (field["name"], field["value"])
        for field in page.root.first("form", class_="filter-row").all("input", type="hidden")
    }
    assert {("sort", "-enterprises"), ("columns", "enterprises,closed")} <= hidden


def test_a_group_says_what_is_to_be_mended(ids, client_for):
    coordinator = client_for(make_person([Role.COORDINATOR]))
    page = coordinator.get("/groups?columns=faults&q=第")
    said = {row[0]: row[1] for row in page.rows}
    assert said["第一组"] == "缺服务员、缺联络员、不足4人、有企业未明确驻企服务员"
    assert "有成员已离岗" in said["第二组"]
