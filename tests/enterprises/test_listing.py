"""The list of the register: each filter finds its rows, each column says what is recorded."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.programmes import make_group, make_link
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises import listing, operations
from visits.enterprises.models import ContactRole, EnterpriseStatus, Measure
from visits.enterprises.operations import ContactEntry, FactEntry

LAKE, RIVER, CHANG = "湖畔精密机械有限公司", "江滨电子有限公司", "重庆长江物流有限公司"


@pytest.fixture
def office(database, client_for):
    lake = make_enterprise(
        LAKE, code=make_code(701), street="湖畔街道", park="东园", tags=["规上企业", "高新"]
    )
    river = make_enterprise(
        RIVER, code=make_code(702), street="江滨街道", status=EnterpriseStatus.HALTED, tags=["高新"]
    )
    make_enterprise(CHANG, code="", provisional_reason="走访时未见营业执照", district="临湖区")
    revenue = FactEntry(2025, Measure.REVENUE, Decimal("1.2"), "亿元", "统计局")
    operations.record_fact(SYSTEM, lake, revenue)
    make_link(lake, make_group("第一组"), make_person(name="王专员"))
    make_link(river, make_group("第二组"))
    operations.add_contact(SYSTEM, lake, ContactEntry(ContactRole.LIAISON, "张联络", "主任", "13812345678"))
    return client_for(make_person([Role.COORDINATOR]))


def names(page):
    return {row[0].removesuffix(" 暂存") for row in page.rows}


FILTERS = [
    ([("status", "normal"), ("status", "halted")], {LAKE, RIVER, CHANG}),
    ([("status", "halted")], {RIVER}),
    ([("status", "halted"), ("status", "nonsense")], {RIVER}),
    ([("status", "nonsense")], {LAKE, RIVER, CHANG}),
    ([("street", "湖畔街道"), ("street", "江滨街道")], {LAKE, RIVER}),
    ([("street", "none")], {CHANG}),
    ([("street", "none"), ("street", "湖畔街道")], {CHANG, LAKE}),
    ([("street", "无此街道")], set()),
    ([("district", "临湖区")], {CHANG}),
    ([("park", "东园")], {LAKE}),
    ([("park", "none")], {RIVER, CHANG}),
    ([("figure", "revenue-2025")], {LAKE}),
    ([("figure", "what")], {LAKE, RIVER, CHANG}),
    ([("tag", "规上企业"), ("tag", "高新")], {LAKE, RIVER}),
    ([("tag", "none")], {CHANG}),
    ([("tag", "none"), ("tag", "规上企业")], {CHANG, LAKE}),
    ([("group", "none")], {CHANG}),
    ([("group", "999999")], set()),
    ([("group", "x")], {LAKE, RIVER, CHANG}),
    ([("contact", "none")], {RIVER, CHANG}),
    ([("contact", "what")], {LAKE, RIVER, CHANG}),
    ([("provisional", "1")], {CHANG}),
    ([("status", "normal"), ("street", "湖畔街道"), ("q", "hpjm")], {LAKE}),
]


@pytest.mark.parametrize(("asked", "expected"), FILTERS)
def test_each_filter_finds_its_rows(office, asked, expected):
    page = office.get(f"/enterprises?{urlencode(asked)}")
    assert names(page) == expected
    chips = page.root.all("a", class_="filter-chip")
    assert len(chips) == len(asked)
    assert [c.text.endswith("（无法识别，未采用）") for c in chips] == [
        value in {"nonsense", "x", "what"} for _, value in asked
    ]


def test_several_groups_are_found_at_once(office):
    (first, second) = [key for key, _ in listing.offered()["group"]]
    assert names(office.get(f"/enterprises?group={first}&group={second}")) == {LAKE, RIVER}
    assert names(office.get(f"/enterprises?group={first}&group=none")) == {LAKE, CHANG}


def test_a_chip_takes_its_own_filter_away_and_no_other(office):
    page = office.get("/enterprises?street=none&street=湖畔街道&status=normal&sort=-name&columns=code")
    chips = {chip.text: chip["href"] for chip in page.root.all("a", class_="filter-chip")}
    less = office.get("/enterprises" + chips["街道：湖畔街道"])
    assert names(less) == {CHANG}
    assert [chip.text for chip in less.root.all("a", class_="filter-chip")] == [
        "街道：未填街道",
        "状态：正常",
    ]
    cleared = office.get("/enterprises" + page.links["全部清除"])
    assert [row[0].removesuffix(" 暂存") for row in cleared.rows] == [RIVER, LAKE, CHANG]
    assert [head.text for head in cleared.root.all("th")] == ["企业", "统一社会信用代码"]


def test_the_columns_say_what_is_recorded(office):
    page = office.get("/enterprises?columns=tags,group,officer,liaison,phone,park&sort=name")
    rows = {row[0].removesuffix(" 暂存"): row[1:] for row in page.rows}
    assert rows[LAKE] == ["规上企业、高新", "第一组", "王专员", "张联络", "138****5678", "东园"]
    assert rows[CHANG] == ["—"] * 6
    assert "13812345678" not in page.response.text


@pytest.mark.parametrize("columns", ["", "nonsense", "name", "name,name", "x" * 3000])
def test_the_name_is_always_there(office, columns):
    page = office.get(f"/enterprises?columns={columns}")
    assert page.root.first("th").text == "企业"
    assert names(page) == {LAKE, RIVER, CHANG}


def test_filters_offer_what_the_register_holds(office):
    offered = listing.offered()
    assert offered["street"] == [("江滨街道", "江滨街道"), ("湖畔街道", "湖畔街道")]
    assert {label for _, label in offered["tag"]} == {"规上企业", "高新"}
    assert [name for _, name in offered["group"]] == ["第一组", "第二组"]


def test_no_more_statements_for_more_rows_or_columns(office, statements):
    with statements() as few:
        office.get("enterprises.index")
    for number in range(30):
        make_enterprise(f"临湖第{number}机械有限公司", tags=["高新"])
    db.session.commit()
    with statements() as many:
        office.get("/enterprises?columns=tags,group,officer,liaison,phone&tag=高新&group=none")
    assert len(many) == len(few) <= 10
