"""The brief before a visit: what it says, and the file of several that is read without network."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.meetings import make_meeting
from tests.factories.outreach import make_visit
from tests.factories.programmes import make_link, make_programmes
from tests.support.html import parse
from visits.core.audit import AuditEntry
from visits.core.authz import SYSTEM
from visits.core.calendar import fill_calendar
from visits.core.permissions import Role
from visits.enterprises.models import ContactRole
from visits.enterprises.operations import ContactEntry, add_contact
from visits.issues.models import Finding, RedFlag
from visits.issues.states import State
from visits.outreach.entries import CheckEntry, PromiseEntry
from visits.outreach.models import VisitPlan

TODAY = date(2026, 11, 24)


@pytest.fixture
def office(database, at):
    at("2026-11-24")
    fill_calendar([2026])
    make_programmes()
    return make_office()


@pytest.fixture
def officer(office):
    return make_person([Role.OFFICER], make_unit(), name="赵访")


@pytest.fixture
def firm(database, office, officer):
    """An enterprise of which there is something to say under every heading."""
    firm = make_enterprise("湖畔精密机械有限公司")
    make_link(firm, officer=officer)
    add_contact(SYSTEM, firm, ContactEntry(ContactRole.LIAISON, "张工", "主任", "13812345678"))
    issue = make_issue(office, State.IN_PROGRESS, enterprise=firm, title="用气价格偏高")
    issue.red_flag = RedFlag.STOPPING
    make_meeting(office.coordinator, [issue], title="用气专题协调会")
    promise = PromiseEntry(firm.id, "协调周边停车位", "王科长", date(2026, 12, 1))
    make_visit(firm, author=officer, promises=[promise], summary="企业满产，订单排到三月。")
    make_visit(firm, author=officer, checks=[CheckEntry(Finding.NO_PROGRESS, issue_id=issue.id)])
    plan(database, officer, firm, TODAY + timedelta(days=2), "看二期厂房")
    return firm


def plan(database, person, firm, day, purpose=""):
    row = VisitPlan(enterprise_id=firm.id, owner_id=person.id, planned_on=day, purpose=purpose)
    database.session.add(row)
    database.session.commit()


SAID = (
    "湖畔精密机械有限公司",
    "张工",
    "138****5678",
    "请核实",
    "赵访",
    "用气价格偏高",
    "停产",
    "无进展 2026-11-24",
    "协调周边停车位",
    "王科长",
    "企业满产，订单排到三月。",
    "2026-11-26",
    "看二期厂房",
)


def test_it_says_what_one_must_know_before_a_visit(client_for, officer, firm):
    page = client_for(officer).get("home.brief", enterprise_id=firm.id)
    assert [words for words in SAID if words not in page.main] == []


def test_a_meeting_to_come_stands_on_it_for_those_who_may_read_it(client_for, office, officer, firm):
    coordinator = client_for(office.people["coordinator"])
    assert "用气专题协调会" in coordinator.get("home.brief", enterprise_id=firm.id).main
    assert "用气专题协调会" not in client_for(officer).get("home.brief", enterprise_id=firm.id).main


def test_a_stranger_sees_no_problem_and_no_visit(client_for, firm):
    page = client_for(make_person([Role.CADRE])).get("home.brief", enterprise_id=firm.id)
    assert "用气价格偏高" not in page.main
    assert "企业满产" not in page.main
    assert "暂无您可查看的走访记录" in page.main
    assert "尚无走访记录" not in page.main


def test_only_who_sees_all_visits_reads_that_there_is_none(client_for, office, database):
    unvisited = make_enterprise("从未走访企业")
    for endpoint in ("home.brief", "home.enterprise_file"):
        for person, words in (
            (office.people["coordinator"], "尚无走访记录。"),
            (make_person([Role.HANDLER], make_unit()), "暂无您可查看的走访记录。"),
        ):
            assert words in client_for(person).get(endpoint, enterprise_id=unvisited.id).main


def taken(browser, *firms, status=200):
    return browser.post("briefs.take", {"row": [str(firm.id) for firm in firms]}, status=status)


def test_several_are_one_file_that_fetches_nothing_and_leads_nowhere(client_for, database, officer, firm):
    other = make_enterprise("临湖青禾食品有限公司")
    answer = taken(client_for(officer), firm, other).response
    text = answer.get_data(as_text=True)
    root, faults = parse(text)
    assert faults == []
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [h.text for h in root.all("h2")] == [firm.name, other.name]
    assert root.all("a", "img", "script", "link", "iframe") == []
    assert "url(" not in text
    assert "http" not in text
    assert [words for words in SAID if words not in root.text] == []
    assert "13812345678" not in text
    entry = database.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "brief.taken")).one()
    assert entry.changes == {"enterprises": [firm.id, other.id]}


def test_hostile_names_stay_text_in_the_file(client_for, officer, office):
    firm = make_enterprise("<script>alert(1)</script>公司")
    text = taken(client_for(officer), firm).response.get_data(as_text=True)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_ticked_rows_of_the_register_are_offered_and_at_most_twenty(client_for, officer, firm):
    browser = client_for(officer)
    page = browser.get("briefs.choose", row=firm.id)
    assert [box["value"] for box in page.root.all("input", name="row")] == [str(firm.id)]
    for number in range(20):
        make_enterprise(f"企业{number}")
    answer = browser.get("briefs.choose", all="1", status=302)
    assert "最多" in browser.get(answer.location).text


def test_without_ticks_the_plans_of_this_week_are_offered(client_for, database, officer, firm):
    later, others = make_enterprise("下周公司"), make_enterprise("别人的公司")
    plan(database, officer, later, TODAY + timedelta(days=9))
    plan(database, make_person([Role.CADRE]), others, TODAY)
    page = client_for(officer).get("briefs.choose")
    assert [box["value"] for box in page.root.all("input", name="row")] == [str(firm.id)]
    assert "未选择企业" in client_for(make_person([Role.CADRE])).get("briefs.choose").main


@pytest.mark.parametrize("rows", [[], ["0"], ["999999999"], ["x", "' OR 1=1"]])
def test_nothing_ticked_is_said_so(client_for, officer, office, rows):
    browser = client_for(officer)
    answer = browser.post("briefs.take", {"row": rows}, status=303)
    assert "未选择企业" in browser.get(answer.location).text


def test_a_record_merged_into_another_leads_there_and_is_left_out_of_the_file(
    client_for, database, officer, firm
):
    gone = make_enterprise("湖畔精密")
    gone.merged_into_id = firm.id
    database.session.commit()
    browser = client_for(officer)
    answer = browser.get("home.brief", enterprise_id=gone.id, status=303)
    assert answer.location.endswith(f"/enterprises/{firm.id}/brief")
    assert "湖畔精密<" not in taken(browser, gone, firm).response.get_data(as_text=True)


def test_the_brief_costs_no_more_for_a_full_enterprise(client_for, office, officer, firm, statements):
    browser, firm_id = client_for(officer), firm.id
    browser.get("home.brief", enterprise_id=firm_id)
    with statements() as few:
        browser.get("home.brief", enterprise_id=firm_id)
    for number in range(9):
        make_issue(office, enterprise=firm, title=f"问题{number}")
    browser.get("home.index")
    with statements() as many:
        page = browser.get("home.brief", enterprise_id=firm_id)
    assert "另有" in page.main
    assert len(few) == len(many) <= 12
