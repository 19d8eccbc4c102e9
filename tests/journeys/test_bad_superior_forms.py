"""What is sent by mistake or malice to pages of superiors' forms gets a sentence, and changes nothing."""

import io

import pytest

from tests.factories.accounts import actor_for
from tests.factories.superior import make_form, workbook
from tests.journeys.refusals import Try, assert_refused
from tests.journeys.tries import FAR, HUGE
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
    Try("coordinator", "/superior-forms/new", NEW, 422, "选择文件"),
    Try("coordinator", "/superior-forms/new", sent(b"\x89PNG\r\n\x1a\n" + bytes(64)), 422, "不是.xlsx"),
    Try("coordinator", "/superior-forms/new", sent(ole("EncryptedPackage")), 422, "密码"),
    Try("admin", "/superior-forms/new", sent(FAR), 422, "第1048576行"),
    Try("admin", "/superior-forms/new", sent(BOMB), 422, "过大"),
    Try("admin", "/superior-forms/new", sent(b"PK\x03\x04" + bytes(6_000_000)), 422, "5 MB"),
    Try("admin", "/superior-forms/new", sent(b"a\x00b", "\x00../../etc/passwd.xlsx"), 422, "不是.xlsx"),
    Try("admin", "/superior-forms/new", sent(workbook(), "附表.xlsm"), 422, "宏"),
    Try("admin", "/superior-forms/new", NEW | {"name": "长" * 81}, 422, "最多80个字"),
    Try("cadre", "/superior-forms/new", NEW, 403),
    Try("supervisor", "/superior-forms/new", NEW, 403),
    Try("visitor", "/superior-forms/new", NEW, 401, "登录"),
    Try("coordinator", AT + "/edit", {"name": " \u3000\x00\u200b"}, 422, "必填"),
    Try("coordinator", AT + "/edit", {"name": "改名", "revision": "0"}, 409, "已有其他人修改"),
    Try("coordinator", AT + "/edit", {"note": "长" * 1_000_000}, 422, "最多500个字"),
    Try("coordinator", "/superior-forms/999999/edit", {"name": "改名"}, 404),
    Try("coordinator", AT + "/versions/new", {"file": "keine Datei"}, 422, "正在准备"),
    Try("coordinator", CELL, {"source": "measure.weather"}, 422),
    Try("coordinator", CELL, {"source": ""}, 422, "请选择"),
    Try("coordinator", CELL, {"source": "text.words", "words": ""}, 422, "至少包含一个占位符"),
    Try("coordinator", CELL, VISITS | {"programme": "999999"}, 422),
    Try("coordinator", CELL, VISITS | {"period": "tomorrow"}, 422),
    Try("coordinator", CELL, VISITS | {"part": "denominator"}, 422, "没有分子分母"),
    Try("coordinator", CELL, {"source": "text.words", "words": "{天气}"}, 422, "没有名为“天气”的占位符"),
    Try("coordinator", CELL, {"source": "text.words", "words": "长" * 201}, 422, "最多200个字"),
    Try("coordinator", DRAFT + "/cell?sheet=1&at=C9", VISITS, 422, "公式"),
    Try("coordinator", DRAFT + "/cell?sheet=1&at=ZZZ99999", VISITS, 404, "没有这个单元格"),
    Try("coordinator", DRAFT + "/cell?sheet=99&at=C3", VISITS, 404),
    Try("coordinator", DRAFT + "/cell?sheet=1&at=<script>", VISITS, 404, "没有这个单元格"),
    Try("cadre", CELL, VISITS, 403),
    Try("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "weather", "first_row": "8"}, 422),
    Try("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "unit", "first_row": "0"}, 422, "行号"),
    Try("coordinator", DRAFT + "/rows?sheet=1", {"list_of": "unit", "first_row": HUGE}, 422, "行号"),
    Try(
        "coordinator",
        DRAFT + "/rows?sheet=1",
        {"list_of": "unit", "first_row": "8", "last_row": "7"},
        422,
        "不能在重复行之前",
    ),
    Try("coordinator", DRAFT + "/release", {"from_on": "2026-02-30"}, 422),
    Try("coordinator", DRAFT + "/release", {"from_on": ""}, 422, "启用日期"),
    Try("coordinator", DRAFT + "/release", {"from_on": "2027-01-01", "revision": "0"}, 409),
    Try("coordinator", USED + "/cell?sheet=1&at=C3", VISITS, 422, "不能再修改"),
    Try("coordinator", USED + "/cell/clear?sheet=1&at=C3", {}, 409, "不能再修改"),
    Try("coordinator", USED + "/rows/clear?sheet=1", {}, 409, "不能再修改"),
    Try("coordinator", USED + "/discard", {}, 409, "不能再修改"),
    Try("supervisor", AT + "/fill", {"term": "2026-13"}, 422),
    Try("supervisor", AT + "/fill", {"term": "days"}, 422, "起止日期"),
    Try(
        "supervisor", AT + "/fill", {"term": "days", "from": "2026-03-01", "to": "2026-02-01"}, 422, "早于"
    ),
    Try(
        "supervisor",
        AT + "/fill",
        {"term": "days", "from": "9999-01-01", "to": "9999-12-31"},
        422,
        "尚未开始",
    ),
    Try(
        "supervisor", AT + "/fill", {"term": "days", "from": "0001-01-01", "to": "2026-01-01"}, 422, "1980"
    ),
    Try("supervisor", AT + "/fill", {"term": "2026-01", "as_of": "9999-12-31"}, 422, "尚未到来"),
    Try("cadre", AT + "/fill", {"term": "2026-01"}, 403),
    Try("admin", AT + "/fill", {"term": "2026-01"}, 403),
    Try("supervisor", "/superior-forms/999999/fill", {"term": "2026-01"}, 404),
    Try("supervisor", "/superior-forms/fillings/999999/filled.xlsx", {}, 404),
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


def test_superiors_forms_refuse_with_a_sentence_and_nothing_changes(asked, contents):
    assert_refused(asked, contents, TRIES)
