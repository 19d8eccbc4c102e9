"""My work today, and everything one page says about an enterprise."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_issue, make_office
from tests.factories.outreach import make_visit, problem_at
from tests.factories.programmes import make_group, make_link
from tests.support.databases import roles_asked
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues.models import Dispatch, Issue
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry

TITLES = {
    State.REGISTERED: "厂门口积水",
    State.ASSIGNED: "用电容量不足",
    State.REPORTED: "招工困难",
    State.EVALUATING: "研发补助未到账",
}
OTHER_FIRM, FIRM = "江滨电子有限公司", "湖畔精密机械有限公司"


@pytest.fixture
def office(database):
    """An office with a problem in each state that somebody has to do something about."""
    office = make_office()
    firm = make_enterprise(FIRM)
    for state, title in TITLES.items():
        issue = make_issue(office, enterprise=firm, title=title)
        advance(office, issue, state)
    return office


@pytest.mark.parametrize(
    ("who", "waiting"),
    [
        ("coordinator", {State.REGISTERED, State.REPORTED}),
        ("handler", {State.ASSIGNED}),
        ("other_handler", set()),
        ("callback", {State.EVALUATING}),
        ("cadre", set(TITLES)),
    ],
)
def test_my_work_shows_what_waits_for_me(office, client_for, who, waiting):
    page = client_for(office.people[who]).get("home.index")
    assert {title for title in TITLES.values() if title in page.main} == {
        TITLES[state] for state in waiting
    }
    assert ("暂无待办事项" in page.main) is not bool(waiting)


def test_the_unit_in_charge_reads_by_when_to_speak_with_the_enterprise(office, database, client_for):
    handler = client_for(office.people["handler"])
    issue = database.session.scalars(sa.select(Issue).where(Issue.state == State.ASSIGNED)).one()
    due = sa.select(Dispatch.contact_due).where(Dispatch.issue_id == issue.id)
    assert f"首次联系期限 {database.session.scalar(due)}" in handler.get("home.index").main
    assert "首次联系期限" not in client_for(office.people["cadre"]).get("home.index").main
    do.record_contact(office.handler, issue, do.ContactEntry("王经理"))
    database.session.commit()
    assert "首次联系期限" not in handler.get("home.index").main


@pytest.mark.parametrize("role", roles_asked())
def test_everybody_has_a_home_and_only_links_that_open(database, client_for, role):
    browser = client_for(make_person([role]))
    page = browser.get("home.index")
    for address in set(page.links.values()):
        if address.startswith("/"):
            browser.get(address)


def test_long_sections_are_cut_and_say_how_many_there_are(database, client_for):
    office = make_office()
    firm = make_enterprise(FIRM)
    for _ in range(10):
        make_issue(office, enterprise=firm)
    browser = client_for(office.people["coordinator"])
    page = browser.get("home.index")
    assert len(page.rows) == 8
    assert len(browser.get(page.links["全部 10 项"]).rows) == 10


def test_the_file_gathers_problems_promises_visits_and_who_answers(database, client_for):
    cadre, officer = make_person([Role.CADRE], name="李梅"), make_person([Role.OFFICER], name="王强")
    firm = make_enterprise(FIRM)
    make_link(firm, group=make_group("第一服务组"), officer=officer)
    promise = PromiseEntry(firm.id, "协调新增一条公交线路", "李梅", None)
    visit = make_visit(firm, author=cadre, problems=[problem_at(firm)], promises=[promise])
    for who in (cadre, officer, make_person([Role.COORDINATOR])):
        page = client_for(who).get("home.enterprise_file", enterprise_id=firm.id)
        for shown in ("厂区门口道路破损", "协调新增一条公交线路", "第一服务组", "王强", "李梅"):
            assert shown in page.main
        assert f"/visits/{visit.id}" in page.links.values()
        assert f"/issues?enterprise={firm.id}&state=all&view=all" in page.links.values()
        assert FIRM in client_for(who).open(page.links["查找走访"]).main


def test_the_file_shows_only_problems_and_visits_one_may_read(office, client_for):
    firm = make_enterprise(OTHER_FIRM)
    make_visit(firm, author=make_person([Role.CADRE]), problems=[problem_at(firm, title="不给旁人看")])
    for who in (make_person([Role.CADRE]), office.people["handler"]):
        page = client_for(who).get("home.enterprise_file", enterprise_id=firm.id)
        assert "不给旁人看" not in page.text
        assert not [
            address
            for address in page.links.values()
            if address.startswith("/visits/") and address[8:].isdigit()
        ]


def test_only_who_may_miss_a_problem_is_told_so_on_the_file(database, client_for):
    firm = make_enterprise()
    for role, words in ((Role.COORDINATOR, "暂无未办结问题。"), (Role.CADRE, "暂无您可查看的未办结问题。")):
        person = client_for(make_person([role]))
        for page in ("home.enterprise_file", "home.brief"):
            assert words in person.get(page, enterprise_id=firm.id).main


def test_a_firm_that_does_not_exist_is_not_found(database, client_for):
    client_for(make_person([Role.CADRE])).get("home.enterprise_file", status=404, enterprise_id=999)


def test_who_rings_up_sees_the_withdrawals_that_wait(office, client_for):
    issue = make_issue(office, State.ASSIGNED, title="企业不再需要")
    officer = actor_for(make_person([Role.OFFICER]))
    do.watch(officer, issue)
    do.ask_withdrawal(officer, issue, "已自行解决")
    browser = client_for(office.people["callback"])
    page = browser.get("home.index")
    assert "撤回待核实" in page.main
    assert "企业不再需要" in page.main
