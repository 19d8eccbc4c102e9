"""Accounts from the command line."""

import pytest

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.support.browser import apart
from visits.accounts import queries
from visits.core.clock import today
from visits.core.permissions import Role
from visits.core.setup_token import setup_token
from visits.programmes.queries import programme_ids_by_code

ZHANG = [
    "--username",
    "Zhang",
    "--name",
    "张伟",
    "--role",
    "admin",
    "--role",
    "coordinator",
    "--password-stdin",
]


@pytest.fixture
def command(app, database):
    runner = app.test_cli_runner()
    return lambda *args, **kwargs: apart(lambda: runner.invoke(args=["users", *args], **kwargs))


def test_the_first_account_brings_what_every_office_starts_from(command):
    result = command("create", *ZHANG, input=f"{PASSWORD}\n")
    assert (result.exit_code, result.output) == (0, "张伟现在可以用账号zhang登录。\n")
    person = queries.get_person_by_username("zhang")
    assert queries.roles_of(person.id) == [Role.ADMIN, Role.COORDINATOR]
    assert set(programme_ids_by_code()) == {"enterprise_visit", "group_linked"}


def test_a_password_is_asked_for_twice_and_never_shown(command):
    result = command("create", *ZHANG[:-1], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_an_account_in_a_unit(command):
    unit = make_unit("甲科")
    assert command("create", *ZHANG, "--unit", "甲科", input=PASSWORD).exit_code == 0
    assert queries.unit_of(queries.get_person_by_username("zhang").id, today()).id == unit.id


@pytest.mark.parametrize(
    ("args", "password", "says"),
    [
        ([*ZHANG, "--unit", "没有"], PASSWORD, "没有名为“没有”的单位"),
        (ZHANG, "1234567890", "容易被猜到"),
        (ZHANG, "", "至少需要10个字符"),
        (["--username", "a b", *ZHANG[2:]], PASSWORD, "账号为2至60个"),
        (["--username", "taken", *ZHANG[2:]], PASSWORD, "已存在"),
        ([*ZHANG, "--role", "emperor"], PASSWORD, "emperor"),
    ],
)
def test_a_refusal_is_a_sentence_and_leaves_nothing(command, args, password, says):
    make_person(username="taken")
    result = command("create", *args, input=password)
    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
    assert queries.count_people() == 1


def test_the_address_of_the_set_up_page_is_told_until_somebody_exists(command, app):
    result = command("setup-token")
    assert result.output.strip().endswith(f"/set-up?token={setup_token(app.secret_key)}")
    make_person()
    assert command("setup-token").exit_code == 1
