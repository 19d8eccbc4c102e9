"""Pages of where people and units are told: entering, replacing, trying out, taking out."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.inbox import make_delivery, make_point
from tests.support.mail_server import MailDouble
from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.core.outside import hook_hosts
from visits.core.permissions import Role
from visits.inbox import delivery as sending
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState
from visits.inbox.rules import masked

KEY = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"
WECOM = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16


@pytest.fixture
def cadre(database):
    person = make_person([Role.CADRE], make_unit("发改局"), name="王芳")
    db.session.commit()
    return person


@pytest.fixture
def admin(database):
    person = make_person([Role.ADMIN])
    db.session.commit()
    return person


def kept(person):
    db.session.rollback()
    return {point.channel: point for point in db.session.scalars(sa.select(ContactPoint))}


def test_one_enters_a_mail_address_and_tries_it_out(cadre, client_for):
    browser = client_for(cadre)
    assert [row[1] for row in browser.get("/contact-points").rows] == ["—"] * 5
    browser.follow(browser.post("/contact-points/mail", {"address": " wang@example.gov.cn "}))
    page = browser.get("/contact-points")
    assert page.rows[0][:4] == ["电子邮件", "wang@example.gov.cn", "是", "—"]
    browser.post("/contact-points/mail/test", page=page)
    assert "待发送" in browser.get("/contact-points").rows[0][3]
    with MailDouble() as server:
        sending.drain(server.way().send)
    assert "已发送" in browser.get("/contact-points").rows[0][3]
    (message,) = server.taken
    assert message["Subject"] == "测试消息"
    assert "能够送达此处" in message.get_content()


def test_test_messages_are_few_an_hour(cadre, client_for):
    make_point(person=cadre)
    browser = client_for(cadre)
    for _ in range(6):
        page = browser.follow(browser.post("/contact-points/mail/test"))
    assert "请稍后再试" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 5


@pytest.mark.parametrize(
    ("channel", "entry", "says"),
    [
        ("mail", {"address": "nobody"}, "邮箱地址格式不正确"),
        ("mail", {"address": "王@例子.中国"}, "邮箱地址格式不正确"),
        ("mail", {"address": "a@example.org,b@example.org"}, "邮箱地址格式不正确"),
        ("mail", {"address": "a@example.org\r\nBcc: b@example.org"}, "邮箱地址格式不正确"),
        ("mail", {"address": f"{'x' * 60}@{'y' * 60}.{'z' * 200}"}, "邮箱地址格式不正确"),
        ("mail", {"address": ""}, "此项必填"),
        ("wecom", {"address": DINGTALK}, "不是该类机器人的地址"),
        ("wecom", {"address": WECOM + "&x=1"}, "不是该类机器人的地址"),
        ("dingtalk", {"address": DINGTALK, "secret": "SEC 1"}, "加签密钥"),
        ("feishu", {"address": "https://open.feishu.cn/"}, "不是该类机器人的地址"),
        ("webhook", {"address": "https://127.0.0.1/"}, "不得向该主机发送消息"),
        ("webhook", {"address": "http://169.254.169.254/latest/meta-data/"}, "不得向该主机发送消息"),
        ("webhook", {"address": "file:///etc/passwd"}, "不是有效的 Webhook 地址"),
        ("webhook", {"address": f"https://{'x' * 500}"}, "最多400个字"),
    ],
)
def test_wrong_addresses_are_refused_with_the_reason(cadre, client_for, channel, entry, says):
    page = client_for(cadre).post(f"/contact-points/{channel}", entry, status=422)
    assert any(says in error for error in page.errors), page.errors
    assert kept(cadre) == {}


def test_secrets_are_not_shown_again(cadre, client_for):
    browser = client_for(cadre)
    browser.post("/contact-points/dingtalk", {"address": DINGTALK, "secret": "SEC0123456789"})
    assert kept(cadre)[Channel.DINGTALK].address == f"{DINGTALK}#SEC0123456789"
    for address in ("/contact-points", "/contact-points/dingtalk"):
        page = browser.get(address)
        assert "https://oapi.dingtalk.com/…" in page.text
        assert "ab12ab12" not in page.response.text
        assert "SEC01" not in page.response.text
    browser.post("/contact-points/dingtalk", {"takes_digest": None})
    point = kept(cadre)[Channel.DINGTALK]
    assert (point.address, point.takes_digest) == (f"{DINGTALK}#SEC0123456789", False)
    logged = db.session.scalars(sa.select(AuditEntry.changes).order_by(AuditEntry.id.desc())).all()
    assert "ab12ab12" not in str(logged)
    assert "SEC01" not in str(logged)
    assert logged[0]["takes_digest"] == [True, False]


def test_an_address_taken_out_is_used_no_more(cadre, client_for):
    browser, point = client_for(cadre), make_point(person=cadre)
    row = make_delivery(point)
    browser.follow(browser.post("/contact-points/mail/remove"))
    assert browser.get("/contact-points").rows[0][1] == "—"
    with MailDouble() as server:
        sending.drain(server.way().send)
    db.session.expire_all()
    assert (row.state, server.taken) == (DeliveryState.DEAD, [])
    browser.post("/contact-points/mail", {"address": "new@example.org"})
    assert kept(cadre)[Channel.MAIL].address == "new@example.org"
    assert browser.get("/contact-points").rows[0][1] == "new@example.org"


def test_two_who_enter_at_once_do_not_overwrite_each_other(cadre, client_for):
    browser = client_for(cadre)
    empty = browser.get("/contact-points/mail")
    browser.post("/contact-points/mail", {"address": "first@example.org"})
    old = browser.get("/contact-points/mail")
    browser.post("/contact-points/mail", {"address": "second@example.org"}, status=409, page=empty)
    browser.post("/contact-points/mail", {"address": "third@example.org"})
    browser.post("/contact-points/mail", {"address": "fourth@example.org"}, status=409, page=old)
    assert kept(cadre)[Channel.MAIL].address == "third@example.org"


def test_administrators_enter_those_of_units(cadre, admin, client_for):
    unit_id = make_unit("环保局").id
    db.session.commit()
    browser = client_for(admin)
    page = browser.get("accounts.edit_unit", unit_id=unit_id)
    assert f"/units/{unit_id}/contact-points" in page.links.values()
    browser.post(f"/units/{unit_id}/contact-points/wecom", {"address": WECOM})
    page = browser.get(f"/units/{unit_id}/contact-points")
    assert page.heading == "环保局的接收方式"
    assert page.rows[1][1] == "https://qyapi.weixin.qq.com/…5aaa"
    assert kept(admin)[Channel.WECOM].unit_id == unit_id
    assert "每日提醒" not in page.main, "units get no digest"
    assert "每日提醒" not in browser.get(f"/units/{unit_id}/contact-points/wecom").main
    client_for(cadre).get(f"/units/{unit_id}/contact-points", status=403)
    browser.post(f"/units/{unit_id}/contact-points/wecom/remove")
    assert kept(admin)[Channel.WECOM].address == ""


def test_in_production_without_a_mail_server_the_page_says_why(app, cadre, client_for, monkeypatch):
    monkeypatch.setitem(app.config, "ENV_NAME", "production")
    browser = client_for(cadre)
    page = browser.get("/contact-points")
    assert "系统未配置邮件服务器" in page.text
    assert "/contact-points/mail" not in page.links.values()
    assert "不能登记邮箱地址" in browser.get("/contact-points/mail", status=404).text


def test_a_webhook_may_lead_to_hosts_the_settings_name(app, cadre, client_for, monkeypatch):
    monkeypatch.setitem(app.config, "HOOK_HOSTS", hook_hosts("hook.example.gov.cn:8443"))
    browser = client_for(cadre)
    assert "hook.example.gov.cn" in browser.get("/contact-points").text
    browser.post("/contact-points/webhook", {"address": "https://hook.example.gov.cn:8443/a?key=1"})
    assert kept(cadre)[Channel.WEBHOOK].address == "https://hook.example.gov.cn:8443/a?key=1"


def test_addresses_of_others_are_not_reached(cadre, client_for):
    make_point(person=make_person([Role.CADRE]), address="other@example.org")
    browser = client_for(cadre)
    assert "other@example.org" not in browser.get("/contact-points").text
    browser.post("/contact-points/mail/remove", status=404)
    browser.get("/contact-points/fax", status=404)


def test_the_page_asks_the_database_little(cadre, client_for, statements):
    for channel in Channel:
        make_delivery(make_point(person=cadre, channel=channel))
    browser = client_for(cadre)
    with statements() as seen:
        browser.get("/contact-points")
    assert len(seen) <= 8


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("wang@example.org", "wang@example.org"),
        (WECOM, "https://qyapi.weixin.qq.com/…5aaa"),
        (f"{DINGTALK}#SECRET", "https://oapi.dingtalk.com/…ab12"),
        ("http://10.0.0.1/abc", "http://10.0.0.1/…"),
    ],
)
def test_masks(address, shown):
    assert masked(address) == shown
