"""The callback desk in a real browser: a number is shown beside it, and what was typed there stays."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.permissions import Role
from visits.enterprises.models import ContactRole
from visits.enterprises.operations import ContactEntry, add_contact
from visits.issues.states import State

NUMBER, WORDS = "13912345678", "路面已修好，进出方便多了。"


@pytest.fixture
def desk(server, windows):
    """Somebody at the callback desk, with one enterprise to ring."""
    with server.opened():
        fill_calendar([today().year])
        firm = make_enterprise()
        add_contact(SYSTEM, firm, ContactEntry(ContactRole.LIAISON, "王联络", "主任", NUMBER))
        make_issue(make_office(), State.EVALUATING, enterprise=firm)
        make_person([Role.CALLBACK], make_unit(), username="huifang", name="何回访", password=PASSWORD)
    return Desk(windows.open(), "huifang", PASSWORD).sign_in()


def test_a_number_is_shown_in_a_tab_of_its_own_and_nothing_typed_is_lost(desk):
    page = desk.page
    page.goto("/desks/callback")
    look(page, "callback")
    desk.fill(note=WORDS)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="查看号码").click()
    expect(opened.value.locator("main")).to_contain_text(NUMBER)
    opened.value.close()
    expect(desk.field("note")).to_have_value(WORDS)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
