"""The visit form in step with the enterprises chosen: whose problem it is, and who says there is none."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_category
from tests.factories.programmes import make_programmes
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.permissions import Role

FIRM, OTHER, THIRD = "湖畔精密机械有限公司", "临湖青禾食品有限公司", "星桥物流有限公司"
ONE, OTHERS = "企业表示暂无问题", "未填写问题的企业均表示暂无问题"
SAVED = "走访记录已保存"


@pytest.fixture
def window(server, windows):
    """A function that opens the visit form of one visiting cadre."""
    with server.opened():
        make_programmes()
        make_category("用电用水")
        unit = make_unit()
        make_person([Role.CADRE], unit, username="zoufang", name="赵访", password=PASSWORD)
        for name in ("赵静", "陈涛"):
            make_person([Role.CADRE], unit, name=name)
        for name in (FIRM, OTHER, THIRD):
            make_enterprise(name)

    def begin(**kwargs):
        desk = Desk(windows.open(**kwargs), "zoufang", PASSWORD).sign_in()
        desk.page.goto("/visits/new")
        return desk

    return begin


def ticks(desk):
    """The ticks that there is no problem, as they read."""
    return desk.page.locator("[data-silence] label").all_inner_texts()


def offered(desk, name):
    """The enterprises among which a line's own is chosen."""
    return desk.field(name).locator("option:not([value=''])").all_inner_texts()


def test_with_a_second_enterprise_each_line_says_whose_it_is(window):
    desk = window()
    desk.pick("enterprises", FIRM)
    expect(desk.field("problems-0-enterprise_id")).to_be_hidden()
    desk.fill(**{"problems-0-title": "用电容量不足", "problems-0-category_id": "用电用水"})
    assert ticks(desk) == [ONE]
    desk.pick("enterprises", OTHER)
    for kind in ("problems", "promises"):
        expect(desk.page.locator(f"label[for='{kind}-0-enterprise_id']")).to_have_text("企业*")
        assert sorted(offered(desk, f"{kind}-0-enterprise_id")) == sorted([FIRM, OTHER])
    expect(desk.field("problems-0-enterprise_id").locator("option:checked")).to_have_text(FIRM)
    assert sorted(ticks(desk)) == sorted([f"{FIRM}表示暂无问题", f"{OTHER}表示暂无问题", OTHERS])
    desk.press("添加问题")
    assert sorted(offered(desk, "problems-1-enterprise_id")) == sorted([FIRM, OTHER])
    look(desk.page, "two-enterprises")
    desk.tick(f"{OTHER}表示暂无问题")
    desk.press("保存走访记录")
    desk.says(SAVED)
    desk.says("用电容量不足")


def test_a_line_about_an_enterprise_taken_out_keeps_saying_so(window):
    desk = window()
    for name in (FIRM, OTHER):
        desk.pick("enterprises", name)
    desk.fill(**{"problems-0-title": "招工困难", "problems-0-enterprise_id": OTHER})
    desk.page.locator(".item", has_text=OTHER).locator(".remove").click()
    assert ticks(desk) == [ONE]
    expect(desk.field("problems-0-enterprise_id")).to_be_visible()
    expect(desk.field("problems-0-enterprise_id").locator("option:checked")).to_have_text(OTHER)
    desk.fill(**{"problems-0-enterprise_id": FIRM})
    desk.pick("enterprises", THIRD)
    assert sorted(offered(desk, "problems-0-enterprise_id")) == sorted([FIRM, THIRD])


def test_the_tick_of_the_first_is_not_that_of_the_second(window):
    desk = window()
    desk.pick("enterprises", FIRM)
    desk.tick(ONE)
    desk.pick("enterprises", OTHER)
    expect(desk.page.get_by_label(f"{FIRM}表示暂无问题", exact=True)).to_be_checked()
    expect(desk.page.get_by_label(f"{OTHER}表示暂无问题", exact=True)).not_to_be_checked()
    desk.press("保存走访记录")
    desk.says(f"暂无问题：请填写{OTHER}反映的问题；没有问题的，请勾选“企业表示暂无问题”。")
    desk.tick(OTHERS)
    desk.press("保存走访记录")
    desk.says(SAVED)


def test_where_there_is_no_problem_none_is_asked_for(window):
    desk = window()
    title, told = desk.field("problems-0-title"), desk.page.locator("[data-contradicted]")
    desk.pick("enterprises", FIRM)
    desk.tick(ONE)
    expect(title).to_be_hidden()
    look(desk.page, "no-problem")
    desk.page.get_by_label(ONE, exact=True).uncheck()
    title.fill("用电容量不足")
    desk.tick(ONE)
    expect(title).to_be_visible()
    expect(told).to_contain_text("请取消勾选，或者清空所填问题。")
    look(desk.page, "contradicted")
    title.fill("")
    expect(title).to_be_hidden()
    expect(told).to_be_hidden()
    desk.press("保存走访记录")
    desk.says(SAVED)


def test_a_line_that_may_stay_empty_is_not_marked_as_required(window):
    desk = window()
    what = desk.field("promises-0-what")
    must = desk.page.locator("fieldset", has=what).locator(".must").first
    expect(must).to_be_hidden()
    what.fill("下周带供电公司上门")
    expect(must).to_be_visible()
    assert what.evaluate("field => field.required")
    what.fill("")
    expect(must).to_be_hidden()


def test_participants_stay_in_the_order_chosen(window):
    desk = window()
    for name in ("陈涛", "赵静"):
        desk.pick("participant_ids", name)
    desk.press("保存走访记录")
    desk.says("尚未保存")
    people = desk.page.locator(".field:has([name=participant_ids]) .item")
    expect(people).to_contain_text(["赵访", "陈涛", "赵静"])
