"""A superior's form in a real browser: taken in, cells mapped, a row repeated, filled and downloaded."""

import openpyxl
from playwright.sync_api import expect

from tests.factories.superior import SHEET, workbook
from tests.support.chromium import PHONE, look, screenshot


def sign_in(watch, role, **how):
    page = watch.open(**how)
    page.goto("/sign-in")
    page.locator(f"button[data-role={role}]").first.click()
    expect(page.locator("h1")).to_be_visible()
    return page


def put(page, at, source, **more):
    """Choose a cell in the grid and say what belongs there."""
    page.locator(f".sheet-grid a[aria-label^='{at} ']").click()
    expect(page.locator("h1")).to_contain_text(at)
    if not more.get("words"):
        page.locator("select[name=source]").select_option(source, force=True)
    for name, value in more.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("h1")).to_contain_text("取数设置")


def test_a_form_is_taken_in_mapped_filled_and_downloaded(watch, tmp_path):
    file = tmp_path / "附表1.xlsx"
    file.write_bytes(workbook())
    desk = sign_in(watch, "coordinator", javascript=False)
    desk.goto("/superior-forms/new")
    desk.locator("[name=name]").fill("企业走访统计表")
    desk.locator("[name=file]").set_input_files(file)
    desk.get_by_role("button", name="读取模板").click()
    expect(desk.locator("main")).to_contain_text("尚未设置任何单元格")
    screenshot(desk, "superior-grid-empty")
    put(desk, "C3", "measure.visit_count")
    put(desk, "A2", "text.words", words="填报单位：{单位}　{期间}")
    desk.get_by_role("link", name="设置重复行").click()
    desk.locator("[name=list_of]").select_option("unit")
    desk.locator("[name=first_row]").fill("8")
    desk.get_by_role("button", name="保存").click()
    for at, source in (("A8", "column.ordinal"), ("B8", "column.name"), ("C8", "measure.registered")):
        put(desk, at, source)
    screenshot(desk, "superior-grid-mapped")
    desk.get_by_role("link", name="启用").click()
    desk.get_by_role("button", name="启用").click()
    sheet = filled(watch, "企业走访统计表", tmp_path)
    assert isinstance(sheet["C3"].value, int)
    names = [sheet.cell(row, 2).value for row in range(8, 60)]
    assert "合计" in names
    assert sheet.cell(8 + names.index("合计"), 3).value == f"=SUM(C8:C{7 + names.index('合计')})"


def filled(watch, name, tmp_path):
    """Fill a form as a leader does, for the month before; return its first sheet."""
    leader = sign_in(watch, "leader")
    leader.goto("/superior-forms")
    look(leader, "superior-forms")
    leader.get_by_role("link", name=name).click()
    look(leader, "superior-form")
    leader.get_by_role("link", name="填报", exact=True).click()
    leader.locator("[name=term]").select_option(index=1)
    look(leader, "superior-fill")
    leader.locator("main").get_by_role("button", name="填报").click()
    expect(leader.locator("main")).to_contain_text("填报完成")
    look(leader, "superior-filled")
    with leader.expect_download() as download:
        leader.get_by_role("button", name="下载").click()
    download.value.save_as(tmp_path / "filled.xlsx")
    return openpyxl.load_workbook(tmp_path / "filled.xlsx")[SHEET]


def test_the_demo_form_in_the_dark_in_english_and_on_a_phone(watch):
    for how, name in (
        ({"dark": True, "language": "en"}, "dark-en"),
        ({"size": PHONE}, "phone"),
    ):
        page = sign_in(watch, "coordinator", **how)
        page.goto("/superior-forms")
        page.locator("main tbody a").first.click()
        screenshot(page, f"superior-{name}-form")
        page.locator("main tbody a").first.click()
        screenshot(page, f"superior-{name}-filling")
        page.go_back()
        page.locator("main tbody a", has_text="1").last.click()
        screenshot(page, f"superior-{name}-grid")
