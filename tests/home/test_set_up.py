"""The first person makes an empty installation usable, once."""

import pytest

from tests.factories.accounts import PASSWORD, make_person
from visits.accounts import queries
from visits.core.permissions import Role
from visits.core.settings import get_setting
from visits.core.setup_token import setup_token
from visits.programmes.queries import programme_ids_by_code

ENTRY = {"zone_name": "临湖经济开发区", "name": "张伟", "username": "Zhang.Wei", "password": PASSWORD}
OTHER_MACHINE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def visitor(database, client_for):
    return client_for(None)


@pytest.mark.parametrize(
    ("ticked", "roles"), [({}, [Role.ADMIN, Role.COORDINATOR]), ({"is_coordinator": None}, [Role.ADMIN])]
)
def test_the_first_person_sets_up_and_signs_in(visitor, ticked, roles):
    assert visitor.get("accounts.sign_in", status=302).location == "/set-up"
    page = visitor.post("home.set_up", ENTRY | ticked)
    page = visitor.follow(page)
    visitor.post("accounts.sign_in", {"username": "zhang.wei", "password": PASSWORD}, page=page)
    person = queries.get_person_by_username("zhang.wei")
    assert queries.roles_of(person.id) == sorted(roles)
    assert get_setting("zone_name") == "临湖经济开发区"
    assert set(programme_ids_by_code()) == {"enterprise_visit", "group_linked"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone_name": " "}, "zone_name"),
        ({"name": ""}, "name"),
        ({"username": "a"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"password": "1234567890"}, "password"),
        ({"password": "kurz"}, "password"),
        ({"name": "字" * 61}, "name"),
    ],
)
def test_a_wrong_entry_is_told_and_the_rest_kept(visitor, change, field):
    page = visitor.post("home.set_up", ENTRY | change, status=422)
    wrong = page.root.first("input", name=field)
    assert wrong["aria-invalid"] == "true"
    assert page.root.first("input", name="password")["value"] in {None, ""}
    assert "重新输入密码" in page.main
    kept = page.root.first("input", name="zone_name" if field != "zone_name" else "name")
    assert kept["value"]
    assert queries.count_people() == 0


def test_once_somebody_exists_the_page_is_gone(visitor):
    form = visitor.get("home.set_up")
    make_person([Role.ADMIN])
    visitor.get("home.set_up", status=404)
    visitor.post("home.set_up", ENTRY, page=form, status=404)
    assert queries.count_people() == 1


def test_another_machine_needs_the_printed_address(visitor, app):
    assert visitor.open("/set-up", environ_overrides=OTHER_MACHINE).status == 403
    assert visitor.open("/set-up?token=guess", environ_overrides=OTHER_MACHINE).status == 403
    address = f"/set-up?token={setup_token(app.secret_key)}"
    page = visitor.open(address, environ_overrides=OTHER_MACHINE)
    assert page.root.first("input", name="token")["value"] == setup_token(app.secret_key)
