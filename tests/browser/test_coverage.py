"""A rule is set for a programme, who is due is looked up, and the board is followed to its rows."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_group, make_link, make_programmes
from tests.support.chromium import PHONE, barriers, fits
from tests.support.desk import Desk
from visits.core.authz import SYSTEM
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import Tag
from visits.enterprises.operations import GrantEntry, create_standard_tags, grant_tag
from visits.programmes.models import GROUP_LINKED


@pytest.fixture
def zone(server):
    """A coordinator, an officer, and eight firms: two important ones, three of a group, some visited."""
    with server.opened():
        make_programmes()
        create_standard_tags(SYSTEM)
        make_person([Role.COORDINATOR], username="xietiao", name="陈主任", password=PASSWORD)
        officer = make_person([Role.OFFICER], username="fuwu", name="李服务员", password=PASSWORD)
        group = make_group("第一服务组")
        firms = [
            make_enterprise(f"湖畔第{number}精密机械有限公司", park=park)
            for number, park in enumerate(("湖畔园", "湖畔园", "江滨园", "江滨园", "", "", "", ""), 1)
        ]
        for firm in firms[:3]:
            make_link(firm, group=group, officer=officer, programme=GROUP_LINKED)
        make_visit(firms[0], visited_on=today())
        make_visit(firms[2], visited_on=today() - timedelta(days=200))
        db.session.flush()
        key = db.session.query(Tag).filter_by(code="key").one()
        for firm in firms[:2]:
            grant_tag(SYSTEM, firm, GrantEntry(key.id))


@pytest.fixture
def sign_in(windows, zone):
    """Open a window of one of the people, with what windows.open takes."""
    return lambda username, **window: Desk(windows.open(**window), username, PASSWORD).sign_in().page


def set_usual_rule(page):
    """What a coordinator does once: the usual tiers, tried, kept."""
    page.goto("/programmes")
    page.get_by_role("link", name="企业大走访").click()
    page.get_by_role("link", name="新版规则").click()
    page.get_by_label("原因").fill("年度走访工作方案")
    page.get_by_role("button", name="填入常用层级").click()
    page.get_by_role("button", name="预览涉及企业").click()
    expect(page.locator("#taken")).to_contain_text("该规则涉及8家企业")
    expect(page.locator("#taken")).to_contain_text("重点企业：2")
    page.get_by_role("button", name="保存新版规则").click()


def test_from_the_rule_to_whom_to_visit_next(sign_in):
    page = sign_in("xietiao")
    set_usual_rule(page)
    expect(page.locator("#scope")).to_contain_text("每月1次")
    page.get_by_role("link", name="应访未访").first.click()
    rows = page.locator("main table tbody tr")
    expect(rows.first).to_contain_text("从未")
    expect(rows.filter(has_text="湖畔第1精密")).to_have_count(0)
    assert not barriers(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert fits(page)
    page.goto("/coverage?by=park")
    line = page.locator("tr", has=page.get_by_role("rowheader", name="湖畔园"))
    expect(line.locator("td").nth(0)).to_have_text("2")
    line.locator("td").nth(6).get_by_role("link").click()
    expect(page.locator("main table tbody tr")).to_have_count(1)
    expect(page.locator("main table")).to_contain_text("湖畔第2精密")


def test_an_officer_sees_the_own_firms_on_a_phone(sign_in):
    page = sign_in("fuwu", size=PHONE, dark=True)
    page.goto("/due?view=all")
    expect(page.locator("main table tbody tr")).to_have_count(3)
    page.goto("/coverage")
    expect(page.locator("main table")).to_contain_text("第一服务组")
    assert fits(page)
    assert not barriers(page)
