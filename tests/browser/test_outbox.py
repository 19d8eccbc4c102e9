"""Contact points and the outbox in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.inbox import make_delivery, make_point
from tests.support.chromium import PHONE, look
from tests.support.desk import Desk
from visits.core.clock import now
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.inbox.models import Channel, DeliveryState
from visits.inbox.ways.mail import BAD_ADDRESS, BUSY, NO_ANSWER
from visits.inbox.ways.robots import REFUSED

ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16
DEAD = {"state": DeliveryState.DEAD, "ended_at": now()}


@pytest.fixture
def office(server):
    """People with messages on their way, arrived and given up."""
    with server.opened():
        set_setting("zone_name", "临湖经济开发区")
        unit = make_unit("生态环境局")
        make_person([Role.ADMIN], unit, "管理员", "guan", PASSWORD)
        leader = make_person([Role.LEADER], unit, "周主任", "zhou", PASSWORD)
        mail = make_point(person=leader, address="zhou@linhu.example.gov.cn")
        robot = make_point(unit=unit, channel=Channel.DINGTALK, address=ROBOT)
        other = make_point(
            person=make_person([Role.CADRE], unit, "赵走访"), address="zhao@linhu.example.gov.cn"
        )
        make_delivery(mail, subject="红旗预警", state=DeliveryState.SENT, ended_at=now(), tries=1)
        make_delivery(other, subject="红旗预警", tries=2, last_error=f"{BUSY} [421]")
        make_delivery(mail, event="tests:2", subject="红旗预警", tries=8, last_error=NO_ANSWER, **DEAD)
        make_delivery(
            other,
            event="tests:2",
            subject="每日提醒 11月23日",
            tries=1,
            last_error=f"{BAD_ADDRESS} [550]",
            **DEAD,
        )
        make_delivery(robot, subject="红旗预警", tries=1, last_error=f"{REFUSED} [310000]", **DEAD)
    return server


def test_a_leader_says_where_he_is_told(office, windows):
    page = Desk(windows.open(), "zhou", PASSWORD).sign_in().page
    page.goto("/contact-points")
    expect(page.locator("main")).to_contain_text("zhou@linhu.example.gov.cn")
    page.get_by_role("link", name="登记：钉钉群机器人").click()
    page.get_by_label("地址").fill("https://example.org/")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".error-summary")).to_contain_text("这不是该类机器人的地址")
    look(page, "points-wrong")
    page.get_by_label("地址").fill(ROBOT)
    page.get_by_label("加签密钥").fill("SEC0123456789abcdef")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("https://oapi.dingtalk.com/…ab12")
    page.get_by_role("button", name="发送测试：钉钉群机器人").click()
    expect(page.locator("main")).to_contain_text("测试消息已提交发送")
    look(page, "points")
    small = windows.open(size=PHONE, language="en", dark=True)
    Desk(small, "zhou", PASSWORD).sign_in()
    small.goto("/contact-points")
    look(small, "points-en-dark")


def test_an_administrator_sends_again_what_was_given_up(office, windows):
    page = Desk(windows.open(), "guan", PASSWORD).sign_in().page
    page.get_by_role("link", name="外发消息").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    look(page, "outbox")
    page.get_by_role("button", name="重发：红旗预警").first.click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="全部重发").click()
    expect(page.locator("main")).to_contain_text("没有发送失败的消息")
    page.get_by_role("link", name="待发送").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    look(page, "outbox-waiting")
    page.get_by_role("link", name="单位", exact=True).click()
    page.get_by_role("link", name="生态环境局").click()
    page.get_by_role("link", name="接收方式").click()
    expect(page.locator("main")).to_contain_text("https://oapi.dingtalk.com/…ab12")
    look(page, "points-unit")
    small = windows.open(size=PHONE, language="en", dark=True)
    Desk(small, "guan", PASSWORD).sign_in()
    small.goto("/outbox?state=waiting")
    look(small, "outbox-en-dark")
