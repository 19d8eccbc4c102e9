"""The monthly report in a real browser: published by a second person; a month drafted and edited."""

from playwright.sync_api import expect

from tests.support.chromium import PHONE, fits, look

COORDINATOR, LEADER = "林禾", "周齐"


def sign_in(watch, name, **how):
    page = watch.open(**how)
    page.set_default_timeout(60_000)  # counting a month takes its time where much else is done
    page.goto("/sign-in")
    page.get_by_role("button", name=name).first.click()
    expect(page.locator("h1")).to_be_visible()
    return page


def press(page, words):
    page.locator("main").get_by_role("button", name=words, exact=True).first.click()


def newest(page):
    page.goto("/monthly")
    page.locator("main table tbody a").first.click()


def test_a_second_person_publishes_what_was_frozen(watch):
    page = sign_in(watch, LEADER)
    newest(page)
    expect(page.locator(".page-sub")).to_contain_text("已冻结")
    look(page, "monthly-frozen")
    page.get_by_role("link", name="发布", exact=True).click()
    press(page, "发布")
    expect(page.locator(".page-sub")).to_contain_text("已发布")
    number = page.locator("#key-figures tbody tr").first.locator("a").first
    told = int(number.inner_text())
    number.click()
    expect(page.locator(".page-sub")).to_contain_text("数据截至")
    expect(page.locator("main")).to_contain_text(f"共 {told} 条")


def test_the_present_month_is_drafted_and_edited_on_a_phone(watch):
    page = sign_in(watch, COORDINATOR, size=PHONE)
    page.goto("/monthly/new")
    page.locator("[name=month]").fill(page.evaluate("new Date().toISOString().slice(0, 7)"))
    press(page, "起草通报")
    expect(page.locator("main")).to_contain_text("本月尚未结束")
    look(page, "monthly-draft-phone")
    page.get_by_role("link", name="修改：五、下一步要求").or_(
        page.get_by_role("link", name="修改：四、下一步要求")
    ).first.click()
    page.locator("[name=words]").fill("一是坚持问题导向。\n二是限时办结。")
    press(page, "保存")
    expect(page.locator("#next")).to_contain_text("二是限时办结。")
    press(page, "更新数据")
    expect(page.locator("#next")).to_contain_text("二是限时办结。")
    assert fits(page)


def test_reports_read_well_in_the_dark(watch):
    page = sign_in(watch, COORDINATOR, dark=True)
    page.goto("/monthly")
    look(page, "monthly-list-dark")
    newest(page)
    look(page, "monthly-dark")
