"""Pages of superiors' forms: from the workbook taken in to the file downloaded."""

import io

import openpyxl
import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.superior import SHEET, make_form, workbook
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.superior.models import FormVersion, MappedCell, RepeatedRow

VISITS = "measure.visit_count"


@pytest.fixture
def office(database, at):
    at("2026-11-20")
    unit = make_unit("企业服务局")
    set_setting("zone_name", "滨江高新区")
    roles = {"admin": Role.ADMIN, "coordinator": Role.COORDINATOR, "leader": Role.LEADER}
    people = {name: make_person([role], unit, name=name) for name, role in roles.items()}
    make_visit(make_enterprise())
    db.session.commit()
    return people


@pytest.fixture
def browsers(office, client_for):
    return {name: client_for(person) for name, person in office.items()}


@pytest.fixture
def in_use(office):
    version = make_form(actor_for(office["coordinator"]))
    db.session.commit()
    return version


def sent(content=None, name="附表1.xlsx"):
    return {"name": "走访月报", "superior": "市办", "file": (io.BytesIO(content or workbook()), name)}


def newest():
    return db.session.scalars(sa.select(FormVersion).order_by(FormVersion.id.desc())).first()


def put(browser, version, at, entry, sheet=1):
    return browser.post(f"/superior-forms/versions/{version.id}/cell?sheet={sheet}&at={at}", entry)


def test_from_the_workbook_to_the_file(browsers):
    admin, leader = browsers["admin"], browsers["leader"]
    opened = admin.post("superior.new", sent())
    version = newest()
    page = admin.get(opened.location)
    assert "尚未设置任何单元格" in page.main
    assert "=SUM(C8:C8)" in page.main
    put(admin, version, "C3", {"source": VISITS})
    put(admin, version, "A2", {"source": "text.words", "words": "填报单位：{单位}（{填报人}）"})
    page = admin.get(opened.location)
    assert "走访家次" in page.main
    admin.post(page.links["启用"])
    page = leader.get("superior.index")
    assert "使用中" in page.main
    form = leader.get(page.links["走访月报"])
    filled = leader.post(form.links["填报"], {"term": "2026-11"})
    page = leader.get(filled.location)
    assert "走访家次" in page.main
    assert leader.get(page.links["1"]).status == 200  # the number opens its rows
    file = leader.post(filled.location + "/filled.xlsx", status=200)
    sheet = openpyxl.load_workbook(io.BytesIO(file.response.data))[SHEET]
    assert (sheet["C3"].value, sheet["A2"].value) == (1, "填报单位：滨江高新区（leader）")
    assert "attachment" in file.response.headers["Content-Disposition"]


def test_the_administrator_sees_no_figures(browsers, in_use):
    page = browsers["admin"].get("superior.show", superior_form_id=in_use.form_id)
    assert "填报记录" not in page.main
    browsers["admin"].get("superior.fill", superior_form_id=in_use.form_id, status=403)


def test_the_coordinator_repeats_a_row(browsers):
    desk = browsers["coordinator"]
    desk.post("superior.new", sent())
    version = newest()
    entry = {"list_of": "unit", "first_row": "8", "last_row": ""}
    desk.post(f"/superior-forms/versions/{version.id}/rows?sheet=1", entry)
    page = desk.get("superior.version", version_id=version.id)
    assert "第8行按“单位”逐行列出" in page.main
    form = desk.get(f"/superior-forms/versions/{version.id}/cell?sheet=1&at=B8")
    assert "名单的列" in form.text or "名称" in form.text
    put(desk, version, "B8", {"source": "column.name"})
    put(desk, version, "C8", {"source": "measure.registered", "period": "year"})
    assert db.session.scalars(sa.select(RepeatedRow)).one().last_row == 8
    desk.post(f"/superior-forms/versions/{version.id}/rows/clear?sheet=1")
    page = desk.get("superior.version", version_id=version.id)
    assert "名单的列只能放在重复行里" in page.main
    assert "B8" in page.root.first(id="faults").text


def test_what_is_wrong_is_told_by_cell(browsers):
    desk = browsers["coordinator"]
    desk.post("superior.new", sent())
    version = newest()
    path = f"/superior-forms/versions/{version.id}/cell?sheet=1&at="
    wrong = (
        ("C9", {"source": VISITS}, "公式"),
        ("C3", {"source": VISITS, "part": "denominator"}, "没有分子分母"),
        ("C3", {"source": "text.words", "words": "填报：{天气}"}, "没有名为“天气”的占位符"),
        ("C3", {"source": "text.words", "words": "没有空格"}, "至少包含一个占位符"),
    )
    for at, entry, says in wrong:
        assert says in desk.post(path + at, entry, status=422).main
    assert db.session.scalar(sa.select(sa.func.count(MappedCell.id))) == 0


def test_a_cell_inside_a_merged_area_is_its_first(browsers):
    desk = browsers["coordinator"]
    desk.post("superior.new", sent())
    page = desk.get(f"/superior-forms/versions/{newest().id}/cell?sheet=1&at=d2")
    assert "单元格A2" in page.heading
    assert "填报单位：{单位}" in str(page.root.first("input", name="words")["value"])


def test_a_version_in_use_does_not_change_and_a_new_one_takes_over(browsers, in_use):
    desk = browsers["coordinator"]
    path = f"/superior-forms/versions/{in_use.id}/cell?sheet=1&at=C3"
    assert "不能再修改" in desk.get(path, status=409).main
    assert "不能再修改" in desk.post(path, {"source": VISITS}, status=422).main
    opened = desk.post("superior.new_version", {}, superior_form_id=in_use.form_id)
    draft = newest()
    assert draft.number == 2
    assert "走访家次" in desk.get(opened.location).main
    release = f"/superior-forms/versions/{draft.id}/release"
    assert "启用日期" in desk.post(release, {}, status=422).main
    desk.post(release, {"from_on": "2026-11-01"})
    for term, number in (("2026-10", "1"), ("2026-11", "2")):
        filled = desk.post("superior.fill", {"term": term}, superior_form_id=in_use.form_id)
        page = desk.get(filled.location)
        assert ["版本", number] in [
            [dt.text, dd.text] for dt, dd in zip(page.root.all("dt"), page.root.all("dd"), strict=True)
        ]


def test_another_workbook_tells_what_does_not_fit(browsers, in_use):
    desk = browsers["coordinator"]
    other = workbook(lambda book: book.remove(book["问题清单"]))
    opened = desk.post(
        "superior.new_version", {"file": (io.BytesIO(other), "新表.xlsx")}, superior_form_id=in_use.form_id
    )
    page = desk.get(opened.location)
    assert "没有这个工作表" in page.root.first(id="faults").text
    assert "启用" not in page.links
    desk.post(f"/superior-forms/versions/{newest().id}/discard")
    assert newest().id == in_use.id


def test_a_form_that_is_dropped_is_not_filled(browsers, in_use):
    desk = browsers["coordinator"]
    desk.post("superior.edit", {"is_dropped": "y"}, superior_form_id=in_use.form_id)
    page = desk.get("superior.show", superior_form_id=in_use.form_id)
    assert "已停报" in page.main
    assert "填报" not in page.links
    answer = desk.post("superior.fill", {"term": "2026-11"}, superior_form_id=in_use.form_id, status=422)
    assert "已停报" in answer.main


def test_pages_cost_few_statements(browsers, in_use, statements):
    desk = browsers["coordinator"]
    filled = desk.post("superior.fill", {"term": "2026-11"}, superior_form_id=in_use.form_id)
    desk.post("superior.new_version", {}, superior_form_id=in_use.form_id)
    addresses = (
        "/superior-forms",
        f"/superior-forms/{in_use.form_id}",
        f"/superior-forms/versions/{in_use.id}",
        f"/superior-forms/versions/{newest().id}/cell?sheet=1&at=C3",
        f"/superior-forms/{in_use.form_id}/fill",
        filled.location,
    )
    for address in addresses:
        with statements() as seen:
            desk.get(address)
        assert len(seen) <= 10, (address, len(seen))
