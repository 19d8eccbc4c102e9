"""The list of visits: each filter finds its rows, each column says what was recorded."""

from datetime import date
from urllib.parse import urlencode

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import make_group, make_link
from visits.core.db import db
from visits.core.permissions import Role
from visits.outreach.models import VisitKind
from visits.programmes.models import ENTERPRISE_VISIT, GROUP_LINKED, VisitMode
from visits.programmes.queries import programme_ids_by_code

LINKED, PLAIN, BOTH = "临平联企公司", "余杭走访公司", "临平联企公司 余杭走访公司"


@pytest.fixture
def ids(database, at):
    at("2026-11-23")
    group, unit = make_group("第一组"), make_unit("经济发展局")
    person = make_person([Role.CADRE], unit, name="张三")
    linked, plain = make_enterprise(LINKED), make_enterprise(PLAIN)
    make_link(linked, group)
    programmes = (ENTERPRISE_VISIT, GROUP_LINKED)
    make_visit(
        linked,
        programmes=programmes,
        visited_on=date(2026, 10, 8),
        mode=VisitMode.PHONE,
        group_id=group.id,
        kind=VisitKind.TOPICAL,
    )
    make_visit(plain, author=person, visited_on=date(2026, 11, 23), problems=[problem_at(plain)])
    db.session.commit()
    codes = programme_ids_by_code()
    return {
        "GROUP": group.id,
        "UNIT": unit.id,
        "PERSON": person.id,
        "LINK": codes[GROUP_LINKED],
        "VISIT": codes[ENTERPRISE_VISIT],
    }


@pytest.fixture
def coordinator(ids, client_for):
    return client_for(make_person([Role.COORDINATOR]))


FILTERS = [
    ([], BOTH),
    ([("programme", "LINK"), ("programme", "VISIT")], BOTH),
    ([("programme", "LINK")], LINKED),
    ([("programme", "none")], ""),
    ([("programme", "none"), ("programme", "LINK")], LINKED),
    ([("programme", "999999")], ""),
    ([("mode", "phone"), ("mode", "on_site")], BOTH),
    ([("mode", "phone")], LINKED),
    ([("mode", "flying")], BOTH),
    ([("kind", "topical")], LINKED),
    ([("group", "GROUP")], LINKED),
    ([("group", "none")], PLAIN),
    ([("group", "none"), ("group", "GROUP")], BOTH),
    ([("unit", "UNIT")], PLAIN),
    ([("person", "PERSON")], PLAIN),
    ([("person", "999999")], ""),
    ([("visited", "today")], PLAIN),
    ([("visited", "this_quarter")], BOTH),
    ([("visited", "last_month")], LINKED),
    ([("visited", "this_quarter"), ("to", "2026-11-01")], LINKED),
    ([("visited", "today"), ("to", "2026-11-01")], ""),
    ([("from", "2026-11-01"), ("to", "2026-10-01")], ""),
    ([("visited", "some day")], BOTH),
    ([("recorded", "today")], BOTH),
    ([("recorded", "last_week")], ""),
    ([("problems", "some")], PLAIN),
    ([("problems", "none")], LINKED),
    ([("late", "y")], LINKED),
    ([("q", "联企")], LINKED),
]


def test_each_filter_finds_its_rows(coordinator, ids):
    for filters, expected in FILTERS:
        given = [(name, ids.get(value, value)) for name, value in filters]
        page = coordinator.get(f"/visits?{urlencode(given)}")
        assert {row[1] for row in page.rows} == set(expected.split()), filters
        assert len(page.root.all("a", class_="filter-chip")) == len(given), filters


def test_a_chip_names_the_participant(coordinator, ids):
    page = coordinator.get("outreach.index", person=ids["PERSON"])
    assert [chip.text for chip in page.root.all("a", class_="filter-chip")] == ["参加人员：张三"]


def test_the_columns_say_what_was_recorded(coordinator):
    page = coordinator.get("/visits?columns=programmes,names,units,kind,group,late,place&sort=visited")
    heads = [head.text for head in page.root.all("th")]
    linked, plain = (dict(zip(heads, row, strict=True)) for row in page.rows)
    assert linked["专项行动"] == "企业大走访 组团联企"
    assert (linked["服务组"], linked["补录"]) == ("第一组", "是")
    assert plain["参加人员姓名"] == "张三"
    assert plain["参加单位"] == "经济发展局"
    assert plain["补录"] == "—"


def test_enterprises_stand_in_the_order_in_which_they_were_entered(coordinator):
    firms = [make_enterprise(name) for name in ("丙公司", "甲公司", "乙公司", "丁公司")]
    make_visit(*firms, visited_on=date(2026, 11, 22))
    db.session.commit()
    [row] = coordinator.get("/visits?q=丙公司").rows
    assert row[1].startswith("丙公司 甲公司 乙公司 等")


def test_no_more_statements_for_more_rows_or_filters(coordinator, statements):
    with statements() as few:
        coordinator.get("outreach.index")
    for _ in range(12):
        make_visit(make_enterprise())
    db.session.commit()
    with statements() as many:
        coordinator.get("/visits?mode=on_site&group=none&visited=this_year&columns=names,units,summary")
    assert len(many) == len(few) <= 10
