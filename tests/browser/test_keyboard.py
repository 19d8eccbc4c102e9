"""The main job without a mouse: a visit recorded and a problem closed by keys alone."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import PASSWORD, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.programmes import make_programmes
from visits.core.permissions import Role
from visits.issues.states import State

FIRM, PROBLEM = "湖畔精密机械有限公司", "厂区门口道路破损"
MOST_STEPS = 150
IS_SHOWN = """() => {
  const focused = document.activeElement;
  return [focused, focused.closest(".ts-wrapper")].some((element) => {
    const look = element && getComputedStyle(element);
    return look && (look.outlineStyle !== "none" || look.boxShadow !== "none");
  });
}"""


@pytest.fixture
def office(server):
    """A cadre, a callback officer, a firm, and a problem that waits for its evaluation."""
    with server.opened():
        make_programmes()
        unit = make_unit()
        for username, name, role in (("zoufang", "赵访", Role.CADRE), ("huifang", "孙回", Role.CALLBACK)):
            make_person([role], unit, username=username, name=name, password=PASSWORD)
        make_issue(make_office(), State.EVALUATING, enterprise=make_enterprise(FIRM), title=PROBLEM)


class Keys:
    """A keyboard and nothing else."""

    def __init__(self, page):
        self.page = page

    def press(self, key):
        """Press a key once the page hears it."""
        self.page.wait_for_load_state()
        self.page.keyboard.press(key)

    def go_to(self, selector):
        """Press Tab until this has the focus, and see that one can tell."""
        for _ in range(MOST_STEPS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                assert self.page.evaluate(IS_SHOWN), f"{selector} has the focus and does not show it"
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by {MOST_STEPS} steps of the Tab key")

    def type(self, selector, text):
        self.go_to(selector)
        self.page.keyboard.type(text)

    def choose(self, selector, label):
        """Go down a list of choices to the one with this label."""
        self.go_to(selector)
        chosen = "() => document.activeElement.selectedOptions[0].label"
        for _ in range(20):
            if self.page.evaluate(chosen) == label:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{label} cannot be chosen in {selector}")

    def sign_in(self, username):
        self.page.goto("/sign-in")
        self.type("[name=username]", username)
        self.type("[name=password]", PASSWORD)
        self.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("我的工作")


def test_a_visit_is_recorded_by_keys(page, office):
    keys = Keys(page)
    keys.sign_in("zoufang")
    keys.press("n")
    expect(page.locator("[name=enterprises].tomselected")).to_have_count(1)
    keys.type("#enterprises-ts-control", "湖畔精密")
    expect(page.locator(".ts-dropdown:visible .option", has_text=FIRM)).to_have_count(1)
    keys.press("Enter")
    keys.go_to("[name=no_issue_ids]")
    keys.press("Space")
    keys.type("[name=summary]", "车间满负荷运转。")
    keys.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("走访记录已保存")
    expect(page.locator("main")).to_contain_text("车间满负荷运转。")


def test_a_problem_is_closed_by_keys(page, office):
    keys = Keys(page)
    keys.sign_in("huifang")
    keys.go_to("a[href^='/issues']")
    keys.press("Enter")
    expect(page.locator("main table")).to_contain_text(PROBLEM)
    keys.press("j")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(PROBLEM)
    keys.go_to("a[href$='/record-evaluation']")
    keys.press("Enter")
    page.wait_for_url("**/record-evaluation")
    keys.type("[name=evaluator]", "陈经理")
    keys.choose("[name=solved]", "已解决")
    keys.choose("[name=level]", "满意")
    keys.press("Control+Enter")
    expect(page.locator("main .page-sub")).to_contain_text("已办结")
