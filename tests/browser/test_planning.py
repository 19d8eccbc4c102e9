"""Plans in a real browser: planned, joined, recorded; and how few steps a visit without problems takes."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_programmes
from tests.support.chromium import PHONE, barriers, fits, screenshot
from tests.support.desk import Desk
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.permissions import Role

FIRM = "湖畔精密机械有限公司"
MOST_STEPS = 12
COUNTING = """
for (const kind of ["keydown", "pointerdown"]) {
  addEventListener(kind, (event) => {
    if (event.isTrusted && !event.repeat) sessionStorage.steps = Number(sessionStorage.steps ?? 0) + 1;
  }, true);
}
"""


@pytest.fixture
def office(server):
    """Two cadres of two units, and an enterprise that was visited twice lately."""
    with server.opened():
        make_programmes()
        fill_calendar([2026])
        for username, name, unit in (("zoufang", "赵访", "经济发展局"), ("jianshe", "孙建", "规划建设局")):
            make_person([Role.CADRE], make_unit(unit), username=username, name=name, password=PASSWORD)
        firm = make_enterprise(FIRM)
        for days in (20, 5):
            make_visit(firm, visited_on=today() - timedelta(days=days))
        make_enterprise("东湖食品有限公司")


def looked_at(page, name):
    """Take pictures at a desk and on a phone, in light and dark; see that it fits and shuts nobody out."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        screenshot(page, f"{name}-{theme}")
    page.emulate_media(color_scheme="light")
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    screenshot(page, f"{name}-phone")
    assert fits(page)
    page.set_viewport_size(before)
    assert barriers(page) == []


def test_a_plan_above_the_cap_is_joined_by_another_unit_and_recorded_in_one_click(office, windows):
    desk = Desk(windows.open(), "zoufang", PASSWORD).sign_in()
    desk.page.goto("/plans/new")
    desk.pick("enterprise", FIRM)
    desk.says("30天内已走访2次")
    desk.fill(purpose="了解四季度订单", frequency_reason="企业反映停电")
    looked_at(desk.page, "plan-a-visit")
    desk.press("保存计划")
    desk.says("走访计划已保存")
    looked_at(desk.page, "plan")
    desk.page.goto("/plans")
    expect(desk.page.locator(".plan-day.is-today")).to_contain_text(FIRM)
    looked_at(desk.page, "plans")
    other = Desk(windows.open(), "jianshe", PASSWORD).sign_in()
    other.page.goto("/visits/new")
    other.pick("enterprises", FIRM)
    other.says("已安排")
    other.says("赵访 · 经济发展局")
    looked_at(other.page, "visit-form-with-plans")
    other.press("加入本次走访（拼团）")
    other.says("已加入本次走访")
    desk.page.goto("/")
    looked_at(desk.page, "home-with-plans")
    desk.follow("登记走访")
    desk.says("孙建")
    expect(desk.page.locator("[name=plan_ids]")).to_be_checked()
    desk.page.get_by_label("企业表示暂无问题").check()
    desk.press("保存走访记录")
    desk.says("计划日期")
    desk.says("联合走访")
    desk.page.goto("/plans/mine")
    desk.says("暂无计划")
    looked_at(desk.page, "my-month")


def test_a_visit_without_problems_takes_few_steps_from_home(office, windows, record_property):
    page = windows.open()
    Desk(page, "zoufang", PASSWORD).sign_in()
    page.context.add_init_script(COUNTING)
    page.goto("/")
    page.evaluate("sessionStorage.removeItem('steps')")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("走访登记")
    expect(page.locator("[name=enterprises]")).to_have_class(
        "form-control tomselected ts-hidden-accessible"
    )
    page.locator("#enterprises-ts-control").click()
    page.keyboard.type("dhsp")
    expect(page.locator(".ts-dropdown:visible .option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_label("企业表示暂无问题").click()
    page.get_by_role("button", name="保存走访记录").click()
    expect(page.locator("main")).to_contain_text("走访记录已保存")
    steps = int(page.evaluate("sessionStorage.steps"))
    record_property("steps", steps)
    assert 5 < steps <= MOST_STEPS


def test_the_month_can_be_read_on_a_phone_and_in_english(office, windows):
    page = windows.open(size=PHONE, language="en", dark=True)
    page.goto("/sign-in")
    page.locator("[name=username]").fill("zoufang")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form .btn-primary, form .btn-primary").first.click()
    page.goto(f"/plans?month={date(2026, 10, 1):%Y-%m}")
    expect(page.locator(".plan-day.day-holiday").first).to_be_visible()
    screenshot(page, "plans-october-en-phone-dark")
    for address in ("/plans/suggested", "/absences/new", "/plans/calendar-address"):
        page.goto(address)
        screenshot(page, address.strip("/").replace("/", "-") + "-en-phone")
        assert fits(page)
        assert barriers(page) == []
