"""An empty installation gets its register: set-up, a list of thirty firms, and one of them found again."""

import csv

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code
from tests.support import main_job
from tests.support.chromium import look
from tests.support.desk import Desk
from tests.support.large_list import large_list

HEADER = (
    *("企业名称", "统一社会信用代码", "状态", "街道", "注册地址", "注册日期", "注册资金", "企业标签"),
    *("联系人", "职务", "联系电话", "备注"),
)
LONG = "临湖经济开发区长三角一体化示范区智能网联汽车零部件检验检测认证服务有限责任公司"
PLACES = ("云岭", "星桥", "湖畔", "江滨", "梧桐")
TRADES = ("精密机械", "青禾食品", "新材料", "物流", "生物医药", "智能装备")


def firm(number):
    """A row about an invented enterprise."""
    name = f"{PLACES[number % 5]}{TRADES[number % 6]}{number:02}有限公司"
    place = ("湖滨街道", f"学院路{number}号") if number % 2 else ("江滨街道", f"纬三路{number}号")
    tags = "规上企业" if number % 3 else "规上企业;高新技术企业"
    contact = ("张工", "办公室主任", "13812345678", "")
    return [name, make_code(500 + number), "正常", *place, "2019/3/5", "1000万元人民币", tags, *contact]


@pytest.fixture
def register(tmp_path):
    """Thirty rows as an office has them: one without code, three that cannot go in, one repeated."""
    rows = [firm(number) for number in range(24)]
    rows.append(
        [LONG, make_code(590), "停产", "湖滨街道", "学院路99号", "2021-11-30", "57.9万美元"] + [""] * 5
    )
    rows.append(["尚未领照企业", *[""] * 11])
    rows.append(["末位有误有限公司", "91350100M000100Y44", *[""] * 10])
    rows.append(["状态有误有限公司", make_code(591), "很好", *[""] * 9])
    rows.append(["日期有误有限公司", make_code(592), "", "", "", "去年春天", *[""] * 6])
    rows.append(firm(3))
    file = tmp_path / "企业名录.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows([HEADER, *rows])
    return file


@pytest.fixture
def desk(windows):
    """The first person's window, in an installation just set up."""
    main_job.set_up(windows)
    return Desk(windows.open(), "zhangwei", PASSWORD).sign_in()


def test_a_list_of_firms_becomes_the_register(desk, register):
    look(desk.page, "register-home-empty")
    desk.page.goto("/enterprises")
    look(desk.page, "register-list-empty")
    desk.follow("导入表格")
    choose(desk, register)
    preview(desk)
    desk.press("确认导入26行")
    desk.says("文件已导入企业名录")
    look(desk.page, "register-result")
    with desk.page.expect_download() as download:
        desk.follow("不合格行（csv）")
    rejected = download.value.path().read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in rejected.splitlines()] == ["行号", "28", "29", "30"]
    desk.follow("查看企业名录")
    look(desk.page, "register-list")
    search(desk)
    desk.press("查看号码")
    desk.says("13812345678")
    look(desk.page, "register-revealed")


def test_a_long_list_leads_on_by_itself_and_is_found_again(desk, tmp_path):
    file = tmp_path / "企业名单.xlsx"
    file.write_bytes(large_list(3_000, 150)[0])
    page, waiting = desk.page, {"timeout": 60_000}
    heading = page.get_by_role("heading", level=1)
    page.goto("/enterprises/import")
    page.set_input_files("[name='file']", file)
    desk.press("读取文件")
    look(page, "register-progress")
    expect(heading).to_have_text("指定各列内容", **waiting)
    desk.press("预览")
    page.goto("/enterprises/import")
    look(page, "register-upload-unfinished")
    desk.follow("企业名单.xlsx")
    expect(heading).to_have_text("导入预览", **waiting)
    desk.press("确认导入2850行")
    expect(heading).to_have_text("导入结果", **waiting)
    desk.says("文件已导入企业名录")


def choose(desk, register):
    """Choose no file, then the right one."""
    desk.press("读取文件")
    desk.says("请选择文件")
    look(desk.page, "register-upload-error")
    desk.page.set_input_files("[name='file']", register)
    desk.press("读取文件")
    look(desk.page, "register-columns")


def preview(desk):
    """Leave the name out, then put it right."""
    desk.fill(column_0="")
    desk.press("预览")
    desk.says("请指定哪一列是企业名称")
    look(desk.page, "register-columns-error")
    desk.fill(column_0="name")
    desk.press("预览")
    desk.says("导入预览")
    assert [stat.inner_text() for stat in desk.page.locator(".stat b").all()] == [
        "30",
        "26",
        "0",
        "0",
        "1",
        "3",
    ]
    look(desk.page, "register-preview")


def search(desk):
    """Look for what is not there, for a long name, and for a firm by its initials."""
    asked = desk.page.locator("main [name='q']")
    asked.fill("查无此企业")
    desk.press("查询")
    desk.says("没有符合条件的企业")
    look(desk.page, "register-list-nothing")
    desk.follow("显示全部")
    desk.follow(LONG)
    look(desk.page, "register-file-long")
    desk.page.goto("/enterprises")
    asked.fill("hpjm")
    desk.press("查询")
    expect(desk.page.locator("tbody tr")).to_have_count(1)
    desk.follow(firm(12)[0])
    desk.says("138****5678")
    look(desk.page, "register-file")


def test_entering_a_firm_by_hand(desk):
    page = desk.page
    page.goto("/enterprises/new")
    look(page, "register-new")
    desk.fill(name="湖畔精密机械有限公司", code="91350100M000100Y44")
    desk.press("保存")
    desk.says("末位应为3")
    assert desk.field("name").input_value() == "湖畔精密机械有限公司"
    look(page, "register-new-error")
    desk.fill(code="91350100M000100Y43", established_on="2020-03-05")
    desk.press("保存")
    desk.says("已登记入名录")
    desk.follow("编辑")
    look(page, "register-edit")
    page.goto(f"{page.url.removesuffix('/edit')}/contacts/new")
    look(page, "register-contact")
