"""An office takes its own ledger of visits in: file, columns, preview, result, and back again."""

import csv

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD
from tests.support.chromium import look
from tests.support.desk import Desk
from tests.support.import_desk import figures, take_back, take_in

FIRM, OTHER = "湖畔精密机械有限公司", "星桥青禾食品有限公司"
VISITS = ("/visits", "ledger")
HEADER = (
    "序号",
    "走访时间",
    "走访企业",
    "走访形式",
    "带队领导",
    "走访人员",
    "走访内容",
    "主要诉求",
    "登记日期",
)
NOTE = "到企业生产一线了解订单、用工和原材料供应情况，并介绍近期惠企政策。"


def row(number, day, firm=FIRM, people="张伟、李芳", wishes="无", mode="实地走访"):
    return [str(number), day, firm, mode, "王强副主任", people, NOTE, wishes, "2025-12-1"]


@pytest.fixture
def ledger(tmp_path):
    """Seven rows under a title; three of them cannot go in, one is a visit twice."""
    rows = [
        row(1, "11月3日、5日"),
        row(2, "11月10日至12日", f"{FIRM}、{OTHER}", wishes="厂区门口道路破损，货车进出困难。"),
        row(3, "11月14日", OTHER, people="经济发展局：李芳；税务局：钱进等3人"),
        row(4, "去年春天"),
        row(5, "11月18日", "湖畔精密机械厂"),
        row(6, "11月19日", mode="飞鸽传书"),
        row(7, "11月14日", OTHER, people="李芳"),
    ]
    file = tmp_path / "走访台账.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([["临湖经济开发区2025年企业走访台账"], HEADER, *rows])
    return file


@pytest.fixture
def desk(desk_among):
    """A coordinator's window, in an office with two enterprises."""
    return desk_among(FIRM, OTHER)


def test_a_ledger_comes_in_and_is_taken_back(desk, ledger):
    take_in(desk, ledger, *VISITS)
    columns(desk)
    preview(desk)
    desk.follow("查看走访记录")
    desk.page.wait_for_url("**/visits?**")
    expect(desk.page.locator("tbody .chip", has_text="台账导入")).to_have_count(4)
    look(desk.page, "ledger-list")
    desk.page.locator("tbody a").nth(1).click()
    desk.says("台账导入")
    look(desk.page, "ledger-visit")
    take_in(desk, ledger, *VISITS)
    desk.press("预览")
    desk.says("该文件中合格的走访记录均已在系统中")
    assert figures(desk) == [7, 0, 0, 3, 1, 3]
    look(desk.page, "ledger-again")
    take_back(desk, *VISITS)
    desk.says("本次导入的走访记录已作废")
    assert figures(desk) == [7, 4, 3, 4, 0]
    look(desk.page, "ledger-undone")


def columns(desk):
    """Leave the day out, then put it right."""
    desk.says("不据“主要诉求”列登记问题")
    look(desk.page, "ledger-columns")
    desk.fill(column_1="")
    desk.press("预览")
    desk.says("请指定哪一列是走访日期")
    look(desk.page, "ledger-columns-error")
    desk.fill(column_1="visited_on")
    desk.press("预览")


def preview(desk):
    """See what would come in, have it written, take the rejected rows home."""
    desk.says("台账导入预览")
    assert figures(desk) == [7, 3, 4, 0, 1, 3]
    look(desk.page, "ledger-preview")
    desk.press("导入4条走访记录")
    desk.says("台账已导入。")
    look(desk.page, "ledger-result")
    with desk.page.expect_download() as download:
        desk.follow("不合格行（csv）")
    told = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in told.splitlines()] == ["行号", "6", "7", "8"]


def test_the_pages_are_read_in_english_and_in_the_dark(desk, ledger, windows):
    page = Desk(windows.open(dark=True), "zhangwei", PASSWORD).sign_in().page
    page.locator("[name='language'][value='en']").first.evaluate("button => button.click()")
    page.get_by_role("heading", name="My work").wait_for()
    page.goto("/visits/import")
    look(page, "ledger-upload-en-dark")
    page.set_input_files("[name='file']", ledger)
    page.locator("main form .btn-primary").first.click()
    page.get_by_role("heading", name="Which column holds what").wait_for()
    look(page, "ledger-columns-en-dark")
    page.locator("main form .btn-primary").first.click()
    page.get_by_role("heading", name="What the ledger would bring").wait_for()
    look(page, "ledger-preview-en-dark")
