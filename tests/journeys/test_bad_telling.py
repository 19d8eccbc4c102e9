"""What is sent by mistake or malice to inbox, addresses, outbox, digests and jobs gets a plain sentence.

One office bears all tries: none of them may change anything, so none stands in the way of the next.
"""

import pytest

from tests.factories.inbox import make_delivery, make_point
from tests.journeys.refusals import SENTENCE, Try, assert_refused
from tests.journeys.tries import HUGE
from visits.core.clock import now
from visits.core.db import db
from visits.inbox.models import Channel, DeliveryState

OWN, UNITS = "/contact-points", "/units/{unit}/contact-points"
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64
SENT = [
    # the inbox and its switches
    Try("coordinator", "/inbox/read-all", {"last_id": "\x00"}, 422, "没有标记任何消息"),
    Try("coordinator", f"/inbox/{HUGE}/open", {}, 404),
    Try("visitor", "/inbox/{notice}/open", {}, 401, "登录"),
    Try("visitor", "/inbox/settings", {"kinds": ["desk"]}, 401, "登录"),
    Try("coordinator", "/inbox/settings", {"kinds": ["urge"]}, 422, "不在可选范围内"),
    # addresses of one's own and of units
    Try("handler", OWN + "/mail", {"address": ""}, 422),
    Try("cadre", OWN + "/mail", {"address": "a@example.org,b@example.org"}, 422, "邮箱地址"),
    Try("cadre", OWN + "/mail", {"address": "张三"}, 422, "邮箱地址"),
    Try("cadre", OWN + "/mail", {"address": "b@example.org", "revision": "0"}, 409),
    Try("cadre", OWN + "/webhook", {"address": "http://hooks.example.org/"}, 422),
    Try("cadre", OWN + "/webhook", {"address": "https://a:b@127.0.0.1:8443/"}, 422),
    Try("cadre", OWN + "/feishu", {"address": "https://open.feishu.cn.evil.test/hook/1"}, 422),
    Try("cadre", OWN + "/dingtalk", {"address": "https://oapi.dingtalk.com/"}, 422),
    Try("cadre", OWN + "/dingtalk", {"address": ROBOT, "secret": "长" * 101}, 422, "最多100个字"),
    Try("cadre", OWN + "/wecom/remove", {}, 404),
    Try("cadre", OWN + "/wecom/test", {}, 404),
    Try("cadre", OWN + "/fax/test", {}, 404),
    Try("visitor", OWN + "/mail", {"address": "a@example.org"}, 401, "登录"),
    Try("coordinator", UNITS + "/mail/remove", {}, 403),
    Try("admin", UNITS + "/mail", {"address": "a@"}, 422, "邮箱地址"),
    Try("admin", UNITS + "/mail/test", {}, 404),
    Try("admin", "/units/999999/contact-points/mail", {"address": "a@example.org"}, 404),
    # the outbox
    Try("admin", "/outbox/{sent}/resend", {}, 409),
    Try("admin", "/outbox/999999/resend", {}, 404),
    Try("admin", f"/outbox/{HUGE}/resend", {}, 404),
    Try("cadre", "/outbox/{sent}/resend", {}, 403),
    Try("coordinator", "/outbox/resend-all", {}, 403),
    Try("visitor", "/outbox/resend-all", {}, 401, "登录"),
    # digests and jobs
    Try("cadre", "/inbox/digests", {}, 405, "不支持"),
    Try("admin", "/jobs", {"job": "digest.send"}, 405, "不支持"),
]
ASKED = [
    ("coordinator", "/inbox?show=<script>&page=-1", 200),
    ("coordinator", f"/inbox?page={HUGE}", 200),
    ("coordinator", "/inbox/digests/2026-13-45", 404),
    ("coordinator", "/inbox/digests/9999-12-31", 404),
    ("coordinator", "/inbox/orders-due/999999", 404),
    ("cadre", "/inbox/orders-due/1", 403),
    ("admin", "/outbox?state=gone&page=x&sort=;drop", 200),
    ("admin", "/outbox/1/resend", 405),
    ("cadre", "/outbox", 403),
    ("cadre", "/jobs", 403),
    ("admin", f"/jobs?on={HUGE}&page=-1", 200),
    ("cadre", "/feedback", 403),
    ("admin", "/feedback?state=gone&page=x&sort=;drop", 200),
    ("cadre", "/feedback/999999", 404),
]


@pytest.fixture
def office(world):
    """The cadre has an address, and a message went there."""
    point = make_point(person=world.people["cadre"], channel=Channel.MAIL)
    world.ids["sent"] = make_delivery(point, state=DeliveryState.SENT, ended_at=now()).id
    db.session.commit()
    return world


def test_what_is_sent_is_refused_with_a_sentence_and_nothing_changes(office, contents):
    assert_refused(office, contents, SENT)


def test_what_is_asked_for_wrongly_is_answered_and_nothing_changes(office, contents):
    before = contents()
    for who, path, status in ASKED:
        page = office.browsers[who].open(path)
        assert (who, path, page.status) == (who, path, status)
        assert SENTENCE.search(page.main) or status == 200
    assert contents() == before
