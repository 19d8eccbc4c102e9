"""A meeting in a real browser: from three ticked problems to a duty the unit reports as done."""

import io
from types import SimpleNamespace

import docx
import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.issues import make_issue, make_office
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.clock import today
from visits.core.permissions import Role
from visits.issues.states import State

TITLES = ("北路出入口拥堵", "夜间断电", "厂房消防验收")


@pytest.fixture
def zone(server):
    """A coordinator, a unit with a handler, and three problems it has in hand, beside one of others."""
    with server.opened():
        office = make_office()
        make_person([Role.COORDINATOR], make_unit(), username="xietiao", name="黄协调", password=PASSWORD)
        make_person([Role.HANDLER], office.unit, username="chengban", name="李承办", password=PASSWORD)
        for title in TITLES:
            make_issue(office, State.IN_PROGRESS, title=title)
        make_issue(office, title="别的事")
        return SimpleNamespace(unit=office.unit.name, day=today().isoformat())


def call(desk, day):
    """Tick the three problems in their list and call a meeting on them."""
    page = desk.page
    page.goto("/issues?state=in_progress")
    for title in TITLES:
        page.locator("main tbody tr").filter(has_text=title).locator("[data-tick]").check()
    page.locator("#bulk").get_by_role("button", name="列入对接会").click()
    expect(page.locator("[name=issue_ids]:checked")).to_have_count(3)
    look(page, "meeting-put-on")
    desk.press("继续")
    desk.fill(
        title="三家企业专题对接会", meets_on=day, starts_at="09:30", place="三楼会议室", chair="张主任"
    )
    desk.press("召集会议")
    expect(page.get_by_role("heading", level=1)).to_have_text("三家企业专题对接会")


def hold(desk):
    """Record who came."""
    desk.follow("登记会议召开")
    desk.fill(present="经济发展局，王建国，副局长")
    desk.press("保存")


def conclude(desk, title, verdict, words, **values):
    """Open the conclusion of one problem and record it."""
    card = desk.page.locator("main section").filter(has_text=f"{title}").filter(has_text="记录议定意见")
    card.get_by_role("link", name="记录议定意见").click()
    desk.fill(verdict=verdict, conclusion=words)
    if unit := values.pop("unit", None):
        desk.pick("lead_unit_id", unit)
    desk.fill(**values)
    look(desk.page, f"meeting-conclude-{verdict}")
    desk.press("保存")
    expect(desk.page.locator("main")).to_contain_text(words)


def test_three_ticked_problems_become_duties_and_minutes(windows, zone):
    desk = Desk(windows.open(), "xietiao", PASSWORD).sign_in()
    page = desk.page
    call(desk, zone.day)
    meeting = page.url.split("#")[0]
    hold(desk)
    conclude(desk, TITLES[0], "settled", "三日内提出改造方案。", unit=zone.unit, due_on=zone.day)
    conclude(desk, TITLES[1], "escalate", "报请上级协调供电公司。")
    page.goto(meeting)
    card = page.locator("main section").filter(has_text=TITLES[2]).filter(has_text="记录议定意见")
    card.get_by_role("link", name="记录议定意见").click()
    last = desk.field("extended_to").get_attribute("max")
    page.go_back()
    conclude(
        desk,
        TITLES[2],
        "study",
        "待图纸复核后再议。",
        extended_to=last,
        delay="upper",
        told_enterprise=True,
    )
    expect(page.locator("main")).to_contain_text("办理时限延至")
    look(page, "meeting-concluded")
    minutes(page)
    report(windows, zone.unit)
    page.goto(meeting)
    expect(page.locator("main")).to_contain_text("方案已提交。")
    page.goto("/issues?q=夜间断电")
    page.locator("main tbody tr a").first.click()
    expect(page.locator("main")).to_contain_text("提级办理")


def minutes(page):
    """Take the minutes home as a Word document, and read them."""
    page.get_by_role("link", name="会议纪要", exact=True).first.click()
    look(page, "meeting-minutes")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载Word文档").click()
    with open(waiting.value.path(), "rb") as file:
        word = docx.Document(io.BytesIO(file.read()))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for words in ("三日内提出改造方案。", "报请上级协调供电公司。", "办理时限延至", "王建国（副局长）"):
        assert words in said


def report(windows, unit):
    """The unit finds its duty on its first page and reports it as done."""
    desk = Desk(windows.open(), "chengban", PASSWORD).sign_in()
    page = desk.page
    look(page, "home-duty")
    page.get_by_role("link", name="三日内提出改造方案。").click()
    desk.fill(note="方案已提交。")
    desk.page.locator("main form").get_by_role("button", name="完成议定事项").click()
    expect(page.locator("main")).to_contain_text("方案已提交。")
    page.goto("/")
    expect(page.get_by_text("三日内提出改造方案。")).to_have_count(0)
