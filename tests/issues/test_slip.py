"""The assignment slip: on paper and for Word it says the same, and only those concerned get it."""

import io

import docx
import pytest
import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_issue, make_office
from visits.core.audit import AuditEntry
from visits.core.permissions import Role
from visits.issues import operations, queries
from visits.issues.operations import AssignEntry
from visits.issues.states import State

PHONE = "13800001234"


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def office(database):
    return make_office()


@pytest.fixture
def issue(office, database):
    """A problem that one unit handles and another helps with."""
    firm = make_enterprise("临川精密机械有限公司", district="湖畔区", street="创新路", address="8号")
    made = make_issue(
        office,
        enterprise=firm,
        title="厂房到期",
        description="第一行\n第二行\x0b",
        reporter_name="王厂长",
        reporter_phone=PHONE,
    )
    entry = AssignEntry(office.unit.id, [office.other_unit.id], "请尽快现场查看")
    operations.assign(office.coordinator, made, entry)
    database.session.commit()
    return made


@pytest.fixture
def browser(office, client_for):
    return lambda name: client_for(office.people[name])


def slip_url(issue, suffix=""):
    return f"/issues/{issue.id}/slip{suffix}"


def read_back(page):
    """What the Word document says, label by label."""
    word = docx.Document(io.BytesIO(page.response.data))
    said = {}
    for row in word.tables[0].rows:
        label, value, label_2, value_2 = row.cells
        said[label.text] = value.text
        if value_2._tc is not value._tc:
            said[label_2.text] = value_2.text
    return word.paragraphs[0].text, said


def test_paper_and_word_say_the_same(issue, office, browser):
    handler = browser("handler")
    page = handler.get(slip_url(issue))
    title, said = read_back(handler.post(slip_url(issue, ".docx"), page=page, status=200))
    assert page.heading == title
    assert title.endswith("交办单")
    expected = {
        "编号": issue.number,
        "交办日期": "2026-11-23",
        "企业": "临川精密机械有限公司",
        "地址": "湖畔区 创新路 8号",
        "联系人": "王厂长",
        "电话": PHONE,
        "问题诉求": "厂房到期\n第一行\n第二行",
        "主办单位": office.unit.name,
        "办理时限": "2026-12-02",
        "交办意见": "请尽快现场查看",
        "签收人": "",
        "签收时间": "",
    }
    assert {key: said[key] for key in expected} == expected
    assert said["协办单位"].startswith(office.other_unit.name)
    assert "2026-11-24（含当日）前签收" in said["办理要求"]
    shown = {cell.text for row in page.root.first("table").all("tr") for cell in row.all("td")}
    assert shown >= {" ".join(text.split()) for text in expected.values()}


WHO = {
    "coordinator": 200,
    "leader": 200,
    "handler": 200,
    "other_handler": 200,
    "cadre": 403,
    "callback": 403,
}


@pytest.mark.parametrize("name", WHO)
def test_only_those_concerned_get_a_slip(issue, browser, name):
    person = browser(name)
    assert person.get(slip_url(issue), status=WHO[name])
    assert person.post(slip_url(issue, ".docx"), status=WHO[name])
    links = person.get("issues.show", issue_id=issue.id).links
    assert ("交办单" in links) == (WHO[name] == 200)


def test_a_foreign_unit_finds_nothing(issue, client_for, database):
    stranger = make_person([Role.HANDLER])
    database.session.commit()
    client_for(stranger).get(slip_url(issue), status=404)
    client_for(stranger).post(slip_url(issue, ".docx"), status=404)


def test_the_page_hides_the_phone_from_who_need_not_call(issue, browser, database):
    leader = browser("leader")
    page = leader.get(slip_url(issue))
    assert PHONE not in page.text
    assert "138****1234" in page.text
    _, said = read_back(leader.post(slip_url(issue, ".docx"), page=page, status=200))
    assert said["电话"] == PHONE
    entries = database.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "issue.slip_made")
    ).all()
    assert [(entry.subject_id, entry.changes["number"]) for entry in entries] == [(issue.id, issue.number)]


@pytest.mark.parametrize("state", [State.REGISTERED, State.CLOSED, State.REJECTED])
def test_without_a_unit_there_is_no_slip(office, browser, database, state):
    issue = make_issue(office, state)
    database.session.commit()
    person = browser("coordinator")
    assert "没有承办单位" in person.get(slip_url(issue), status=409).main
    person.post(slip_url(issue, ".docx"), status=409)
    assert "交办单" not in person.get("issues.show", issue_id=issue.id).links


def test_a_later_round_asks_for_what_it_asks(issue, office, browser, database):
    advance(office, issue, State.IN_PROGRESS)
    for task in queries.current_dispatches(issue.id):
        task.sign_due = task.contact_due = None
    database.session.commit()
    _, said = read_back(browser("handler").post(slip_url(issue, ".docx"), status=200))
    assert said["办理要求"].startswith("1. 请于2026-12-02前办理完毕")
