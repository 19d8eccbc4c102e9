"""One-time links by which people set their passwords."""

import re

import pytest
import sqlalchemy as sa

from tests.factories.accounts import PASSWORD, make_person
from visits.accounts import operations, queries
from visits.accounts.models import LinkPurpose, PasswordLink, SignIn
from visits.core import passwords
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.permissions import Role

NEW = "another 梧桐 lantern 58"
RESET, INVITE = LinkPurpose.RESET, LinkPurpose.INVITE
DEAD = "链接已用过、已过期或不完整"


@pytest.fixture
def person(database):
    return make_person([Role.CADRE], username="li.na", name="李娜", password=PASSWORD)


@pytest.fixture
def at_desk(database, client_for):
    return client_for(make_person([Role.ADMIN], name="管理员"))


@pytest.fixture
def visitor(client_for):
    return client_for(None)


def link_of(page):
    """The address, and the code in it, that a page shows once."""
    address = page.root.first("input", id="link")["value"]
    return re.fullmatch(r"http://localhost(/password/\w+)#([\w-]{43})", address).groups()


def make_link(at_desk, person):
    """The page that shows a new link."""
    return at_desk.follow(at_desk.post("accounts.make_link", person_id=person.id))


def use(visitor, path, code, password=NEW, again=None, **kwargs):
    entry = {"link_code": code, "password": password, "again": password if again is None else again}
    return visitor.post(path, entry, **kwargs)


def can_sign_in(password):
    return passwords.matches(queries.get_person_by_username("li.na").password_hash, password)


def test_the_administrator_makes_a_link_and_the_person_sets_a_password_by_it(at_desk, person, visitor):
    path, code = link_of(make_link(at_desk, person))
    assert path == "/password/reset"
    operations.begin_sign_in(person, "")
    assert can_sign_in(PASSWORD)
    assert use(visitor, path, code).location == "/sign-in#username"
    assert can_sign_in(NEW)
    assert queries.live_sign_ins(person.id) == []
    assert "请用账号li.na登录" in visitor.get("accounts.sign_in").text


def test_an_account_without_a_password_is_invited(at_desk, visitor):
    entry = {"name": "李娜", "username": "li.na", "roles": ["cadre"]}
    path, code = link_of(at_desk.follow(at_desk.post("accounts.new_person", entry)))
    assert path == "/password/invite"
    assert "未设密码" in at_desk.get("accounts.people", q="li.na").rows[0][0]
    use(visitor, path, code)
    assert can_sign_in(NEW)
    assert at_desk.get("accounts.people", q="li.na").rows[0][0] == "李娜"


def test_the_page_of_a_link_opened_again_leads_to_the_person(at_desk, person):
    entry = {"name": "王芳", "username": "wang.fang", "roles": ["cadre"]}
    form = at_desk.get("accounts.new_person")
    sent = at_desk.post("accounts.new_person", entry, page=form)
    _, code = link_of(at_desk.follow(sent))
    for again in (sent, at_desk.post("accounts.new_person", entry, page=form)):
        page = at_desk.follow(at_desk.follow(again, status=303))
        assert page.heading == "王芳"
        assert "链接只显示一次" in page.main
        assert code not in page.response.text
    assert queries.count_people() == 3


def test_a_link_is_shown_at_its_person_only(at_desk, person):
    other = make_person(name="王芳")
    at_desk.post("accounts.make_link", person_id=person.id)
    page = at_desk.follow(at_desk.get("accounts.show_link", person_id=other.id, status=303))
    assert page.heading == "王芳"
    assert "链接只显示一次" in page.main


def test_only_who_has_an_account_in_use_is_told_that_sign_ins_end(visitor):
    said = "在其他设备上的登录将退出"
    assert said in visitor.get("accounts.use_link", purpose="reset").main
    assert said not in visitor.get("accounts.use_link", purpose="invite").main


def test_opening_the_link_uses_nothing_up(at_desk, person, visitor):
    path, code = link_of(make_link(at_desk, person))
    for _ in range(3):
        visitor.get(path)
    use(visitor, path, code)


def test_a_whole_link_may_be_pasted(at_desk, person, visitor):
    path, code = link_of(make_link(at_desk, person))
    use(visitor, path, f" https://visits.example{path}#{code} ")
    assert can_sign_in(NEW)


@pytest.mark.parametrize("password", ["short", "1234567890", "李娜 li.na", "字" * 73])
def test_a_weak_password_leaves_the_link_good(at_desk, person, visitor, password):
    path, code = link_of(make_link(at_desk, person))
    page = use(visitor, path, code, password, status=422)
    assert page.errors
    assert page.root.first("input", name="link_code")["value"] == code
    assert password not in page.response.text
    use(visitor, path, code)


def test_a_link_works_once(at_desk, person, visitor):
    path, code = link_of(make_link(at_desk, person))
    use(visitor, path, code)
    assert DEAD in use(visitor, path, code, "a third 梧桐 lantern", status=422).summary
    assert can_sign_in(NEW)


@pytest.mark.parametrize(
    "altered",
    [
        lambda code: "",
        lambda code: "x",
        lambda code: code[:-1],
        lambda code: code.swapcase(),
        lambda code: f"{code} {code}",
        lambda code: code * 300,
        lambda code: "' OR 1=1 --",
    ],
)
def test_an_altered_code_is_no_code(at_desk, person, visitor, altered):
    path, code = link_of(make_link(at_desk, person))
    use(visitor, path, altered(code), status=422)
    assert can_sign_in(PASSWORD)


def test_a_link_is_good_for_its_purpose_only(at_desk, person, visitor):
    _, code = link_of(make_link(at_desk, person))
    assert DEAD in use(visitor, "/password/invite", code, status=422).summary
    visitor.get("/password/elsewhere", status=404)
    assert can_sign_in(PASSWORD)


@pytest.mark.parametrize(("purpose", "hours"), [(RESET, 24), (INVITE, 72)])
def test_a_link_expires_also_where_the_form_was_open(person, visitor, at, purpose, hours):
    at("2026-11-02T00:00:00+00:00")
    code = operations.make_password_link(SYSTEM, person, purpose)
    form = visitor.get("accounts.use_link", purpose=purpose)
    day, hour = divmod(hours, 24)
    at(f"2026-11-{2 + day:02d}T{hour:02d}:00:00+00:00")
    assert DEAD in use(visitor, f"/password/{purpose}", code, page=form, status=422).summary
    at(f"2026-11-{1 + day:02d}T23:59:59+00:00")
    use(visitor, f"/password/{purpose}", code, page=form)


def test_a_new_link_ends_the_former(person):
    first = operations.make_password_link(SYSTEM, person, RESET)
    second = operations.make_password_link(SYSTEM, person, RESET)
    with pytest.raises(Refused):
        operations.use_password_link(RESET, first, NEW)
    assert operations.use_password_link(RESET, second, NEW) is person


@pytest.mark.parametrize(
    "happens",
    [
        lambda person: operations.set_password(SYSTEM, person, "a third 梧桐 lantern"),
        lambda person: operations.disable_person(SYSTEM, person, "调离"),
    ],
)
def test_a_link_ends_with_the_password_it_was_to_replace_and_with_the_account(person, happens):
    code = operations.make_password_link(SYSTEM, person, RESET)
    happens(person)
    operations.enable_person(SYSTEM, person)
    with pytest.raises(Refused):
        operations.use_password_link(RESET, code, NEW)


def test_a_disabled_account_gets_no_link(at_desk, person):
    operations.disable_person(SYSTEM, person, "调离")
    assert "已停用" in at_desk.post("accounts.make_link", person_id=person.id, status=422).text


def test_only_an_administrator_makes_links(client_for, person):
    client_for(person).post("accounts.make_link", person_id=person.id, status=403)
    client_for(person).get("accounts.show_link", person_id=person.id, status=403)


def test_the_code_is_kept_nowhere(at_desk, person, visitor, caplog):
    caplog.set_level("DEBUG")
    path, code = link_of(make_link(at_desk, person))
    use(visitor, path, code, again="another", status=422)
    use(visitor, path, code)
    stored = [
        str(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(sa.select(table)).all()
    ]
    assert not [row for row in stored if code in row]
    assert code not in caplog.text
    assert code not in at_desk.get("accounts.edit_person", person_id=person.id).response.text


def test_links_are_in_the_log_without_their_code(at_desk, person, visitor):
    path, code = link_of(make_link(at_desk, person))
    use(visitor, path, code)
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    made, used = (
        next(e for e in entries if e.action == f"person.{a}") for a in ("link_made", "password_reset")
    )
    assert (made.actor_name, made.subject_id, made.changes["purpose"]) == ("管理员", person.id, "reset")
    assert (used.actor_name, used.subject_id) == ("李娜", person.id)


def test_of_two_who_use_one_link_at_once_one_wins(person, monkeypatch):
    """The second read the link before the first had used it."""
    code = operations.make_password_link(SYSTEM, person, RESET)
    link = queries.open_link(RESET, code)
    operations.use_password_link(RESET, code, NEW)
    monkeypatch.setattr("visits.accounts.queries.open_link", lambda purpose, typed: link)
    with pytest.raises(Refused):
        operations.use_password_link(RESET, code, "a third 梧桐 lantern")
    assert can_sign_in(NEW)


def test_the_page_does_not_say_whether_an_account_exists(visitor, person):
    assert use(visitor, "/password/reset", "x" * 43, status=422).summary.count(DEAD) == 1
    assert db.session.scalar(sa.select(sa.func.count(PasswordLink.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(SignIn.id))) == 0
