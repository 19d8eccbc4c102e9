"""The first steps of a new office, on the first page of who has a part in them."""

import re

import pytest

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from visits.core.permissions import Role

FIRST = "开始使用"


@pytest.fixture
def first(database):
    """The person who set the system up."""
    return make_person([Role.ADMIN, Role.COORDINATOR])


def steps_on(page):
    """Each step shown, with whether it is done."""
    items = [item for items in page.root.all("ol", class_="plain-list") for item in items.all("li")]
    return {item.first("a").text: "已完成" in item.text for item in items}


def test_a_new_office_is_led_from_units_over_people_to_the_register(client_for, first):
    browser = client_for(first)
    page = browser.get("home.index")
    assert steps_on(page) == {"登记单位": False, "登记人员": False, "导入企业名录": False}
    assert "暂无待办事项" not in page.main
    for title in steps_on(page):
        browser.get(page.links[title])
    unit = make_unit()
    assert list(steps_on(browser.get("home.index")).values()) == [True, False, False]
    make_person([Role.CADRE], unit)
    assert list(steps_on(browser.get("home.index")).values()) == [True, True, False]
    make_enterprise()
    page = browser.get("home.index")
    assert FIRST not in page.main
    assert "暂无待办事项" in page.main


@pytest.mark.parametrize(
    ("roles", "shown"),
    [
        ([Role.ADMIN], ["登记单位", "登记人员"]),
        ([Role.COORDINATOR], ["导入企业名录"]),
        ([Role.CADRE], []),
        ([Role.LEADER], []),
        ([], []),
    ],
)
def test_everybody_sees_the_steps_to_which_there_is_a_right(client_for, database, roles, shown):
    assert list(steps_on(client_for(make_person(roles)).get("home.index"))) == shown


def test_an_administrator_has_nothing_left_once_units_and_people_are_there(client_for, database):
    admin = make_person([Role.ADMIN], make_unit())
    make_person([Role.CADRE])
    assert FIRST not in client_for(admin).get("home.index").main


def test_the_steps_cost_one_statement_and_only_where_nothing_waits(database, client_for, statements):
    def cost(person):
        browser = client_for(person)
        browser.get("home.index")
        with statements() as seen:
            browser.get("home.index")
        return len([one for one in seen if re.match(r"SELECT EXISTS \(SELECT \*\s+FROM units", one)])

    assert cost(make_person([Role.CADRE])) == 0
    coordinator = make_person([Role.COORDINATOR])
    assert cost(coordinator) == 1
    office = make_office()
    make_issue(office)
    assert cost(coordinator) == 0
