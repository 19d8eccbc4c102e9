"""One request: who may pass, when it is saved, and what a refusal looks like."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.factories.accounts import PASSWORD, make_person, make_unit
from visits.accounts.models import Unit
from visits.core.audit import AuditEntry
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.web import HEADERS, requires


@pytest.fixture
def admin(database, client_for):
    return client_for(make_person([Role.ADMIN]))


@pytest.fixture
def unit_page(app, monkeypatch):
    """Put another view behind the page that makes units."""

    def replace(view, mark="signed-in"):
        monkeypatch.setitem(app.view_functions, "accounts.new_unit", requires(mark)(view) if mark else view)

    return replace


def names():
    return set(db.session.scalars(sa.select(Unit.name)))


def add_unit(name):
    db.session.add(Unit(name=name))


def test_every_answer_carries_the_headers(admin, database):
    shown = (
        admin.get("accounts.units"),
        admin.get("/nowhere", status=404),
        admin.get("accounts.sign_in", status=302),
    )
    for page in shown:
        for name, value in HEADERS.items():
            assert page.response.headers[name] == value
        assert page.response.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "renews"),
    [("text/html,application/xhtml+xml,*/*;q=0.8", True), ("*/*", False), ("application/json", False)],
)
def test_pages_renew_the_cookie_and_what_scripts_ask_does_not(admin, accepted, renews):
    admin.get("accounts.units")
    for address in ("/enterprises/lookup?q=%E6%B9%96", "/units"):
        answer = admin.open(address, headers={"Accept": accepted}).response
        assert ("Set-Cookie" in answer.headers) is renews


def test_a_visitor_is_sent_to_sign_in_and_back(client_for, database):
    make_person([Role.ADMIN], username="admin", name="张管", password=PASSWORD)
    visitor = client_for(None)
    page = visitor.follow(visitor.get("accounts.people", status=302, q="张"))
    page = visitor.post("accounts.sign_in", {"username": "admin", "password": PASSWORD}, page=page)
    assert [row[0] for row in visitor.follow(page).rows] == ["张管"]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMIN])
def test_without_the_right_a_page_is_refused_and_the_refusal_logged(client_for, database, role):
    person = make_person([role])
    page = client_for(person).get("accounts.people", status=403)
    assert page.heading == "无权操作"
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "access.refused")).one()
    assert (entry.actor_id, entry.changes["path"]) == (person.id, "/people")


@pytest.mark.parametrize("path", ["/nowhere", "/units/999999/edit", "/units/x/edit", "/people/0/edit"])
def test_what_is_not_there_is_404(admin, path):
    assert admin.get(path, status=404).heading == "未找到"


def test_a_wrong_method_is_405(admin):
    assert "不支持" in admin.get("accounts.sign_out", status=405).heading


def test_a_view_without_a_mark_answers_nobody(admin, unit_page):
    unit_page(lambda: "secret", mark=None)
    page = admin.get("accounts.new_unit", status=500)
    assert "secret" not in page.text


def test_a_fault_shows_a_reference_and_no_detail(admin, unit_page, caplog):
    def view():
        add_unit("甲科")
        raise ValueError("inner secret")

    unit_page(view)
    page = admin.get("accounts.new_unit", status=500)
    reference = page.main.split("编号：")[1][:8]
    assert "inner secret" not in page.response.text
    assert reference in caplog.text
    assert names() == set()


def test_what_fails_at_the_commit_is_a_conflict(admin, unit_page, database):
    make_unit("甲科")

    def view():
        add_unit("甲科")
        return "", 200

    page = admin.get("accounts.new_unit")
    unit_page(view)
    page = admin.post("accounts.new_unit", {"name": "我填写的内容"}, page=page, status=409)
    assert "冲突" in page.main
    assert "我填写的内容" in page.main
    assert names() == {"甲科"}


def test_a_busy_database_is_503(admin, unit_page):
    def view():
        raise OperationalError("", {}, Exception("database is locked"))

    unit_page(view)
    page = admin.get("accounts.new_unit", status=503)
    assert page.response.headers["Retry-After"] == "5"


@pytest.mark.parametrize("address", ["/units", "/", "/nowhere"])
def test_a_database_out_of_reach_is_503_though_nobody_can_be_known(admin, monkeypatch, address):
    def away(*_):
        raise OperationalError("", {}, Exception("connection refused"))

    monkeypatch.setattr("visits.accounts.queries.get_signed_in", away)
    page = admin.get(address, status=503)
    assert "数据库" in page.main
    assert page.response.headers["Retry-After"] == "5"


def test_an_answer_of_400_or_more_saves_nothing(admin, unit_page):
    def view():
        add_unit("甲科")
        return "<html lang='zh'><title>a</title><h1>a</h1></html>", 422

    form = admin.get("accounts.new_unit")
    unit_page(view)
    admin.post("accounts.new_unit", {"name": "甲科"}, page=form, status=422)
    assert names() == set()


@pytest.mark.parametrize("token", [None, "", "forged", "IjAwMCI.ZZZZ.ZZZZ"])
def test_a_form_without_its_token_is_refused_and_its_text_shown(admin, token):
    page = admin.post("accounts.new_unit", {"name": "甲科", "csrf_token": token}, status=400)
    assert "甲科" in page.main
    assert names() == set()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({}, 303),
    ],
)
def test_forms_come_from_our_own_pages(admin, headers, status):
    form = admin.get("accounts.new_unit")
    data = {"name": "甲科", "csrf_token": admin.token(form)}
    page = admin.open("/units/new", method="POST", data=data, headers=headers)
    assert page.status == status
    assert names() == ({"甲科"} if status == 303 else set())


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_an_unknown_host_gets_a_plain_page(client_for, database, host):
    page = client_for(None).client.get("/people", headers={"Host": host})
    assert page.status_code == 400
    assert "<h1>400</h1>" in page.text
    assert host not in page.text


def test_too_much_is_413_and_nothing_is_lost_silently(admin, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    form = admin.get("accounts.new_unit")
    assert (
        admin.post("accounts.new_unit", {"name": "字" * 2000}, page=form, status=413).heading == "内容过大"
    )


def test_what_was_typed_is_shown_as_text(admin):
    nasty = "<script>alert(1)</script>\"'{{7*7}}"
    page = admin.post("accounts.new_unit", {"name": nasty, "csrf_token": ""}, status=400)
    assert nasty in page.main


def test_reading_changes_nothing(admin, statements):
    with statements() as seen:
        for endpoint in (
            "accounts.people",
            "accounts.units",
            "accounts.new_person",
            "accounts.change_password",
        ):
            admin.get(endpoint)
    assert not [s for s in seen if not s.lstrip().upper().startswith("SELECT")]
