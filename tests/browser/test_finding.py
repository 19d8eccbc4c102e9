"""An enterprise is found by initials and code wherever one is chosen from the whole register."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.outreach import make_category
from tests.support.chromium import PHONE, fits, screenshot
from tests.support.desk import Desk
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.permissions import Role

FIRM, OTHER = "杭州振华机械有限公司", "星桥物流有限公司"
CODES = {FIRM: make_code(730), OTHER: make_code(731)}


@pytest.fixture
def desk(server, windows):
    """A coordinator at a desk, in an office of two enterprises."""
    with server.opened():
        fill_calendar([today().year])
        make_category("用电用水")
        make_person([Role.COORDINATOR], make_unit(), username="xietiao", name="黄协调", password=PASSWORD)
        make_enterprise(FIRM, code=CODES[FIRM])
        make_enterprise(OTHER, code=CODES[OTHER])
    return Desk(windows.open(), "xietiao", PASSWORD).sign_in()


def choose(desk, name, typed, firm):
    """Type initials or digits; take the enterprise by the keyboard once it stands there with its code."""
    desk.page.locator(f"#{name}-ts-control").press_sequentially(typed)
    offered = desk.page.locator(".ts-dropdown:visible .option")
    expect(offered).to_have_count(1)
    expect(offered).to_have_text(f"{firm}{CODES[firm]}")
    screenshot(desk.page, f"{name}-{typed}")
    desk.page.keyboard.press("Enter")


def chosen(desk, name):
    """What the control shows as chosen."""
    return desk.page.locator(f"#{name} ~ .ts-wrapper .item")


def test_the_enterprise_of_a_problem_is_found_by_its_initials(desk):
    desk.page.goto("/issues/new")
    choose(desk, "enterprise_id", "hzzh", FIRM)
    desk.press("登记")
    desk.says("必填")
    expect(chosen(desk, "enterprise_id")).to_have_text(FIRM)
    desk.fill(title="供电不足", description="夏季常停电", category_id="用电用水")
    desk.press("登记")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("供电不足")
    desk.says(FIRM)


def test_enterprises_for_a_meeting_are_found_by_initials_and_by_the_end_of_a_code(desk):
    desk.page.set_viewport_size(PHONE)
    desk.page.goto("/meetings/new")
    choose(desk, "firm_ids", "HZZH", FIRM)
    choose(desk, "firm_ids", CODES[OTHER][-6:], OTHER)
    desk.press("召集会议")
    assert fits(desk.page)
    expect(chosen(desk, "firm_ids")).to_have_count(2)
    day = today().isoformat()
    desk.fill(title="北路出入口", meets_on=day, starts_at="09:30", place="三楼会议室", chair="张主任")
    desk.press("召集会议")
    for firm in (FIRM, OTHER):
        desk.says(firm)
