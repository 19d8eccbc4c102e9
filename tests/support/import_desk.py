"""What somebody does in a window to take a ledger in and to take that back, with pictures of the pages."""

from tests.support.chromium import look


def take_in(desk, file, start, pictures):
    """From a list to the columns of a ledger."""
    desk.page.goto(start)
    desk.follow("导入台账")
    look(desk.page, f"{pictures}-upload")
    desk.page.set_input_files("[name='file']", file)
    desk.press("读取文件")


def take_back(desk, start, pictures):
    """Find the last import into a list again and undo it."""
    desk.page.goto(f"{start}/imports")
    look(desk.page, f"{pictures}-imports")
    desk.page.locator("tbody a").first.click()
    look(desk.page, f"{pictures}-undo")
    desk.fill(reason="年份弄错了")
    desk.press("撤销导入")


def figures(desk):
    """The figures of a preview or a result."""
    return [int(stat.inner_text()) for stat in desk.page.locator(".stat b").all()]
