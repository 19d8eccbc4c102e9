"""Questions about records in a real browser: the author answers, the office closes, a firm denies."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_group, make_link
from tests.support.chromium import PHONE, barriers, fits, look, screenshot
from tests.support.desk import Desk
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.settings import set_setting
from visits.issues import operations as issues
from visits.issues.states import State

TEXT = "了解企业三季度生产经营情况，订单较上年略有增长，用工基本稳定，企业希望加快厂区北门道路修复进度。"


@pytest.fixture
def address(server):
    """Two records that read the same; the address of the page of the enterprise of the second."""
    with server.opened():
        set_setting("zone_name", "临湖经济开发区")
        set_setting("office_phone", "0591-8888 1234")
        author = make_person([Role.CADRE], make_unit("经济发展局"), "赵走访", "zhao", PASSWORD)
        make_person([Role.COORDINATOR], make_unit("工作专班办公室"), "林协", "lin", PASSWORD)
        first, second = make_enterprise("湖畔精密机械有限公司"), make_enterprise("临湖新材料股份有限公司")
        make_link(
            second, group=make_group("第三服务组"), officer=make_person([Role.OFFICER], name="钱驻企")
        )
        day = today() - timedelta(days=(today().weekday() - 2) % 7 + 7)  # a Wednesday
        make_visit(first, author=author, summary=TEXT, visited_on=day)
        make_visit(second, author=author, summary=TEXT + "企业表示感谢。", visited_on=day)
        issue = make_issue(make_office(), State.IN_PROGRESS, enterprise=second)
        db.session.flush()
        coordinator = make_person([Role.COORDINATOR])
        return "/r/" + issues.make_link(actor_for(coordinator), issue)


def answer(windows):
    """The author is asked on the first page and on the record, and answers."""
    page = Desk(windows.open(), "zhao", PASSWORD).sign_in().page
    expect(page.locator("main")).to_contain_text("的记录文字基本相同，请核对是否复制后忘记修改。")
    look(page, "asked-home")
    page.get_by_role("row").filter(has_text="文字基本相同").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("处请您核对")
    look(page, "asked-visit")
    page.get_by_role("link", name="回复：").first.click()
    page.get_by_label("其他情况（请说明）").check()
    page.get_by_role("button", name="提交回复").click()
    expect(page.locator(".error-summary")).to_contain_text("请简要写明情况")
    look(page, "asked-answer")
    page.locator("[name=words]").fill("两家企业同一天走访，反映的情况相同。")
    page.get_by_role("button", name="提交回复").click()
    expect(page.locator("main")).to_contain_text("您的走访记录没有待核对事项")
    return page


def close(windows):
    """The coordinator reads the answer and closes the question."""
    page = Desk(windows.open(), "lin", PASSWORD).sign_in().page
    page.get_by_role("link", name="待办公室处理").click()
    look(page, "questions")
    page.locator("main tbody").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("两家企业同一天走访，反映的情况相同。")
    look(page, "question")
    page.get_by_role("link", name="办理完毕").click()
    page.get_by_label("看过，无疑问").check()
    page.locator("[name=note]").fill("已与记录人核对，属实。")
    look(page, "question-close")
    page.get_by_role("button", name="办理完毕").click()
    expect(page.locator("main")).to_contain_text("暂无核对事项")
    return page


def deny(windows, address):
    """The enterprise sees on its phone who came, says that nobody did, and changes its mind once."""
    phone = windows.open(size=PHONE, javascript=False)
    phone.goto(address)
    phone.get_by_role("link", name="谁为我服务、谁来过").click()
    expect(phone.locator("main")).to_contain_text("钱驻企")
    assert "生产经营" not in phone.locator("main").inner_text()
    screenshot(phone, "public-visits-phone")
    phone.get_by_role("button", name="没有来过").click()
    expect(phone.locator("main")).to_contain_text("您已答复：没有来过")
    dark = windows.open(size=PHONE, dark=True)
    dark.goto(f"{address}/visits?lang=en")
    expect(dark.locator("main")).to_contain_text("You said: nobody came.")
    assert barriers(dark) == []
    dark.get_by_text("Change your answer").click()
    screenshot(dark, "public-visits-dark")
    assert fits(dark)
    wide = windows.open()
    wide.goto(f"{address}/visits")
    screenshot(wide, "public-visits-desk")


def test_asked_answered_closed_and_denied(windows, address):
    cadre = answer(windows)
    office = close(windows)
    deny(windows, address)
    office.goto("/questions")
    expect(office.locator("main tbody")).to_contain_text("企业反映该次走访没有来过")
    look(office, "questions-denied")
    cadre.goto("/")
    expect(cadre.locator("main")).to_contain_text("请核对该记录的企业、走访日期和参加人员。")
    expect(cadre.locator("main")).not_to_contain_text("没有来过")
    english = windows.open(language="en", dark=True)
    page = Desk(english, "lin", PASSWORD).sign_in().page
    page.goto("/questions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions about records")
    screenshot(page, "questions-dark")
