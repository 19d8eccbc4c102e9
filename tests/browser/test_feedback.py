"""意见建议 in a real browser: written at the foot of a page, answered, the answer found by its notice."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.db import db
from visits.core.permissions import Role

SAID, REPLY = "走访列表打开较慢，希望能记住上次的筛选。", "已收到，下一版本将保存筛选条件。"


@pytest.fixture
def desks(server, windows):
    """The windows of a visiting cadre and of an administrator, both signed in."""
    with server.opened():
        unit = make_unit()
        make_person([Role.CADRE], unit, username="zoufang", name="张走访", password=PASSWORD)
        make_person([Role.ADMIN], unit, username="guanli", name="李管理", password=PASSWORD)
        db.session.commit()
    return [Desk(windows.open(), name, PASSWORD).sign_in() for name in ("zoufang", "guanli")]


def open_notice(desk, sentence):
    """Go to the inbox by the bell and open the notice of that sentence."""
    desk.page.goto("/")
    desk.page.get_by_role("link", name="消息：1条未读").click()
    desk.press(sentence)


def test_a_suggestion_is_answered_and_its_author_reads_the_answer(desks):
    cadre, admin = desks
    cadre.page.goto("/visits")
    cadre.page.locator(".page-foot a").click()
    cadre.says("/visits")
    cadre.fill(text=SAID)
    look(cadre.page, "feedback-new")
    cadre.press("提交")
    cadre.says(SAID)
    open_notice(admin, "张走访对本系统提出了意见建议。")
    admin.says(SAID)
    admin.fill(text=REPLY, settles=True)
    look(admin.page, "feedback-answer")
    admin.press("发送回复")
    admin.says(REPLY)
    open_notice(cadre, "李管理回复了您的意见建议。")
    cadre.says(REPLY)
    expect(cadre.page.locator(".bell-count")).to_have_count(0)
    cadre.page.goto("/feedback/mine")
    expect(cadre.page.locator("main tbody tr")).to_have_count(1)
