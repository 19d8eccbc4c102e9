"""An office takes its ledger of past problems in: file, columns, preview, result, and back again."""

import pytest
from playwright.sync_api import expect

from tests.support.chromium import look
from tests.support.import_desk import figures, take_back, take_in
from tests.support.problem_ledgers import FIRM, problem_ledger, row

PROBLEMS = ("/issues", "problem-ledger")
BARE = {"主办单位": "", "协办单位": "", "交办日期": "", "办理时限": "", "反馈日期": ""}


@pytest.fixture
def ledger(tmp_path):
    """Five rows under a title; two of them cannot go in."""
    rows = [
        row(编号="2025-001", **BARE),
        row(编号="2025-002", 问题内容="夏季用电紧张，希望增容。", is_open=True, **BARE),
        row(编号="2025-003", 问题内容="缺少熟练技工。", 满意度="", 是否解决="", 评价方式="", **BARE),
        row(编号="2025-004", 问题内容="办结早于登记。", 办结日期="2025-3-1", **BARE),
        row(编号="2025-005", 问题内容="单位不详。", 主办单位="经发局"),
    ]
    file = tmp_path / "问题台账.csv"
    file.write_bytes(problem_ledger(*rows, title="临湖经济开发区2025年问题台账"))
    return file


@pytest.fixture
def desk(desk_among):
    """A coordinator's window, in an office with one enterprise."""
    return desk_among(FIRM)


def test_a_ledger_of_problems_comes_in_and_is_taken_back(desk, ledger):
    take_in(desk, ledger, *PROBLEMS)
    look(desk.page, "problem-ledger-columns")
    desk.fill(column_4="")
    desk.press("预览")
    desk.says("请指定哪一列是问题内容")
    desk.fill(column_4="problem")
    desk.press("预览")
    desk.says("台账导入预览")
    assert figures(desk) == [5, 3, 1, 0, 0, 2]
    look(desk.page, "problem-ledger-preview")
    desk.press("导入3个问题")
    desk.says("问题台账已导入。")
    look(desk.page, "problem-ledger-result")
    desk.follow("查看问题")
    desk.page.wait_for_url("**/issues?**")
    expect(desk.page.locator("tbody tr", has_text="台账导入")).to_have_count(3)
    look(desk.page, "problem-ledger-list")
    desk.page.locator("tbody tr", has_text="道路破损").locator("a").first.click()
    desk.says("台账导入")
    desk.says("2025-03-17")
    look(desk.page, "problem-ledger-problem")
    take_in(desk, ledger, *PROBLEMS)
    desk.press("预览")
    assert figures(desk) == [5, 0, 0, 3, 0, 2]
    take_back(desk, *PROBLEMS)
    desk.says("本次导入的问题已作废")
    assert figures(desk)[3:] == [3, 0]
    look(desk.page, "problem-ledger-undone")
