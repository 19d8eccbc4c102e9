"""The office makes its ledgers: a small one comes at once, a large one is waited for, fetched, removed."""

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.factories.accounts import PASSWORD, actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.ledgers import kept_order
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues.states import State
from visits.ledgers.models import Book

FIRM = "湖畔精密机械有限公司"


@pytest.fixture
def zone(server):
    """A coordinator with some problems, and a ledger of enterprises that waits to be made."""
    with server.opened():
        person = make_person([Role.COORDINATOR], username="xietiao", name="陈主任", password=PASSWORD)
        office = make_office()
        firm = make_enterprise(FIRM, park="湖畔园")
        for state in (State.REGISTERED, State.IN_PROGRESS, State.CLOSED):
            make_issue(office, state, enterprise=firm)
        order = {"book": Book.ENTERPRISES, "format": "xlsx", "columns": ["name", "code", "park"]}
        db.session.add(kept_order(actor_for(person), is_office=True, **order))
    return server


def fetched(page, button, tmp_path):
    """The first sheet of the workbook that a button brings."""
    with page.expect_download() as waiting:
        button.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.name, CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def test_ledgers_are_made_waited_for_and_removed(zone, windows, tmp_path):
    page = Desk(windows.open(), "xietiao", PASSWORD).sign_in().page
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("link", name="问题台账").click()
    page.get_by_label("统计期", exact=True).select_option("this_year")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    look(page, "ledger-problems")
    page.get_by_text("生成文件").click()
    name, (heads, *rows) = fetched(page, page.get_by_role("button", name="Excel (xlsx)"), tmp_path)
    assert ("问题台账" in name, heads[0], heads[-1], len(heads), len(rows)) == (True, "序号", "销号", 21, 3)

    page.get_by_role("link", name="我的台账文件").click()
    look(page, "ledgers")
    page.get_by_role("row", name="排队等候").get_by_role("link", name="企业台账").click()
    expect(page.get_by_role("status")).to_have_text("排队等候")
    look(page, "ledger-at-work")
    zone.flask("reports", "make-ledgers")
    expect(page.get_by_text("已生成")).to_be_visible(timeout=20_000)
    look(page, "ledger-ready")
    name, (heads, *rows) = fetched(page, page.get_by_role("button", name="下载"), tmp_path)
    assert (heads, [row[1] for row in rows]) == (["序号", "企业", "统一社会信用代码", "所属园区"], [FIRM])

    page.get_by_role("link", name="我的台账文件").click()
    page.get_by_role("button", name="移除").click()
    expect(page.get_by_text("暂无文件")).to_be_visible()


def test_the_pages_are_read_in_english_in_the_dark(zone, windows):
    page = Desk(windows.open(language="en", dark=True), "xietiao", PASSWORD).sign_in().page
    page.goto("/ledgers/visits")
    look(page, "ledger-visits-dark")
    page.goto("/ledgers")
    look(page, "ledgers-dark")
