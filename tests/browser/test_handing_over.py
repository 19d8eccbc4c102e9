"""A handover in a real browser: the office opens it, the receiver declines one thing, a third takes it."""

from playwright.sync_api import expect

from tests.support.chromium import look, screenshot


def sign_in(watch, role, place=0, **how):
    """Sign in as one of those who hold a role; return the window and the name."""
    page = watch.open(**how)
    page.goto("/sign-in")
    button = page.locator(f"button[data-role={role}]").nth(place)
    name = button.inner_text().strip().partition("（")[0].partition("(")[0].strip()
    button.click()
    expect(page.locator("h1")).to_be_visible()
    return page, name


def choose(page, field, name):
    """Choose a person in a long selection by typing."""
    control = page.locator(f"[name={field}]").get_attribute("id") + "-ts-control"
    page.locator(f"#{control}").press_sequentially(name)
    page.locator(".ts-dropdown:visible .option", has_text=name).first.click()


def test_a_handover_between_two_officers_and_a_third(watch):
    desk, _name = sign_in(watch, "coordinator")
    taking, taker = sign_in(watch, "officer", 1)
    third, stand_in = sign_in(watch, "officer", 2, javascript=False)
    leaving, leaver = sign_in(watch, "officer", 0)
    address = opened(desk, leaver, taker)
    taken_but_one(taking, leaver)
    send_on(desk, address, stand_in)
    third.goto(address)
    third.locator("[name=item_ids]").first.check()
    third.get_by_role("button", name="接收所选事项").click()
    expect(third.locator("main")).to_contain_text("交接完成")
    leaving.goto(address)
    expect(leaving.locator("[name=item_ids]")).to_have_count(0)
    leaving.goto("/handovers")
    look(leaving, "handover-list")
    desk.goto(f"{address}/sheet")
    screenshot(desk, "handover-sheet")
    desk.emulate_media(media="print")
    screenshot(desk, "handover-sheet-print")


def opened(desk, leaver, taker):
    """Open the handover at the office; return its address."""
    desk.goto("/handovers/new")
    look(desk, "handover-new")
    choose(desk, "from_id", leaver)
    choose(desk, "to_id", taker)
    desk.locator("[name=reason]").fill("轮岗至招商局")
    desk.locator("main").get_by_role("button", name="发起工作交接").click()
    expect(desk.locator("h1")).to_contain_text(leaver)
    look(desk, "handover-office")
    return desk.url


def taken_but_one(taking, leaver):
    """Decline the first thing and take over all others."""
    taking.goto("/")
    look(taking, "handover-home")
    taking.get_by_role("link", name=f"待接收{leaver}移交的").click()
    look(taking, "handover-receiver")
    taking.locator("[name=item_ids]").first.check()
    taking.get_by_label("退回理由").fill("距离太远")
    taking.get_by_role("button", name="退回所选事项").click()
    expect(taking.locator("main")).to_contain_text("已退回1项事项")
    taking.get_by_role("button", name="全部接收").click()
    expect(taking.locator("main")).to_contain_text("已接收")


def send_on(desk, address, stand_in):
    """Offer what was declined to a third person."""
    desk.goto(address)
    expect(desk.locator("main")).to_contain_text("距离太远")
    desk.locator("tr", has_text="距离太远").locator("[name=item_ids]").check()
    choose(desk, "receiver_id", stand_in)
    desk.get_by_role("button", name="将所选事项交给此人").click()
    look(desk, "handover-sent-on")


def test_the_pages_in_the_dark_and_in_english(watch):
    page, _name = sign_in(watch, "coordinator", dark=True, language="en")
    page.locator("main").wait_for()
    for address, name in (("/handovers", "list"), ("/handovers/new", "new"), ("/groups", "groups")):
        page.goto(address)
        look(page, f"handover-dark-{name}")
    page.goto("/groups")
    page.locator("main tbody a").first.click()
    look(page, "group-dark")
    page.goto(page.url + "?on=2026-01-31")
    look(page, "group-as-of")
