"""A monthly report in a real browser: seen as it will be printed, and taken home in three formats."""

import io

import docx
import pypdf
import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.issues import make_issue, make_office
from tests.support.chromium import look
from tests.support.desk import Desk
from visits.core.permissions import Role
from visits.issues.states import State


@pytest.fixture
def zone(server):
    """A coordinator, and a problem in hand."""
    with server.opened():
        office = make_office()
        make_person([Role.COORDINATOR], make_unit(), username="xietiao", name="黄协调", password=PASSWORD)
        make_issue(office, State.IN_PROGRESS, title="夜间断电")


def taken(page, label):
    """Press the button of a file and return where the browser put it."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label).first.click()
    return waiting.value.path()


def test_a_report_is_printed_and_taken_home_in_each_format(windows, zone):
    desk = Desk(windows.open(), "xietiao", PASSWORD).sign_in()
    page = desk.page
    page.goto("/monthly/new")
    page.locator("main button[type=submit]").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("企业走访和问题诉求办理情况的通报")
    title = heading.inner_text()
    first = docx.Document(taken(page, "下载 Word 文件")).paragraphs[0]
    assert first.text.replace("\n", "") == title
    assert pypdf.PdfReader(taken(page, "下载 PDF 文件")).metadata.title == title
    book = CalamineWorkbook.from_path(str(taken(page, "下载 Excel 文件")))
    assert book.get_sheet_by_index(0).to_python()[0][0] == title
    page.get_by_role("link", name="打印版").click()
    expect(heading).to_have_text(title)
    look(page, "monthly-paper")
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    lying = [printed.mediabox.width > printed.mediabox.height for printed in pages]
    assert lying[:3] == [False, True, False]
    assert lying[-1] is True
