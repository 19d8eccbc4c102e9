"""The main job in a real browser: two visits, four problems, totals that open what they count."""

import pytest

from config import ROOT, env_bool
from tests.factories.enterprises import make_code
from tests.support import main_job
from tests.support.chromium import look
from tests.support.main_job import ON_SPOT, RETURNED, REWORKED, SOLVED, Office

FIRM, OTHER_FIRM = "湖畔精密机械有限公司", "临湖青禾食品有限公司"
OTHERS = ("云岭新材料有限公司", "星桥物流有限公司")
PICTURES = ROOT / "docs" / "screenshots"


@pytest.fixture
def register(tmp_path):
    """A spreadsheet of invented enterprises."""
    lines = [f"{name},{make_code(700 + n)},湖滨街道,学院路{n + 1}号" for n, name in enumerate(names())]
    file = tmp_path / "企业名录.csv"
    file.write_text("\n".join(["企业名称,统一社会信用代码,街道,注册地址", *lines]), encoding="gb18030")
    return file


def names():
    return (FIRM, OTHER_FIRM, *OTHERS)


@pytest.fixture
def office(windows, register):
    """An office with people, a register and a group."""
    main_job.set_up(windows)
    office = Office(windows, FIRM, OTHER_FIRM)
    main_job.enter_people(office)
    counts = main_job.import_register(office.desk("coordinator"), register)
    assert (counts["新增"], counts["不合格"]) == ("4", "0")
    main_job.form_group(office)
    return office


def show(page, name):
    """Look at a page, and where the manual's pictures are wanted take one for it."""
    page.evaluate("scrollTo(0, 0)")
    if env_bool("VISITS_SCREENSHOTS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
    look(page, name)


def test_two_visits_four_problems_and_what_the_totals_say(office):
    main_job.visit_one(office)
    desk = main_job.begin_joint_visit(office)
    show(desk.page, "record-a-visit")
    main_job.save_joint_visit(desk)
    look(desk.page, "visit")
    coordinator = office.desk("coordinator")
    coordinator.page.goto("/")
    show(coordinator.page, "home")
    main_job.drive_problems(office)
    numbers = {title: main_job.open_problem(coordinator, title) for title in (ON_SPOT, RETURNED, SOLVED)}
    show(coordinator.page, "issue")
    numbers[REWORKED] = main_job.open_problem(coordinator, REWORKED)
    look(coordinator.page, "issue-in-rework")
    coordinator.says("第2轮")
    coordinator.follow(OTHER_FIRM)
    show(coordinator.page, "enterprise-file")
    coordinator.page.goto("/issues?state=all")
    look(coordinator.page, "issues")
    coordinator.page.goto("/totals")
    show(coordinator.page, "totals")
    coordinator.follow("3")
    look(coordinator.page, "rows-of-visits")
    assert counted(coordinator, "走访家次", 1) == ("3", sorted([FIRM, FIRM, OTHER_FIRM]))
    for label, titles in (
        ("登记有效数", (ON_SPOT, SOLVED, RETURNED, REWORKED)),
        ("办结数", (ON_SPOT, SOLVED)),
        ("协助解决数", (ON_SPOT, SOLVED)),
    ):
        wanted = sorted(numbers[title] for title in titles)
        assert counted(coordinator, label, 0) == (str(len(titles)), wanted)


def counted(desk, label, column):
    """A number of the totals, and one column of the rows it opens."""
    desk.page.goto("/totals")
    link = desk.page.locator(".stat", has_text=label).get_by_role("link")
    number = link.inner_text()
    link.click()
    desk.says("返回数据总览")
    return number, [row[0] for row in desk.rows(column)]
