"""An enterprise follows and rates its problem on a phone, until it is content, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from tests.factories.issues import advance, make_issue, make_office
from tests.support.chromium import PHONE, barriers, fits, screenshot
from tests.support.desk import Desk
from visits.accounts.models import Unit
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.issues.models import Issue
from visits.issues.states import State


@pytest.fixture
def problem(server):
    """A coordinator, and a problem whose result waits for the enterprise's word."""
    with server.opened():
        set_setting("zone_name", "临湖经济开发区")
        set_setting("office_phone", "0591-8888 1234")
        make_person([Role.COORDINATOR], make_unit(), username="xietiao", name="林协", password=PASSWORD)
        issue = make_issue(make_office(), State.EVALUATING, title="厂区门口道路破损", wish="尽快修复路面")
        db.session.flush()
        return issue.id


@pytest.fixture
def again(server, problem):
    """Have the unit report the next round, and the office pass it."""

    def work():
        with server.opened():
            office, issue = make_office(), db.session.get(Issue, problem)
            unit = issue.lead_unit_id
            office.handler = make_handler(unit)
            advance(office, issue, State.EVALUATING)

    return work


def make_handler(unit_id):
    """Somebody who handles problems in this unit."""
    return actor_for(make_person([Role.HANDLER], db.session.get(Unit, unit_id)))


def rate(phone, solved, level, words=""):
    """Answer the two questions and send them."""
    phone.get_by_label(solved, exact=True).check()
    phone.get_by_label(level, exact=True).check()
    phone.locator("[name=comment]").fill(words)
    phone.get_by_role("button", name="提交评价").click()


def receive(desk, problem):
    """The coordinator makes the receipt; return the address on it."""
    desk.goto(f"/issues/{problem}")
    desk.get_by_role("button", name="生成链接和受理回执").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("临湖经济开发区企业问题诉求受理回执")
    assert desk.locator(".sheet-scan img").evaluate("image => image.complete && image.naturalWidth > 0")
    assert barriers(desk) == []
    screenshot(desk, "receipt")
    return desk.locator("#link").input_value()


def complain(phone, address):
    """The enterprise sends nothing first, then that it is not content."""
    phone.goto(address)
    expect(phone.get_by_role("heading", level=1)).to_have_text("请您评价办理结果")
    assert fits(phone)
    assert barriers(phone) == []
    screenshot(phone, "rating-phone")
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.locator(".field-error").first).to_contain_text("请选择一项")
    screenshot(phone, "rating-refused")
    rate(phone, "未解决", "不满意", "雨后又积水")
    expect(phone.get_by_role("heading", level=1)).to_have_text("正在办理")
    expect(phone.locator("main")).to_contain_text("正在重新办理")


def test_not_content_then_content(windows, problem, again):
    desk = Desk(windows.open(), "xietiao", PASSWORD).sign_in().page
    address = receive(desk, problem)
    complain(windows.open(size=PHONE), address)
    again()
    dark = windows.open(size=PHONE, dark=True)
    dark.goto(address)
    assert barriers(dark) == []
    screenshot(dark, "rating-dark")
    plain = windows.open(size=PHONE, javascript=False)
    plain.goto(address)
    expect(plain.get_by_role("button", name="提交评价")).to_be_visible()
    dark.get_by_role("link", name="English").click()
    expect(dark.get_by_role("heading", level=1)).to_have_text("What do you say of the result?")
    screenshot(dark, "rating-english")
    dark.get_by_role("link", name="中文").click()
    rate(dark, "已解决", "满意", "这次修好了")
    expect(dark.get_by_role("heading", level=1)).to_have_text("已办结")
    screenshot(dark, "rated-dark")
    wide = windows.open()
    wide.goto(address)
    assert barriers(wide) == []
    screenshot(wide, "rated-desk")
    wide.goto("/r/" + "x" * 32)
    screenshot(wide, "over-desk")
    desk.goto(f"/issues/{problem}")
    expect(desk.locator("main")).to_contain_text("已办结")
    expect(desk.locator("main")).to_contain_text("雨后又积水")
    screenshot(desk, "issue-rated")
