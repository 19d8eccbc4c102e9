"""Signing in and out, one's own password, and the administrator's pages."""

from datetime import date

import pytest

from tests.factories.accounts import PASSWORD, make_person, make_unit
from visits.accounts import operations, queries
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting

NEW = "another 梧桐 lantern 58"


@pytest.fixture
def admin(database):
    return make_person([Role.ADMIN], username="admin", name="管理员", password=PASSWORD)


@pytest.fixture
def at_desk(admin, client_for):
    """The administrator's browser."""
    return client_for(admin)


@pytest.fixture
def visitor(admin, client_for):
    return client_for(None)


def sign_in(browser, username="admin", password=PASSWORD, address="127.0.0.1", **fields):
    form = browser.get("accounts.sign_in")
    data = {"username": username, "password": password, "csrf_token": browser.token(form), **fields}
    return browser.open("/sign-in", method="POST", data=data, environ_overrides={"REMOTE_ADDR": address})


def is_signed_in(browser):
    return browser.get("accounts.change_password", status=None).status == 200


@pytest.mark.parametrize("username", ["admin", " ADMIN ", "ａｄｍｉｎ"])
def test_signing_in(visitor, username):
    assert sign_in(visitor, username).location == "/"
    assert is_signed_in(visitor)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("admin", "wrong"),
        ("nobody", PASSWORD),
        ("admin", PASSWORD.upper()),
        ("x" * 5000, PASSWORD),
        ("admin", "字" * 5000),
    ],
)
def test_who_does_not_fit_gets_one_answer(visitor, username, password):
    page = sign_in(visitor, username, password)
    assert page.status == 422
    assert password not in page.response.text
    assert not is_signed_in(visitor)
    if len(username) < 60:
        assert "账号或密码不正确" in page.summary


def test_a_disabled_account_is_told_so_only_with_the_right_password(visitor):
    make_person([Role.ADMIN])
    operations.disable_person(SYSTEM, queries.get_person_by_username("admin"), "调离")
    said = sign_in(visitor, password="wrong").summary
    assert "账号或密码不正确" in said
    assert "尚未保存" not in said
    assert "已停用" in sign_in(visitor).summary


def test_after_five_checks_even_the_right_password_waits(visitor, at):
    at("2026-08-31T04:00:00+00:00")
    for _ in range(5):
        sign_in(visitor, password="wrong")
    assert "15分钟" in sign_in(visitor).summary
    assert sign_in(visitor, address="192.0.2.9").status == 303
    assert is_signed_in(visitor)


def test_the_wait_is_over_after_fifteen_minutes(visitor, at):
    at("2026-08-31T04:00:00+00:00")
    for _ in range(5):
        sign_in(visitor, password="wrong")
    at("2026-08-31T04:15:01+00:00")
    assert sign_in(visitor).status == 303


def test_an_account_is_guarded_against_many_addresses(visitor):
    for n in range(20):
        assert "账号或密码不正确" in sign_in(visitor, password="wrong", address=f"192.0.2.{n}").summary
    assert "15分钟" in sign_in(visitor, address="198.51.100.1").summary


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/units?page=2", "/units?page=2"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("units", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(visitor, target, goes_to):
    assert sign_in(visitor, next=target).location == goes_to


def test_signing_out_ends_the_session_itself(at_desk):
    cookie = at_desk.client.get_cookie("visits").value
    assert at_desk.post("accounts.sign_out").location == "/sign-in"
    at_desk.client.set_cookie("visits", cookie)
    assert not is_signed_in(at_desk)


def test_signing_in_begins_a_fresh_session(visitor, admin):
    visitor.get("accounts.sign_in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "x"
    sign_in(visitor)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_a_session_lasts_no_longer_than_half_a_day(at_desk, at):
    at("2026-08-31T00:00:00+00:00")
    browser_before = at_desk
    db.session.execute(db.text("UPDATE sign_ins SET created_at = '2026-08-31 00:00:00.000000'"))
    for moment, lasts in (("2026-08-31T11:59:59+00:00", True), ("2026-08-31T12:00:01+00:00", False)):
        at(moment)
        assert is_signed_in(browser_before) is lasts


def test_disabling_ends_the_session_at_once(admin, client_for):
    person = make_person([Role.ADMIN])
    browser = client_for(person)
    assert is_signed_in(browser)
    operations.disable_person(SYSTEM, person, "调离")
    assert not is_signed_in(browser)


def test_rights_are_read_on_every_request(admin, client_for):
    person = make_person([Role.ADMIN])
    browser = client_for(person)
    browser.get("accounts.units")
    operations.update_person(SYSTEM, person, operations.PersonEntry("x", person.name, [Role.CADRE]), None)
    browser.get("accounts.units", status=403)


def password_fields(page, present, password, again):
    boxes = [box["name"] for box in page.root.all("input", type="password")]
    return dict(zip(boxes, (present, password, again), strict=True))


def test_a_changed_password_ends_ones_other_sessions(at_desk, admin, client_for):
    elsewhere = client_for(admin)
    page = at_desk.get("accounts.change_password")
    at_desk.post("accounts.change_password", password_fields(page, PASSWORD, NEW, NEW), page=page)
    assert is_signed_in(at_desk)
    assert not is_signed_in(elsewhere)
    assert sign_in(elsewhere, password=NEW).status == 303


@pytest.mark.parametrize(
    ("present", "password", "again"),
    [("wrong", NEW, NEW), (PASSWORD, NEW, NEW + "x"), (PASSWORD, "short", "short"), (PASSWORD, "", "")],
)
def test_a_password_that_does_not_fit_changes_nothing(at_desk, client_for, present, password, again):
    page = at_desk.get("accounts.change_password")
    page = at_desk.post(
        "accounts.change_password", password_fields(page, present, password, again), page=page, status=422
    )
    assert page.errors
    assert sign_in(client_for(None)).status == 303


def test_a_new_person_can_sign_in(at_desk, client_for):
    unit = make_unit("甲科")
    entry = {
        "name": "李娜",
        "username": "li.na",
        "password": NEW,
        "unit_id": str(unit.id),
        "roles": ["cadre", "handler"],
    }
    page = at_desk.follow(at_desk.post("accounts.new_person", entry))
    assert ["李娜", "li.na", "甲科"] in [row[:3] for row in page.rows]
    newcomer = client_for(None)
    assert sign_in(newcomer, "li.na", NEW).status == 303
    newcomer.get("accounts.people", status=403)


def test_the_first_unit_holds_from_always_unless_a_day_is_given_and_the_day_can_be_corrected(at_desk, at):
    at("2026-11-23")
    unit = make_unit("甲科")
    form = at_desk.get("accounts.new_person")
    assert form.root.first("input", name="since")["value"] in (None, "")
    assert "不填视为一直在该单位" in form.main
    entry = {"name": "李娜", "username": "li.na", "unit_id": str(unit.id), "roles": ["cadre"]}
    at_desk.post("accounts.new_person", entry)
    person = queries.get_person_by_username("li.na")
    page = at_desk.get("accounts.edit_person", person_id=person.id)
    assert page.rows == [["甲科", "—", "—"]]
    assert "自今日起" in page.main
    other = make_person()
    assert "不填视为一直在该单位" in at_desk.get("accounts.edit_person", person_id=other.id).main
    assert page.root.first("input", name="since")["value"] in (None, "")
    done = at_desk.post("accounts.edit_person", {"since": "2026-11-02"}, person_id=person.id)
    assert "更正该次走访即可补上" in at_desk.follow(done).main
    page = at_desk.get("accounts.edit_person", person_id=person.id)
    assert page.rows[0][1].startswith("2026-11-02")
    said = at_desk.post("accounts.edit_person", {"since": "2026-12-02"}, person_id=person.id, status=422)
    assert "任职日期不能晚于今日" in said.summary


@pytest.mark.parametrize(
    ("roles", "has_unit", "said"),
    [
        ([], False, ["尚无角色", "不计入任何单位"]),
        ([], True, ["尚无角色"]),
        (["cadre"], False, ["不计入任何单位"]),
        (["handler"], False, ["不能办理问题诉求"]),
        (["coordinator"], False, []),
        (["handler"], True, []),
    ],
)
def test_what_a_person_cannot_do_yet_is_said_after_saving(at_desk, roles, has_unit, said):
    unit = make_unit()
    entry = {"name": "李娜", "username": "li.na", "roles": roles, "password": NEW}
    entry |= {"unit_id": str(unit.id)} if has_unit else {}
    page = at_desk.follow(at_desk.post("accounts.new_person", entry))
    person = queries.get_person_by_username("li.na")
    again = at_desk.follow(at_desk.post("accounts.edit_person", {}, person_id=person.id))
    for shown in (page.main, again.main):
        assert [
            words for words in ("尚无角色", "不计入任何单位", "不能办理问题诉求") if words in shown
        ] == said


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"username": "admin"}, "username"),
        ({"username": "<b>"}, "username"),
        ({"password": "1234567890"}, "password"),
        ({"name": "字" * 61}, "name"),
        ({"phone": "1" * 31}, "phone"),
        ({"unit_id": "999999"}, "unit_id"),
        ({"roles": ["emperor"]}, "roles"),
    ],
)
def test_a_wrong_person_is_told_at_the_field(at_desk, change, field):
    entry = {"name": "李娜", "username": "li.na", "password": NEW, "post": "科员"} | change
    page = at_desk.post("accounts.new_person", entry, status=422)
    assert page.root.first(id=f"{field}-error")
    assert page.root.first("input", name="post")["value"] == "科员"
    assert queries.count_people() == 1


def test_two_administrators_do_not_save_over_each_other(at_desk):
    person = make_person(name="李娜")
    form = at_desk.get("accounts.edit_person", person_id=person.id)
    at_desk.post("accounts.edit_person", {"post": "科长"}, person_id=person.id)
    page = at_desk.post(
        "accounts.edit_person", {"post": "主任"}, page=form, person_id=person.id, status=409
    )
    assert "主任" in page.main
    assert queries.get_person(person.id).post == "科长"


def test_units_are_made_and_renamed(at_desk):
    at_desk.post("accounts.new_unit", {"name": "甲科"})
    unit = queries.get_unit_by_name("甲科")
    at_desk.post("accounts.new_unit", {"name": "甲科"}, status=422)
    at_desk.post("accounts.edit_unit", {"name": "乙科"}, unit_id=unit.id)
    assert [row[0] for row in at_desk.get("accounts.units").rows] == ["乙科 无人签收"]


def test_only_a_unit_with_a_head_is_spoken_for_by_its_head(at_desk):
    unit = make_unit("甲科")
    page = at_desk.post("accounts.edit_unit", {"head_confirms": "y"}, unit_id=unit.id, status=422)
    assert "尚无单位负责人" in page.summary
    head = make_person([Role.UNIT_HEAD], unit, name="郑强")
    at_desk.post("accounts.edit_unit", {"head_confirms": "y"}, unit_id=unit.id)
    assert at_desk.get("accounts.units").rows == [["甲科", "仅单位负责人", "郑强", "1", "1"]]
    operations.disable_person(SYSTEM, head, "退休")
    assert "暂由单位经办人办理" not in at_desk.get("accounts.edit_unit", unit_id=unit.id).main
    make_person([Role.HANDLER], unit)
    assert "暂由单位经办人办理" in at_desk.get("accounts.edit_unit", unit_id=unit.id).main


def test_a_person_changes_the_unit_on_a_day_and_both_stay_on_record(at_desk, at):
    at("2026-11-23")
    old, new = make_unit("甲科"), make_unit("乙科")
    person = make_person([Role.HANDLER], old, name="李娜", since=date(2026, 1, 5))
    at_desk.post(
        "accounts.edit_person", {"unit_id": str(new.id), "since": "2026-10-01"}, person_id=person.id
    )
    rows = at_desk.get("accounts.edit_person", person_id=person.id).rows
    assert [[cell.split()[0] for cell in row] for row in rows] == [
        ["乙科", "2026-10-01", "—"],
        ["甲科", "2026-01-05", "2026-09-30"],
    ]
    assert queries.units_of_people([person.id], date(2026, 9, 30)) == {person.id: old.id}
    page = at_desk.post(
        "accounts.edit_person",
        {"unit_id": str(old.id), "since": "2026-02-01"},
        person_id=person.id,
        status=422,
    )
    assert "此后已登记过单位变动" in page.summary


def test_the_grid_of_roles_is_readable_and_leads_to_the_people(at_desk):
    make_person([Role.CALLBACK], name="郑强")
    page = at_desk.get("accounts.roles")
    rights = {row[0]: row[1:] for row in page.rows}
    assert rights["办理问题诉求"][list(Role).index(Role.HANDLER)] == "本单位"
    assert rights["查看操作日志"].count("全部") == 1
    link = next(url for url in page.links.values() if "role=callback" in url)
    assert [row[0] for row in at_desk.get(link).rows] == ["郑强 未设密码"]


NASTY = ["<script>alert(1)</script>", "{{7*7}}%(x)s%s", "'; DROP TABLE people; --", "&amp;&lt; 😀\u0000 é"]


@pytest.mark.parametrize("text", NASTY)
def test_whatever_is_typed_is_shown_as_it_is(at_desk, text):
    at_desk.post("accounts.new_unit", {"name": text})
    shown = at_desk.get("accounts.units").rows[0][0]
    assert shown.removesuffix(" 无人签收") == " ".join(text.replace("\u0000", "").split())


def test_the_language_is_remembered(at_desk, visitor):
    assert visitor.get("accounts.sign_in").heading == "登录"
    visitor.post(
        "accounts.choose_language", {"language": "en", "next": "/sign-in"}, page=visitor.get("/sign-in")
    )
    assert visitor.get("accounts.sign_in").heading == "Sign in"
    at_desk.post("accounts.choose_language", {"language": "en"})
    assert at_desk.get("accounts.units").heading == "Units"
    at_desk.post("accounts.choose_language", {"language": "xx"})
    assert at_desk.get("accounts.units").heading == "Units"


@pytest.mark.parametrize(
    ("is_demo_server", "is_demo_database"), [(False, False), (True, False), (False, True)]
)
def test_signing_in_by_a_click_is_refused_outside_a_demo(
    app, visitor, admin, monkeypatch, is_demo_server, is_demo_database
):
    monkeypatch.setitem(app.config, "DEMO", is_demo_server)
    set_setting("demo", is_demo_database)
    form = visitor.get("accounts.sign_in")
    data = {"person_id": str(admin.id)}
    assert visitor.post("accounts.sign_in_demo", data, page=form, status=None).status == 404
    assert not is_signed_in(visitor)


def test_in_a_demo_a_click_signs_in(app, visitor, admin, monkeypatch):
    monkeypatch.setitem(app.config, "DEMO", True)
    set_setting("demo", True)
    page = visitor.get("accounts.sign_in")
    button = page.posts_to("/sign-in/demo").first("button")
    assert "管理员" in button.text
    visitor.post("accounts.sign_in_demo", {button["name"]: button["value"]}, page=page)
    assert is_signed_in(visitor)
