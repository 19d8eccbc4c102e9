"""A leader looks at the year on a desk, a phone and the wall, and follows a figure to its rows."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person
from tests.reports.world import Problem, World
from tests.support.chromium import DESK, PHONE, barriers
from tests.support.desk import Desk
from visits.core.clock import now, today
from visits.core.periods import local_date
from visits.core.permissions import Role

BIG = {"width": 1920, "height": 1080}


@pytest.fixture
def zone(server):
    """A leader, and problems of this month and the last: three open, one of them overdue, two closed."""
    with server.opened():
        # What is laid down happens at noon: before it, the present day is yesterday.
        world, day = World(), local_date(now() - timedelta(hours=12))
        firm = world.firm(name="湖畔精密机械有限公司")
        last = day.replace(day=1) - timedelta(days=1)
        long_ago = last - timedelta(days=20)
        Problem(world, firm, long_ago).assign(long_ago, last).sign(long_ago).save()
        for begun in (last, last):
            closed = Problem(world, firm, begun).assign(begun, day + timedelta(days=9)).sign(begun)
            closed.report(begun).pass_review(begun).close(begun).save()
        for _ in range(2):
            Problem(world, firm, day).assign(day, day + timedelta(days=9)).save()
        world.visit(day, [firm])
        make_person([Role.LEADER], username="lingdao", name="周主任", password=PASSWORD)


@pytest.fixture
def sign_in(windows, zone):
    """Open a window of the leader, with what windows.open takes."""
    return lambda **window: Desk(windows.open(**window), "lingdao", PASSWORD).sign_in().page


def fits(page):
    return page.evaluate(
        "(({scrollWidth, scrollHeight}) => [scrollWidth - innerWidth, scrollHeight - innerHeight])"
        "(document.documentElement)"
    )


def test_a_column_leads_to_the_rows_it_stands_for(sign_in):
    page = sign_in()
    page.get_by_role("link", name="综合概览").click()
    page.locator("#trend .chart-links a").filter(has_text="新登记 2").last.click(force=True)
    expect(page.locator("main table tbody tr")).to_have_count(2)
    page.go_back()
    page.locator("#ages summary").click()
    overdue = page.locator("#ages table tbody td a", has_text="1")
    overdue.first.click()
    expect(page.locator("main table tbody tr")).to_have_count(1)
    expect(page.locator(".page-sub")).to_contain_text("登记日期")


def test_the_period_is_chosen_and_stays_in_the_address(sign_in):
    page = sign_in(javascript=False)
    page.goto("/overview")
    page.get_by_role("link", name="年度").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"综合概览 · {today().year}年")
    page.get_by_role("combobox", name="统计期").select_option(str(today().year - 1))
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"综合概览 · {today().year - 1}年")
    page.get_by_role("link", name=f"{today().year}年").click()
    page.get_by_role("link", name="自定义").click()
    page.get_by_label("起始日期").fill(str(today()))
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".page-sub")).to_contain_text(str(today()))


@pytest.mark.parametrize("dark", [False, True])
def test_the_wall_shows_all_at_once_and_is_left_by_a_key(sign_in, dark):
    page = sign_in(dark=dark)
    page.goto("/overview?period=" + str(today().year))
    page.get_by_role("link", name="投屏").click()
    page.wait_for_url("**/overview/screen?*")
    for size in (DESK, BIG):
        page.set_viewport_size(size)
        assert fits(page) == [0, 0]
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{page.url.split('/overview')[0]}/overview?period={today().year}")


def test_on_a_phone_nothing_sticks_out(sign_in):
    page = sign_in(size=PHONE, language="en", dark=True)
    for address in ("/overview", "/overview/screen"):
        page.goto(address)
        assert fits(page)[0] == 0
        assert barriers(page) == []
