"""Supervision in a real browser: an order over three problems of two units, answered, sent back, closed."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.chromium import look, screenshot

HANDLERS = {
    "财政金融局": "廖凡",
    "建设管理局": "秦枫",
    "经济发展局": "吴涵",
    "自然资源和规划分局": "杜薇",
    "供电服务中心": "韦敏",
    "科技创新局": "任杰",
    "生态环境分局": "龙岩青",
    "市场监管分局": "金杉",
    "社会事业局": "谭雅",
}


def sign_in(watch, name, **how):
    page = watch.open(**how)
    page.goto("/sign-in")
    page.get_by_role("button", name=name).first.click()
    expect(page.locator("h1")).to_be_visible()
    return page


def choose_three(page):
    """Name three problems, two of one unit and one of another, by their numbers; return the first unit."""
    page.goto("/issues?state=in_progress&state=reported&state=evaluating&columns=unit")
    rows = [row.locator("td").all_inner_texts() for row in page.locator("main tbody tr").all()]
    units = [row[-1].strip() for row in rows]
    shared = next(unit for unit in units if units.count(unit) > 1 and unit in HANDLERS)
    other = next(unit for unit in units if unit != shared)
    places = [*[n for n, unit in enumerate(units) if unit == shared][:2], units.index(other)]
    numbers = [re.search(r"WT[0-9-]+", " ".join(rows[place]))[0] for place in places]
    page.goto("/supervision/orders/new")
    page.locator("[name=numbers]").fill(" ".join(numbers))
    return shared


def press(page, words):
    page.locator("main").get_by_role("button", name=words).first.click()


def test_an_order_over_three_problems_of_two_units(watch):
    page = sign_in(watch, "邱笙")
    look(page, "home-supervisor")
    page.goto("/supervision/orders/new")
    look(page, "orders-choose")
    shared = choose_three(page)
    press(page, "预览督办单")
    expect(page.locator(".page-sub")).to_contain_text("将下发督办单2份")
    page.locator("[name=reason]").fill("企业多次催问，至今没有进展。")
    page.locator("[name=demand]").fill("三个工作日内办结并说明原因。")
    look(page, "orders-preview")
    press(page, "下发督办单")
    expect(page.locator("main")).to_contain_text("已下发")
    look(page, "orders-list")
    page.locator("main tbody tr").filter(has_text=shared).first.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text("督办单DB")
    address = page.url
    unit = sign_in(watch, HANDLERS[shared])
    answer_order(unit, address, "已安排专人办理。")
    page.goto(address)
    page.get_by_role("link", name="退回回复").click()
    page.locator("[name=note]").fill("未说明完成时间。")
    press(page, "退回回复")
    answer_order(unit, address, "下周三前完成，已告知企业。")
    page.goto(address)
    page.get_by_role("link", name="认可回复并办结督办").click()
    press(page, "认可回复并办结督办")
    expect(page.locator(".page-sub")).to_contain_text("已办结")
    look(page, "order-closed")
    page.goto(f"{address}/sheet")
    page.emulate_media(media="print")
    screenshot(page, "order-print")


def answer_order(page, address, words):
    page.goto(address)
    page.get_by_role("link", name="回复督办单").click()
    page.locator("[name=text]").fill(words)
    press(page, "回复督办单")
    expect(page.locator(".page-sub")).to_contain_text("已回复待审核")


@pytest.mark.parametrize("dark", [False, True])
def test_topics_and_samples_read_well(watch, dark):
    page = sign_in(watch, "邱笙", dark=dark)
    tone = "dark" if dark else "light"
    page.goto("/supervision/topics")
    look(page, f"topics-{tone}")
    page.locator("main .list-tools ~ section tbody a, main section:last-of-type tbody a").last.click()
    look(page, f"topic-{tone}")
    page.goto("/supervision/samples")
    look(page, f"samples-{tone}")
    page.goto("/supervision/orders")
    look(page, f"orders-{tone}")
