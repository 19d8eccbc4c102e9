"""A coordinator assigns twenty new problems at the acceptance desk by the keyboard alone."""

from time import monotonic

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_category, make_entry, make_office
from tests.support.chromium import PHONE
from tests.support.desk import Desk
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues import operations, queries
from visits.issues.models import Issue

PROBLEMS = 20
# A machine that is so busy that keys come before what a script wanted to do a moment later.
BUSY = """const later = window.setTimeout;
window.setTimeout = (act, wait = 0, ...words) => later(act, wait + 400, ...words);"""


@pytest.fixture
def office(server):
    """Twenty new problems, every fourth of a category that no unit usually handles."""
    with server.opened():
        office = make_office()
        usual = make_category(unit_id=office.unit.id)
        rare_id = queries.open_categories()[1][0]
        unit = make_unit("自然资源分局")
        make_person([Role.HANDLER], unit)
        coordinator = make_person(
            [Role.COORDINATOR], make_unit(), username="xietiao", name="钱协调", password=PASSWORD
        )
        firm = make_enterprise("湖畔精密机械有限公司")
        db.session.flush()
        for number in range(PROBLEMS):
            category_id = rare_id if number % 4 == 3 else usual.id
            operations.register_issue(
                office.cadre, make_entry(firm, title=f"第{number + 1:02d}件", category_id=category_id)
            )
        db.session.flush()
        return coordinator.username, office.unit.id, unit.id


def test_twenty_problems_are_assigned_by_the_keyboard_alone(server, page, office, record_property):
    username, usual_id, rare_id = office
    Desk(page, username, PASSWORD).sign_in()
    page.goto("/desks/office")
    began, keys = monotonic(), 0
    for number in range(PROBLEMS):
        expect(page.locator(".desk-pane h2").first).to_have_text(f"第{number + 1:02d}件")
        control = page.locator("#lead_unit_id-ts-control")
        expect(control).to_be_focused()
        keys += 1
        if number % 4 == 3:
            page.keyboard.type("自然资源")
            page.keyboard.press("Enter")
            keys += len("自然资源") + 1
        page.keyboard.press("Control+Enter")
    expect(page.get_by_text("此处没有待办")).to_be_visible()
    record_property("seconds_per_problem", round((monotonic() - began) / PROBLEMS, 2))
    record_property("keys_per_problem", keys / PROBLEMS)
    with server.opened():
        found = db.session.execute(sa.select(Issue.title, Issue.state, Issue.lead_unit_id)).all()
        assert {row.state for row in found} == {"assigned"}
        rare = {row.title for row in found if row.lead_unit_id == rare_id}
        assert rare == {f"第{number + 1:02d}件" for number in range(3, PROBLEMS, 4)}
        assert {row.lead_unit_id for row in found} == {usual_id, rare_id}


def test_keys_that_are_faster_than_a_busy_page_assign_too(server, page, office):
    username, _, rare_id = office
    Desk(page, username, PASSWORD).sign_in()
    page.add_init_script(BUSY)
    page.goto("/desks/office")
    expect(page.locator("#lead_unit_id-ts-control")).to_be_focused()
    page.keyboard.type("自然资源")
    page.keyboard.press("Enter")
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # now all is done that was put off
    page.keyboard.press("Control+Enter")
    expect(page.locator(".desk-pane h2").first).to_have_text("第02件")
    with server.opened():
        first = db.session.scalar(sa.select(Issue.lead_unit_id).where(Issue.title == "第01件"))
        assert first == rare_id


@pytest.fixture
def long_named(server):
    """A new problem of a category that a unit with a very long name usually handles."""
    with server.opened():
        office = make_office()
        unit = make_unit("湖畔国家级经济技术开发区人力资源和社会保障局（公共就业和人才服务中心）")
        make_person([Role.HANDLER], unit)
        category = make_category(unit_id=unit.id)
        coordinator = make_person(
            [Role.COORDINATOR], make_unit(), username="xietiao", name="钱协调", password=PASSWORD
        )
        entry = make_entry(make_enterprise("湖畔精密机械有限公司"), category_id=category.id)
        db.session.flush()
        operations.register_issue(office.cadre, entry)
        db.session.flush()
        return coordinator.username


@pytest.mark.parametrize("width", [390, 1280])
def test_one_click_assigns_to_a_unit_whose_name_fills_its_field(server, windows, long_named, width):
    """A field that changes its height on leaving would move the button away from under the click."""
    page = windows.open(size={"width": width, "height": 800})
    Desk(page, long_named, PASSWORD).sign_in()
    page.goto("/desks/office")
    control = page.locator(".ts-wrapper", has=page.locator("#lead_unit_id-ts-control"))
    page.locator("#lead_unit_id-ts-control").focus()
    there = control.bounding_box()["height"]
    button = page.get_by_role("button", name="受理并交办")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("此处没有待办")).to_be_visible()
    assert there < 40


def test_on_a_phone_the_desk_opens_with_what_is_to_be_read(windows, office):
    phone = windows.open(size=PHONE)
    Desk(phone, office[0], PASSWORD).sign_in()
    phone.goto("/desks/office")
    expect(phone.locator("#lead_unit_id-ts-control")).to_be_attached()
    expect(phone.get_by_role("heading", name="受理台")).to_be_in_viewport()
    expect(phone.locator("body")).to_be_focused()
