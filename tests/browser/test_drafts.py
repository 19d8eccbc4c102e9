"""A visit form keeps itself: what was typed is there on another machine, and nobody is asked anything."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.programmes import make_programmes
from tests.support.chromium import PHONE, hold_back
from tests.support.desk import Desk
from visits.core.permissions import Role

FIRM, WORDS = "湖畔精密机械有限公司", "企业计划扩建二期厂房。"
SOON = 4_000


@pytest.fixture
def visitor(server, windows):
    """Open windows of one visiting cadre."""
    with server.opened():
        make_programmes()
        make_person([Role.CADRE], make_unit(), username="zoufang", name="赵访", password=PASSWORD)
        make_enterprise(FIRM)

    def begin(**kwargs):
        page = windows.open(**kwargs)
        page.clock.install()
        return Desk(page, "zoufang", PASSWORD).sign_in().page

    return begin


def note(page):
    return page.locator("[name=summary]")


def says(page):
    return page.locator("[data-autosave-says]")


def test_what_was_typed_is_taken_up_on_a_phone_and_gone_once_recorded(visitor):
    desk, asked = visitor(), []
    desk.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    desk.goto("/visits/new")
    note(desk).fill(WORDS)
    desk.clock.run_for(SOON)
    expect(says(desk)).to_contain_text("已自动保存")
    desk.goto("/")
    assert asked == []
    expect(desk.get_by_role("heading", name="未完成的走访")).to_be_visible()
    phone = visitor(size=PHONE)
    phone.goto("/visits/drafts")
    phone.get_by_role("link", name="未填企业").click()
    expect(note(phone)).to_have_value(WORDS)
    phone.locator("#enterprises-ts-control").fill("湖畔精密")
    phone.clock.run_for(SOON)
    phone.locator(".ts-dropdown .option").first.click()
    phone.get_by_label("企业表示暂无问题").check()
    phone.clock.run_for(SOON)
    expect(says(phone)).to_contain_text("已自动保存")
    phone.get_by_role("button", name="保存走访记录").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("走访记录")
    phone.goto("/visits/drafts")
    expect(phone.locator("main")).to_contain_text("没有未完成的走访")


def test_what_is_typed_before_the_scripts_come_is_kept_too(visitor):
    page = visitor()
    let_scripts_go = hold_back(page, re.compile(r"/(app|autosave)\.js"))
    page.goto("/visits/new", wait_until="commit")
    note(page).press_sequentially("二期厂房")
    expect(page.locator("form[data-autosave][data-typed-into]")).to_be_visible()
    let_scripts_go()
    page.wait_for_load_state()
    page.clock.run_for(SOON)
    expect(says(page)).to_contain_text("已自动保存")


def test_leaving_what_was_typed_before_the_scripts_came_is_asked_about(visitor):
    page, asked = visitor(), []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    let_scripts_go = hold_back(page, re.compile(r"/app\.js"))
    page.goto("/feedback/new", wait_until="commit")
    page.locator("[name=text]").press_sequentially("列表太慢")
    let_scripts_go()
    page.wait_for_load_state()
    page.get_by_role("link", name="我的工作", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我的工作")
    assert asked == ["beforeunload"]


def test_a_name_begun_before_the_type_ahead_comes_goes_on_in_it(visitor):
    page = visitor()
    let_scripts_go = hold_back(page, re.compile(r"/tom-select\.min\.js"))
    page.goto("/visits/new", wait_until="domcontentloaded")
    page.locator("[name=enterprises]").press_sequentially("湖畔")
    let_scripts_go()
    found = page.locator(".ts-dropdown:visible .option")
    expect(found).to_have_text(re.compile(FIRM))
    page.keyboard.type("精密")
    expect(page.locator("#enterprises-ts-control")).to_have_value("湖畔精密")
    expect(found).to_have_text(re.compile(FIRM))
    page.keyboard.press("Enter")
    expect(page.locator(".ts-control .item").first).to_contain_text(FIRM)
    expect(page.locator("[name=enterprises]")).to_have_value(re.compile(r"^#\d+$"))


def test_a_chinese_word_being_put_together_is_not_broken_off(visitor):
    page = visitor()
    let_scripts_go = hold_back(page, re.compile(r"/tom-select\.min\.js"))
    page.goto("/visits/new", wait_until="domcontentloaded")
    field, keyboard = page.locator("[name=enterprises]"), page.context.new_cdp_session(page)
    field.focus()
    keyboard.send("Input.imeSetComposition", {"text": "hu'pan", "selectionStart": 6, "selectionEnd": 6})
    let_scripts_go()
    expect(page.locator("[name=participant_ids].tomselected")).to_have_count(1)
    expect(field).to_be_focused()
    keyboard.send("Input.insertText", {"text": "湖畔"})
    expect(page.locator(".ts-dropdown:visible .option")).to_have_text(re.compile(FIRM))
    expect(page.locator("#enterprises-ts-control")).to_have_value("湖畔")


def test_a_second_window_and_a_broken_line_are_told(visitor):
    first = visitor()
    first.goto("/visits/new")
    note(first).fill(WORDS)
    first.clock.run_for(SOON)
    expect(says(first)).to_contain_text("已自动保存")
    second = visitor()
    second.goto("/visits/drafts")
    second.get_by_role("link", name="未填企业").click()
    note(second).fill("另一处写的")
    second.clock.run_for(SOON)
    expect(says(second)).to_contain_text("已自动保存")
    note(first).fill("这里又写")
    first.clock.run_for(SOON)
    expect(says(first)).to_contain_text("另一个窗口")
    second.route("**/visits/drafts", lambda route: route.abort())
    note(second).fill("断网时写的")
    second.clock.run_for(SOON)
    expect(says(second)).to_contain_text("所填内容仍在本页")
    second.unroute("**/visits/drafts")
    second.clock.run_for(30_000)
    expect(says(second)).to_contain_text("已自动保存")
