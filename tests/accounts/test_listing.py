"""The list of people: each filter finds its rows; a person stands in it once."""

from datetime import date
from urllib.parse import urlencode

import pytest

from tests.factories.accounts import make_person, make_unit
from visits.accounts import listing, operations
from visits.accounts.listing import PeopleFilters
from visits.accounts.operations import PersonEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role


@pytest.mark.parametrize(
    ("q", "found"), [("", 3), ("伟", 2), ("ZHANG", 1), ("zhang", 1), ("%", 0), ("_", 1), ("没有", 0)]
)
def test_people_are_found_by_a_part_of_the_name(database, q, found):
    make_person(name="张伟", username="zhang_wei")
    make_person(name="李伟民", username="liwm")
    make_person(name="王芳", username="wangfang")
    assert listing.of_people(PeopleFilters(q)).page({}).total == found


def test_a_person_of_two_units_stands_once_in_the_list(database):
    person = make_person(unit=make_unit())
    entry = PersonEntry("x", person.name, unit_id=make_unit().id, since=date(2026, 1, 1))
    operations.update_person(SYSTEM, person, entry, None)
    assert [row.id for row in listing.of_people(PeopleFilters()).page({}).rows] == [person.id]


FILTERS = [
    ([], "管理 张办 李长 王退 赵新"),
    ([("unit", "UNIT")], "张办 王退"),
    ([("unit", "none")], "管理 李长 赵新"),
    ([("unit", "none"), ("unit", "UNIT")], "管理 张办 李长 王退 赵新"),
    ([("unit", "999999")], ""),
    ([("role", "handler"), ("role", "leader")], "张办 李长 王退"),
    ([("role", "none")], "赵新"),
    ([("role", "god")], "管理 张办 李长 王退 赵新"),
    ([("state", "disabled")], "王退"),
    ([("state", "active")], "管理 张办 李长 赵新"),
    ([("state", "invited"), ("q", "zhang")], "张办"),
    ([("state", "asleep")], "管理 张办 李长 王退 赵新"),
    ([("q", "zhang")], "张办"),
]


@pytest.fixture
def admin(database, client_for):
    return client_for(make_person([Role.ADMIN], name="管理", username="guanli"))


def test_each_filter_finds_its_rows(admin):
    unit = make_unit("经济发展局")
    make_person([Role.HANDLER], unit, name="张办", username="zhangban")
    make_person([Role.LEADER], name="李长")
    operations.disable_person(SYSTEM, make_person([Role.HANDLER], unit, name="王退"), "退休")
    make_person([], name="赵新")
    db.session.commit()
    for filters, expected in FILTERS:
        given = [(name, {"UNIT": unit.id}.get(value, value)) for name, value in filters]
        page = admin.get(f"/people?{urlencode(given)}")
        assert {row[0].split()[0] for row in page.rows} == set(expected.split()), filters
        assert len(page.root.all("a", class_="filter-chip")) == len(given), filters


def test_the_columns_say_what_is_recorded(admin):
    make_person([Role.HANDLER, Role.CADRE], make_unit("经济发展局"), name="张办", username="zhangban")
    page = admin.get("/people?columns=unit,roles,state&q=zhangban")
    assert page.rows == [["张办 未设密码", "zhangban", "经济发展局", "走访干部 单位经办人", "未设密码"]]


def test_no_more_statements_for_more_rows(admin, statements):
    with statements() as few:
        admin.get("accounts.people")
    for _ in range(12):
        make_person([Role.HANDLER], make_unit())
    db.session.commit()
    with statements() as many:
        admin.get("/people?role=handler&unit=none&role=none&columns=phone,roles")
    assert len(many) == len(few) <= 10
