"""What is sent by mistake or malice to pages of superiors' forms gets a sentence, and changes nothing."""

import io

import pytest

from tests.factories.accounts import actor_for
from tests.factories.superior import make_form, workbook
from tests.journeys.refusals import assert_refused
from tests.journeys.tries import FAR, HUGE, try_
from tests.support.workbooks import ole, packed
from visits.core.db import db
from visits.superior import operations, queries

AT = "/superior-forms/{form}"
DRAFT = "/superior-forms/versions/{draft}"
CELL = DRAFT + "/cell?sheet=1&at=C3"
USED = "/superior-forms/versions/{used}"
VISITS = {"source": "measure.visit_count"}
NEW = {"name": "走访月报", "superior": "市办"}
BOMB = packed(**{"xl/workbook.xml": "<a/>", "xl/worksheets/sheet1.xml": b" " * 70_000_000})


def sent(content, name="附表.xlsx"):
    return lambda: NEW | {"file": (io.BytesIO(content), name)}


TRIES = [
    try_("coordinator", "/superior-forms/new", NEW, 422, "选择文件"),
    try_("coordinator", "/superior-forms/new", sent(b"\x89PNG\r\n\x1a\n" + bytes(64)), 422, "不是.xlsx"),
    try_("coordinator", "/superior-forms/new", sent(ole("EncryptedPackage")), 422, "密码"),
    try_("admin", "/superior-forms/new", sent(FAR), 422, "第1048576行"),
    try_("admin", "/superior-forms/new", sent(BOMB), 422, "过大"),
    try_("admin", "/superior-forms/new", sent(b"PK\x03\x04" + bytes(6_000_000)), 422, "5 MB"),
    try_("admin", "/superior-forms/new", sent(b"a\x00b", "\x00../../etc/passwd.xlsx"), 422, "不是.xlsx"),
    try_("admin", "/superior-forms/new", sent(workbook(), "附表.xlsm"), 422, "宏"),
    try_("admin", "/superior-forms/new", NEW | {"name": "长" * 81}, 422, "最多80个字"),
    try_("cadre", "/superior-forms/new", NEW, 403),
    try_("supervisor", "/superior-forms/new", NEW, 403),
    try_("visitor", "/superior-forms/new", NEW, 401, "登录"),
    try_("coordinator", AT + "/edit", {"name": " \u3000\x00\u200b"}, 422, "必填"),
    try_("coordinator", AT + "/edit", {"name": "改名", "revision": "0"}, 409, "已有其他人修改"),
    try_("coordinator", AT + "/edit", {"note": "长" * 1_000_000}, 422, "最多500个字"),
    try_("coordinator", "/superior-forms/999999/edit", {"name": "改名"}, 404),
    try_("coordinator", AT + "/versions/new", {"file": "keine Datei"}, 422, "正在准备"),
    try_("coordinator", CELL, {"source": "measure.weather"}, 422),
    try_("coordinator", CELL, {"source": ""}, 422, "请选择"),
    try_("coordinator", CELL, {"source": "text.words", "words": ""}, 422, "至少包含一个空格"),
    try_("coordinator", CELL, VISITS | {"programme": "999999"}, 422),
    try_("coordinator", CELL, VISITS | {"period": "tomorrow"}, 422),
    try_("coordinator", CELL, VISITS | {"part": "denominator"}, 422, "没有分子分母"),
    try_("coordinator", CELL, {"source": "text.words", "words": "{天气}"}, 422, "没有名为“天气”的空格"),
    try_("coordinator", CELL, {"source": "text.words", "words": "长" * 201}, 422, "最多200个字"),
    try_("coordinator", DRAFT + "/cell?sheet=1&at=C9", VISITS, 422, "公式"),
    try_("coordinator", DRAFT + "/cell?sheet=1&at=ZZZ99999", VISITS, 404, "没有这个单元格"),
    try_("coordinator", DRAFT + "/cell?sheet=99&at=C3", VISITS, 404),
    try_("coordinator", DRAFT + "/cell?sheet=1&at=<script>", VISITS, 404, "没有这个单元格"),
    try_("cadre", CELL, VISITS, 403),
    try_("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "weather", "first_row": "8"}, 422),
    try_("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "unit", "first_row": "0"}, 422, "行号"),
    try_("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "unit", "first_row": HUGE}, 422, "行号"),
    try_(
        "coordinator",
        DRAFT + "/rows?sheet=1",
        {"list_of": "unit", "first_row": "8", "last_row": "7"},
        422,
        "不能在重复行之前",
    ),
    try_("coordinator", DRAFT + "/release", {"from_on": "2026-02-30"}, 422),
    try_("coordinator", DRAFT + "/release", {"from_on": ""}, 422, "启用日期"),
    try_("coordinator", DRAFT + "/release", {"from_on": "2027-01-01", "revision": "0"}, 409),
    try_("coordinator", USED + "/cell?sheet=1&at=C3", VISITS, 422, "不能再修改"),
    try_("coordinator", USED + "/cell/clear?sheet=1&at=C3", {}, 409, "不能再修改"),
    try_("coordinator", USED + "/rows/clear?sheet=1", {}, 409, "不能再修改"),
    try_("coordinator", USED + "/discard", {}, 409, "不能再修改"),
    try_("supervisor", AT + "/fill", {"term": "2026-13"}, 422),
    try_("supervisor", AT + "/fill", {"term": "days"}, 422, "起止日期"),
    try_(
        "supervisor", AT + "/fill", {"term": "days", "from": "2026-03-01", "to": "2026-02-01"}, 422, "早于"
    ),
    try_(
        "supervisor",
        AT + "/fill",
        {"term": "days", "from": "9999-01-01", "to": "9999-12-31"},
        422,
        "尚未开始",
    ),
    try_(
        "supervisor", AT + "/fill", {"term": "days", "from": "0001-01-01", "to": "2026-01-01"}, 422, "1980"
    ),
    try_("supervisor", AT + "/fill", {"term": "2026-01", "as_of": "9999-12-31"}, 422, "尚未到来"),
    try_("cadre", AT + "/fill", {"term": "2026-01"}, 403),
    try_("admin", AT + "/fill", {"term": "2026-01"}, 403),
    try_("supervisor", "/superior-forms/999999/fill", {"term": "2026-01"}, 404),
    try_("supervisor", "/superior-forms/fillings/999999/filled.xlsx", {}, 404),
]


@pytest.fixture
def asked(world, at):
    """A form in use with a second version being prepared."""
    at("2026-11-27")
    actor = actor_for(world.people["coordinator"])
    used = make_form(actor)
    draft = operations.add_version(actor, queries.get_form(used.form_id), b"", "")
    world.ids |= {"form": used.form_id, "used": used.id, "draft": draft.id}
    db.session.commit()
    return world


@pytest.mark.parametrize(("who", "path", "data", "answer", "says"), TRIES)
def test_superiors_forms_refuse_with_a_sentence_and_nothing_changes(
    asked, contents, who, path, data, answer, says
):
    assert_refused(asked, contents, who, path, data, answer, says)
