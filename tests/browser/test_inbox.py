"""The inbox in a real browser: by keys, by touch, without scripts, looked at on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.inbox import make_notice
from tests.factories.issues import make_issue, make_office
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.db import db
from visits.core.permissions import Role
from visits.inbox.models import NoticeKind
from visits.issues.states import State

LONG = "湖畔精密机械有限公司门口道路破损货车进出困难且夜间没有路灯请求尽快修复"


@pytest.fixture
def notices(server):
    """A coordinator who was told of two problems and of nothing one could open."""
    with server.opened():
        unit = make_unit()
        reader = make_person([Role.COORDINATOR], unit, username="xietiao", name="林协调", password=PASSWORD)
        office = make_office()
        for number, title in enumerate(("停车难", LONG), 1):
            issue = make_issue(office, State.ASSIGNED, title=title)
            said, kind = "%(title)s", NoticeKind.FLAG if number == 1 else NoticeKind.DECIDE
            make_notice(reader, kind=kind, event=f"tests:{number}", said=said, subject=issue, title=title)
        for number in range(3, 5):
            notice = make_notice(reader, event=f"tests:{number}", said="Told")
            notice.on_behalf_of_id = make_person(name="李外出").id
        db.session.commit()


@pytest.fixture
def sign_in(windows, notices):
    """Open a window of the coordinator, with what windows.open takes."""
    return lambda **window: Desk(windows.open(**window), "xietiao", PASSWORD).sign_in().page


def test_a_notice_is_opened_by_keys_and_counted_off(sign_in):
    page = sign_in()
    expect(page.locator(".bell-count")).to_have_text("4")
    page.get_by_role("link", name="消息：4条未读").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("消息")
    page.wait_for_load_state("load")
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tr[aria-current='true']")).to_contain_text(LONG)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    expect(page.locator(".bell-count")).to_have_text("3")


@pytest.mark.parametrize(("language", "is_dark"), [("zh-CN", False), ("en", True)])
def test_the_pages_look_right_and_shut_nobody_out(sign_in, language, is_dark):
    page = sign_in(language=language, dark=is_dark)
    page.goto("/inbox")
    look(page, f"inbox-{language[:2]}")
    page.goto("/inbox/settings")
    look(page, f"inbox-settings-{language[:2]}")


def test_all_is_read_without_scripts(sign_in):
    page = sign_in(javascript=False)
    page.goto("/inbox?show=unread")
    page.get_by_role("button", name="标为已读：停车难").click()
    expect(page.locator(".bell-count")).to_have_text("3")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".bell-count")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("没有未读消息")
