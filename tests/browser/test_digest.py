"""The morning digest in a real browser: its page, and its mail as a mail program shows it."""

from datetime import timedelta

import pytest
from flask import current_app
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.support.chromium import DESK, PHONE, barriers, fits, look, screenshot
from tests.support.desk import Desk
from visits.core import clock
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.digest import operations, queries
from visits.digest.mail import message_for
from visits.issues.states import State

TITLES = (
    "园区北路出入口道路破损，货车进出困难，雨天积水影响发货",
    "二期用地规划许可办理时间较长",
    "用工缺口约40人，希望组织专场招聘",
    "危化品仓库消防验收未通过，整改标准不清楚",
    "企业要求保密的诉求：拖欠货款",
)


@pytest.fixture
def mails(server):
    """A coordinator who also handles problems of a unit; the mails of today in both languages."""
    with server.opened():
        current_app.config["PUBLIC_BASE_URL"] = "https://visits.example.gov.cn"
        set_setting("zone_name", "临湖经济开发区")
        unit = make_unit("自然资源和规划局")
        person = make_person([Role.COORDINATOR, Role.HANDLER], unit, "林协调", "lin", PASSWORD)
        with clock.at(today() - timedelta(days=24)):
            office = make_office()
            office.unit = unit
            office.handler = actor_for(make_person([Role.HANDLER], unit, "王经办"))
            for title in TITLES:
                make_issue(office, State.IN_PROGRESS, title=title, enterprise=make_enterprise())
            make_issue(office, State.ASSIGNED, title=TITLES[1], confidential=True)
        for number in range(8):
            make_issue(office, State.REGISTERED, title=f"{TITLES[number % 4]}（{number + 1}）")
        db.session.commit()
        (mine,) = [one for one in queries.gather() if one.person_id == person.id]
        mine.unread = 3
        operations.send_digest(mine, today())
        db.session.commit()
        content, found = queries.content_of(mine), {}
        for language in ("zh", "en"):
            mine.language = language
            found[language] = message_for(mine, content, today())
        return found


def test_the_page_reads_well(windows, mails):
    page = Desk(windows.open(), "lin", PASSWORD).sign_in().page
    page.get_by_role("link", name="每日提醒").click()
    expect(page.locator("h1")).to_contain_text("每日提醒")
    expect(page.locator("main")).to_contain_text("本单位超期的问题诉求")
    look(page, "digest")
    page.emulate_media(color_scheme="dark")
    look(page, "digest-dark")
    english = Desk(windows.open(language="en"), "lin", PASSWORD).sign_in().page
    english.goto("/inbox/digests")
    look(english, "digest-en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_mail_reads_well(windows, mails, language):
    page = windows.open()
    page.set_content(mails[language].html)
    for scheme in ("dark", "light"):  # axe takes every ground without a colour for white
        page.emulate_media(color_scheme=scheme)
        for name, size in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(size)
            screenshot(page, f"mail-{language}-{scheme}-{name}")
            assert fits(page)
    assert barriers(page) == []
    assert page.evaluate("[...document.links].every((a) => a.href.startsWith('https://visits.example'))")
    text = mails[language].text
    assert "https://visits.example.gov.cn/inbox/digests/" in text
    assert "https://visits.example.gov.cn/issues" in text
