"""A list worked by keys, its views kept and shared, and several rows ticked, in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_category, make_issue, make_office
from tests.support.chromium import PHONE, barriers, fits
from tests.support.desk import Desk
from visits.core import clock
from visits.core.permissions import Role
from visits.issues.states import State

# The mark of a light stands on the first of its lines; are its first characters on that line, too?
TOGETHER = """light => {
  const first = document.createRange();
  first.setStart(light.firstChild, 0);
  first.setEnd(light.firstChild, 1);
  return first.getBoundingClientRect().top < light.getClientRects()[0].bottom;
}"""
HERE = "table[data-rows] tr[aria-current='true']"


@pytest.fixture
def problems(server):
    """A coordinator, a supervisor, and five problems of two states."""
    with server.opened():
        unit = make_unit()
        for username, role in (("xietiao", Role.COORDINATOR), ("ducha", Role.SUPERVISOR)):
            make_person([role], unit, username=username, name=username, password=PASSWORD)
        office = make_office()
        states = [State.REGISTERED, State.REGISTERED, State.ASSIGNED, State.ASSIGNED, State.ASSIGNED]
        for number, state in enumerate(states, 1):
            make_issue(office, state, title=f"第{number}号问题")


@pytest.fixture
def sign_in(windows, problems):
    """Open a window of one of the people, with what windows.open takes."""
    return lambda username, **window: Desk(windows.open(**window), username, PASSWORD).sign_in().page


def test_rows_are_walked_ticked_and_opened_by_keys(sign_in):
    page = sign_in("xietiao")
    page.goto("/issues?sort=number")
    press, here = page.keyboard.press, page.locator(HERE)
    press("j")
    expect(here).to_contain_text("第1号问题")
    for key in "jjk":
        press(key)
    expect(here).to_have_count(1)
    expect(here).to_contain_text("第2号问题")
    press("x")
    expect(here.locator("[data-tick]")).to_be_checked()
    press("j")
    press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已勾选2条")
    press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("已勾选1条")
    assert page.evaluate("document.activeElement.closest('tr').matches('[aria-current]')")
    page.locator("[data-untick]").click()
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("第3号问题")


def test_letters_are_letters_while_one_types(sign_in):
    page = sign_in("xietiao")
    page.goto("/issues")
    page.keyboard.press("/")
    page.keyboard.type("jkxn?")
    expect(page.locator(".search input")).to_have_value("jkxn?")
    expect(page.locator(HERE)).to_have_count(0)
    expect(page.locator("#keys")).not_to_be_visible()


def test_the_keys_are_listed_and_switched_off_for_good(sign_in, windows):
    page = sign_in("xietiao")
    page.keyboard.press("?")
    keys = page.locator("#keys")
    expect(keys).to_be_visible()
    for said in ("下一行", "勾选", "提交", "走访登记"):
        expect(keys).to_contain_text(said)
    with page.expect_response("**/keyboard"):
        keys.get_by_label("停用单键快捷键").check()
    expect(keys).to_contain_text("已记住")
    keys.get_by_role("button").click()
    page.goto("/issues")
    page.keyboard.press("j")
    expect(page.locator(HERE)).to_have_count(0)
    elsewhere = sign_in("xietiao")
    elsewhere.goto("/issues")
    elsewhere.keyboard.press("j")
    elsewhere.keyboard.press("?")
    expect(elsewhere.locator(HERE)).to_have_count(0)
    expect(elsewhere.locator("#keys")).not_to_be_visible()


def test_ticked_rows_get_one_note_and_each_says_so(sign_in, problems):
    page = sign_in("xietiao")
    page.goto("/issues?state=assigned&sort=number")
    expect(page.locator("[data-bulk]")).not_to_be_visible()
    page.locator("[data-tick-page]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("已勾选3条")
    assert page.locator(".filters").evaluate("filters => filters.inert")
    page.locator("[data-tick]").first.uncheck()
    page.locator("[data-bulk]").get_by_role("button", name="补充说明").click()
    expect(page.locator(".picked li")).to_have_count(2)
    page.locator("[name=note]").fill("下周二统一现场协调。")
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("已办理2条")
    expect(page.locator("main tbody tr")).to_have_count(2)
    page.get_by_role("link", name="返回列表").click()
    expect(page.locator("main tbody tr")).to_have_count(3)
    assert not page.locator(".filters").evaluate("filters => filters.inert")


def test_a_span_of_rows_is_ticked_with_shift(sign_in):
    page = sign_in("xietiao")
    page.goto("/issues?sort=number")
    page.locator("[data-tick-page]").wait_for()
    page.locator("[data-tick]").nth(1).click()
    page.locator("[data-tick]").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("已勾选3条")


def test_rows_are_ticked_without_scripts(windows, problems):
    page = windows.open(javascript=False)
    Desk(page, "xietiao", PASSWORD).sign_in()
    page.goto("/issues?state=assigned")
    page.locator("[data-tick]").first.check()
    page.locator("#bulk button[type=submit]").first.click()
    expect(page.locator(".picked li")).to_have_count(1)


def test_a_view_is_saved_shared_and_opened_first(sign_in):
    chief = sign_in("ducha")
    chief.goto("/issues?state=assigned")
    chief.get_by_text("保存视图").click()
    chief.get_by_label("视图名称").fill("待签收")
    chief.get_by_label("共享给可查看此列表的全部人员").check()
    chief.keyboard.press("Enter")
    bar = chief.locator("nav.views")
    expect(bar.locator("[aria-current]")).to_contain_text("待签收")
    expect(bar.locator("[data-count]")).to_have_text("3")
    reader = sign_in("xietiao", size=PHONE)
    reader.goto("/issues")
    expect(reader.locator("nav.views [data-count]")).to_have_text("3")
    reader.get_by_role("link", name="视图与条数").click()
    reader.get_by_role("button", name="设为默认视图").click()
    reader.goto("/issues")
    expect(reader.locator("main tbody tr")).to_have_count(3)
    expect(reader.locator("nav.views [aria-current]")).to_contain_text("待签收")
    reader.locator("nav.views").get_by_role("link", name="全部").click()
    expect(reader.locator("main tbody tr")).to_have_count(5)


def test_views_can_be_opened_when_their_counts_do_not_come_through(sign_in):
    chief = sign_in("ducha")
    chief.goto("/issues?state=assigned")
    chief.get_by_text("保存视图").click()
    chief.get_by_label("视图名称").fill("待签收")
    chief.route("**/counts*", lambda route: route.fulfill(content_type="application/json", body='{"1":'))
    with chief.expect_response("**/counts*"):
        chief.keyboard.press("Enter")
    chief.locator("nav.views").get_by_role("link", name="全部").click()
    expect(chief.locator("main tbody tr")).to_have_count(5)
    expect(chief.locator("nav.views [data-count]")).to_have_text("")


def test_clearing_the_last_filter_shows_all_whatever_opens_first(sign_in):
    page = sign_in("xietiao")
    page.goto("/issues?state=assigned")
    page.get_by_text("保存视图").click()
    page.get_by_label("视图名称").fill("待签收")
    page.get_by_label("设为我的默认视图").check()
    page.get_by_role("button", name="保存", exact=True).click()
    page.goto("/issues")
    page.locator(".filter-chip").click()
    expect(page.locator("main tbody tr")).to_have_count(5)
    page.goto("/issues?state=assigned")
    page.locator(".filters .several").first.locator("summary").click()
    page.locator(".filters input[name=state][value=assigned]").uncheck()
    page.locator(".filters").get_by_role("button", name="查询").click()
    expect(page.locator("main tbody tr")).to_have_count(5)


@pytest.mark.parametrize("size", [PHONE, {"width": 1366, "height": 768}], ids=["phone", "desk"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_bar_and_boxes_fit_and_keep_nobody_out(sign_in, size, dark):
    page = sign_in("ducha", size=size, dark=dark)
    for name in ("待签收", "一个名称特别长的视图用来看看标签栏会不会撑破页面的宽度"):
        page.goto(f"/issues?state=assigned&q={name[:4]}")
        page.get_by_text("保存视图").click()
        page.get_by_label("视图名称").fill(name)
        assert fits(page)
        page.keyboard.press("Enter")
        expect(page.locator("nav.views [aria-current]")).to_contain_text(name)
    for address in ("/issues?state=assigned&q=问题", "/saved-views/issues"):
        page.goto(address)
        if page.locator("[data-tick-page]").count():
            page.locator("[data-tick]").first.check()
        assert fits(page)
        assert barriers(page) == []


@pytest.mark.parametrize(("width", "language"), [(1024, "zh"), (1280, "zh"), (1360, "zh"), (1280, "en")])
def test_the_longest_words_of_a_row_keep_within_a_laptop(server, sign_in, width, language):
    with server.opened(), clock.at(clock.today() - timedelta(days=60)):
        office = make_office()
        office.unit.name = "自然资源和规划分局"
        firm = make_enterprise(name="青禾盛川环保设备有限公司")
        category = make_category(name="交通物流与园区配套")
        for state in (State.REPORTED, State.RETURNED, State.IN_PROGRESS):
            make_issue(office, state, enterprise=firm, category_id=category.id)
    page = sign_in("xietiao", size={"width": width, "height": 768}, language=language)
    page.goto("/issues?sort=number")
    cells = page.locator("main tbody .light-cell")
    office_is_late = re.compile("专班超时|Office .* late")
    expect(cells.filter(has_text=office_is_late)).to_have_count(1)
    assert fits(page)
    assert all(light.evaluate(TOGETHER) for light in cells.locator(".light").all())
