"""At the next visit one is told what is open there and answers by taps; the rest happens by itself."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_link, make_programmes
from tests.support.chromium import PHONE, barriers, fits, screenshot
from tests.support.desk import Desk
from visits.core.permissions import Role
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry

FIRM, OTHER = "湖畔精密机械有限公司", "临湖青禾食品有限公司"
PROMISED, RUNNING, SOLVED = "协调周边停车位", "用气价格偏高", "厂区门口道路破损"


@pytest.fixture
def officer(server, windows):
    """A service officer whose enterprise has an open promise, a problem under way and one just solved."""
    with server.opened():
        make_programmes()
        person = make_person(
            [Role.OFFICER], make_unit("经济发展局"), username="fuwu", name="赵访", password=PASSWORD
        )
        firm, _other = make_enterprise(FIRM), make_enterprise(OTHER)
        make_link(firm, officer=person)
        office = make_office()
        make_visit(firm, author=person, promises=[PromiseEntry(firm.id, PROMISED, "王科长")])
        make_issue(office, State.IN_PROGRESS, enterprise=firm, title=RUNNING)
        make_issue(office, State.CLOSED, enterprise=firm, title=SOLVED)

    def begin(**kwargs):
        return Desk(windows.open(**kwargs), "fuwu", PASSWORD).sign_in()

    return begin


def row(desk, words):
    return desk.page.locator(".asked-row", has_text=words)


def answer(desk, about, words):
    row(desk, about).get_by_label(words, exact=True).check()


def test_one_promise_and_two_problems_are_answered_by_taps(officer):
    desk = officer()
    desk.page.goto("/visits/new")
    desk.pick("enterprises", FIRM)
    expect(desk.page.locator(".asked-row")).to_have_count(3)
    answer(desk, PROMISED, "已解决")
    answer(desk, RUNNING, "无进展")
    answer(desk, SOLVED, "仍未解决")
    row(desk, SOLVED).locator(".asked-note").fill("雨后又塌了一块")
    desk.pick("enterprises", OTHER)
    expect(row(desk, SOLVED).locator(".asked-note")).to_have_value("雨后又塌了一块")
    screenshot(desk.page, "checks-desk")
    assert barriers(desk.page) == []
    desk.tick("未填写问题的企业均表示暂无问题")
    desk.press("保存走访记录")
    desk.says("走访记录已保存")
    desk.says("雨后又塌了一块")
    screenshot(desk.page, "checks-visit")
    assert barriers(desk.page) == []
    desk.follow("重启")
    desk.says(SOLVED)


def test_the_list_is_usable_on_a_phone_and_by_keys(officer):
    phone = officer(size=PHONE, dark=True)
    phone.page.goto("/visits/new")
    phone.pick("enterprises", FIRM)
    expect(phone.page.locator(".asked-row")).to_have_count(3)
    assert fits(phone.page)
    sizes = phone.page.locator(".asked-answer").evaluate_all("all => all.map((a) => a.offsetHeight)")
    assert min(sizes) >= 44
    phone.page.locator(".asked-row input[type=radio]").last.focus()
    phone.page.keyboard.press("ArrowLeft")
    checked = phone.page.locator(".asked-row input[type=radio]:checked").last
    assert checked.get_attribute("value") == "worse"
    screenshot(phone.page, "checks-phone-dark")
    assert barriers(phone.page) == []


def test_english_at_a_desk(officer):
    desk = officer(language="en")
    desk.page.goto("/visits/new")
    desk.pick("enterprises", FIRM)
    expect(desk.page.locator(".asked-row")).to_have_count(3)
    expect(desk.page.locator("main")).to_contain_text("Record a visit")
    screenshot(desk.page, "checks-english")
