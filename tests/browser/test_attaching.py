"""Files reach a problem by choosing, dropping and pasting, each with its progress; without scripts too."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD
from tests.factories.enterprises import make_code
from tests.support import main_job
from tests.support.chromium import DESK, PHONE, barriers, fits, hold_back, screenshot
from tests.support.desk import Desk
from tests.support.files import exif_with, office, picture

SEND = """
async ([how, name]) => {
  const canvas = document.createElement("canvas");
  const made = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const carried = new DataTransfer();
  carried.items.add(new File([made], name, { type: "image/png" }));
  const about = { bubbles: true, cancelable: true };
  const event = how === "paste" ? new ClipboardEvent("paste", { clipboardData: carried, ...about })
    : new DragEvent("drop", { dataTransfer: carried, ...about });
  document.querySelector("[data-attach]").dispatchEvent(event);
}
"""


@pytest.fixture
def desk(windows):
    """The window of a coordinator, at a problem just registered."""
    main_job.set_up(windows)
    desk = Desk(windows.open(), "zhangwei", PASSWORD).sign_in()
    desk.page.goto("/enterprises/new")
    desk.fill(name="湖畔精密机械有限公司", code=make_code(601))
    desk.press("保存")
    desk.page.goto("/issues/new?enterprise=1")
    desk.fill(title="厂区门口道路破损", description="货车进出困难。", category_id="1")
    desk.page.locator("main form .btn-primary").click()
    desk.says("附件")
    return desk


def named(desk, *names):
    """Wait until exactly these files stand in the card."""
    expect(desk.page.locator(".attached-name")).to_have_text(list(names))


def test_files_are_chosen_dropped_and_pasted(desk):
    desk.page.set_input_files(
        "[name='files']",
        [
            {
                "name": "现场.jpg",
                "mimeType": "image/jpeg",
                "buffer": picture(size=(900, 600), exif=exif_with(6)),
            },
            {"name": "清单.docx", "mimeType": "", "buffer": office()},
            {"name": "太大.pdf", "mimeType": "", "buffer": b"%PDF-" + bytes(11 * 1024 * 1024)},
        ],
    )
    named(desk, "现场.jpg", "清单.docx")
    expect(desk.page.locator(".upload-said")).to_have_text(["文件超过10 MB。请压缩或拆分后再添加。"])
    for how, name in (("drop", "拖放.png"), ("paste", "粘贴.png")):
        desk.page.evaluate(SEND, [how, name])
        expect(desk.page.locator(".attached-name", has_text=name)).to_be_visible()
    named(desk, "现场.jpg", "清单.docx", "拖放.png", "粘贴.png")
    image = desk.page.locator(".attached img").first
    assert image.evaluate(
        "async (image) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; }"
    ) == [213, 320]
    for size, width in ((PHONE, "phone"), (DESK, "desk")):
        desk.page.set_viewport_size(size)
        screenshot(desk.page, f"attachments-{width}")
        assert fits(desk.page)
    assert barriers(desk.page) == []


def test_files_chosen_before_the_scripts_come_are_sent(desk):
    let_scripts_go = hold_back(desk.page, re.compile(r"/upload\.js"))
    desk.page.reload(wait_until="commit")
    desk.page.set_input_files("[name='files']", [{"name": "a.jpg", "mimeType": "", "buffer": picture()}])
    let_scripts_go()
    named(desk, "a.jpg")


def test_a_picture_opens_and_runs_nothing(desk, windows):
    page = b"<script>document.title='ran'</script>"
    desk.page.set_input_files(
        "[name='files']", [{"name": "a.html", "mimeType": "", "buffer": picture("PNG") + page}]
    )
    named(desk, "a.html.png")
    address = desk.page.locator(".attached-name").get_attribute("href")
    # Not watched: the browser's own picture viewer complains of the policy that keeps the file locked up.
    signed_in = desk.page.context.storage_state()
    apart = windows.browser.new_context(base_url=windows.address, storage_state=signed_in)
    alone = apart.new_page()
    alone.goto(address)
    expect(alone.locator("img")).to_have_count(1)
    assert "ran" not in alone.title()
    apart.close()


def test_without_scripts_the_form_does_it(desk, windows):
    address = desk.page.url
    plain = Desk(windows.open(javascript=False), "zhangwei", PASSWORD).sign_in()
    plain.page.goto(address)
    plain.page.set_input_files("[name='files']", [{"name": "a.jpg", "mimeType": "", "buffer": picture()}])
    plain.press("添加")
    named(plain, "a.jpg")
