"""The page of messages not delivered, and sending them again; red flags that go out at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.inbox import make_delivery, make_point
from tests.factories.issues import make_issue, make_office
from tests.support.mail_server import MailDouble
from visits.core.authz import SYSTEM
from visits.core.clock import now
from visits.core.db import db
from visits.core.permissions import Role
from visits.inbox import delivery as sending
from visits.inbox.integrity import find_stuck_messages
from visits.inbox.models import Channel, ContactPoint, Delivery, DeliveryState, NoticeKind
from visits.inbox.operations import Telling, post_notice
from visits.inbox.ways.mail import BAD_ADDRESS, NO_LOGIN
from visits.issues.states import State

DEAD = {
    "state": DeliveryState.DEAD,
    "tries": 8,
    "last_error": f"{BAD_ADDRESS} [550]",
}


@pytest.fixture
def admin(database):
    person = make_person([Role.ADMIN])
    db.session.commit()
    return person


@pytest.fixture
def office(database):
    return make_office()


def dead(event="tests:1", point=None, **fields):
    return make_delivery(point, event=event, ended_at=now(), **DEAD, **fields)


def test_what_could_not_be_delivered_stands_there_with_its_reason(admin, client_for):
    dead(point=make_point(person=make_person(name="王芳")), subject="红旗", text="SECRET")
    page = client_for(admin).get("/outbox")
    ((subject, to, _, _, tries, why, _),) = page.rows
    assert (subject, tries) == ("红旗", "8")
    assert to == "王芳 电子邮件 somebody@example.org"
    assert why == "邮件服务器上没有该邮箱地址。（对方应答 550）"
    assert "SECRET" not in page.response.text


def test_one_is_sent_again(admin, client_for):
    row, other = dead(), dead("tests:2", make_point(unit=make_unit()))
    browser = client_for(admin)
    page = browser.follow(browser.post(f"/outbox/{row.id}/resend"))
    assert "已重新提交发送" in page.text
    assert len(page.rows) == 1
    browser.post(f"/outbox/{row.id}/resend", status=409)
    db.session.expire_all()
    assert (row.state, row.tries, row.ended_at) == (DeliveryState.WAITING, 0, None)
    with MailDouble() as server:
        sending.drain(server.way().send)
    assert [message["Message-ID"] for message in server.taken] == [f"<{row.message_id}@example.org>"]
    assert len(browser.get("/outbox?state=sent").rows) == 1
    assert other.state is DeliveryState.DEAD


def test_all_are_sent_again_but_those_without_an_address(admin, client_for):
    rows = [dead(), dead("tests:2", make_point(unit=make_unit()))]
    nowhere = dead("tests:3", make_point(address=""))
    browser = client_for(admin)
    page = browser.follow(browser.post("/outbox/resend-all"))
    assert "2 条" in page.text
    db.session.expire_all()
    assert {row.state for row in rows} == {DeliveryState.WAITING}
    assert nowhere.state is DeliveryState.DEAD
    assert len(browser.get("/outbox?state=waiting").rows) == 2
    assert browser.get("/outbox?state=nonsense").rows[0][5] != "—"


def test_what_waits_for_another_try_goes_out_at_once(admin, client_for):
    later = {"next_at": now() + timedelta(hours=12), "last_error": f"{NO_LOGIN} [535]", "tries": 7}
    mended = [make_delivery(make_point(), event=f"tests:{number}", **later) for number in range(3)]
    held = make_delivery(make_point(), event="tests:held", token="x", held_until=now(), **later)
    make_delivery(event="tests:new")
    browser = client_for(admin)
    page = browser.get("/outbox?state=waiting")
    assert {row[5] for row in page.rows} == {"—", "邮件服务器不接受本系统的用户名和密码。（对方应答 535）"}
    assert [row[6] for row in page.rows] == ["", *["重发"] * 4]
    page = browser.follow(browser.post(f"/outbox/{mended[0].id}/resend", {"state": "waiting"}))
    assert len(page.rows) == 5
    assert "2 条" in browser.follow(browser.post("/outbox/resend-all", {"state": "nonsense"})).text
    db.session.expire_all()
    assert {row.tries for row in mended} == {0}
    assert all(row.next_at <= now() for row in mended)
    assert (held.tries, held.token) == (7, "x")


def test_the_page_asks_little_however_many_rows(admin, client_for, statements):
    for number in range(30):
        dead(f"tests:{number}", make_point())
    browser = client_for(admin)
    with statements() as seen:
        assert len(browser.get("/outbox").rows) == 30
    assert len(seen) <= 8


def flag(people, event="tests:1"):
    telling = Telling(
        NoticeKind.FLAG, event, "A red flag was raised on problem %(number)s.", None, {"number": "X1"}
    )
    notices = post_notice(SYSTEM, [person.id for person in people], telling)
    db.session.commit()
    return notices


def queued():
    stmt = sa.select(ContactPoint, Delivery.subject, Delivery.text).join(
        Delivery, Delivery.contact_point_id == ContactPoint.id
    )
    return {(row[0].person_id, row[0].unit_id): (row[1], row[2]) for row in db.session.execute(stmt)}


def test_red_flags_go_out_at_once_in_each_ones_language(app, database, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_BASE_URL", "https://visits.example.gov.cn")
    unit = make_unit()
    wang, smith, silent = make_person(unit=unit), make_person(), make_person()
    smith.language = "en"
    make_point(person=wang)
    make_point(person=smith)
    make_point(unit=unit, channel=Channel.WECOM, address="https://qyapi.weixin.qq.com/x")
    make_point(unit=make_unit(), channel=Channel.WECOM, address="https://qyapi.weixin.qq.com/y")
    assert len(flag([wang, smith, silent])) == 3
    flag([wang, smith, silent])
    sent = queued()
    assert set(sent) == {(wang.id, None), (smith.id, None), (None, unit.id)}
    assert sent[wang.id, None][0] == sent[None, unit.id][0] == "预警：X1"
    assert sent[wang.id, None][1].endswith("详情请登录系统查看。 https://visits.example.gov.cn/")
    assert sent[smith.id, None][0] == "Red flags: X1"
    assert "problem X1" in sent[smith.id, None][1]


def test_red_flags_lead_to_the_problem(office, monkeypatch, app):
    monkeypatch.setitem(app.config, "PUBLIC_BASE_URL", "https://visits.example.gov.cn")
    issue, wang = make_issue(office, State.IN_PROGRESS, title="<b>停电</b>"), make_person()
    make_point(person=wang)
    said = "Red flag: %(number)s “%(title)s”. Look at it at once."
    values = {"number": issue.number, "title": issue.title}
    post_notice(SYSTEM, [wang.id], Telling(NoticeKind.FLAG, "tests:1", said, issue, values))
    db.session.commit()
    address = f"https://visits.example.gov.cn/issues/{issue.id}"
    ((text, html),) = db.session.execute(sa.select(Delivery.text, Delivery.html))
    assert text.endswith(f"详情请登录系统查看。 {address}")
    assert f'<a href="{address}">在系统中查看</a>' in html
    assert "“&lt;b&gt;停电&lt;/b&gt;”" in html


def test_other_kinds_wait_for_the_digest(database):
    wang = make_person()
    make_point(person=wang)
    assert post_notice(SYSTEM, [wang.id], Telling(NoticeKind.DESK, "tests:1", "Told"))
    db.session.commit()
    assert queued() == {}


def test_nobody_gets_more_than_twenty_an_hour(database, at):
    wang = make_person()
    make_point(person=wang)
    for number in range(25):
        flag([wang], f"tests:{number}")
    count = sa.select(sa.func.count()).select_from(Delivery)
    assert db.session.scalar(count) == 20
    at(now() + sending.timedelta(hours=1, minutes=1))
    flag([wang], "tests:later")
    assert db.session.scalar(count) == 21


@pytest.mark.parametrize(
    ("fields", "name", "weight"),
    [
        ({}, "outbox", "fine"),
        ({"next_at": now() - sending.timedelta(hours=1)}, "outbox", "wrong"),
        ({"ended_at": now(), **DEAD}, "undelivered", "advice"),
    ],
)
def test_doctor_says_what_does_not_leave(app, database, fields, name, weight):
    make_delivery(**fields)
    found = {finding.name: finding.weight for finding in find_stuck_messages(app.config)}
    assert found[name] == weight


def test_what_is_rolled_back_is_not_sent(database):
    wang = make_person()
    make_point(person=wang)
    post_notice(SYSTEM, [wang.id], Telling(NoticeKind.FLAG, "tests:1", "Told"))
    db.session.rollback()
    assert queued() == {}
