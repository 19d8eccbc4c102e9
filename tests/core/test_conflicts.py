"""A form overtaken by another save: what the page says, and where each of its ways leads."""

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_code, make_enterprise
from tests.factories.issues import make_issue, make_office
from visits.core.db import db
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues import operations
from visits.issues.models import Issue
from visits.issues.queries import moves_of
from visits.issues.states import State


@pytest.fixture
def firm(database):
    firm = make_enterprise(
        "湖畔精密机械有限公司", code=make_code(610), address="老街1号", industry_code="3411"
    )
    db.session.commit()
    return firm.id


@pytest.fixture
def desks(database, client_for):
    """Two coordinators."""
    people = make_person([Role.COORDINATOR], name="甲协调"), make_person([Role.COORDINATOR], name="乙协调")
    db.session.commit()
    return [client_for(person) for person in people]


def overtaken(desks, firm, theirs, mine):
    """Both open the form, the second saves first; the page that the first one gets."""
    first, second = desks
    form = first.get("enterprises.edit", enterprise_id=firm)
    second.post(
        "enterprises.edit",
        theirs,
        page=second.get("enterprises.edit", enterprise_id=firm),
        enterprise_id=firm,
    )
    return first.post("enterprises.edit", mine, page=form, status=409, enterprise_id=firm)


def reading(firm):
    db.session.rollback()
    return db.session.get(Enterprise, firm, populate_existing=True)


def button(page, words):
    return next(f for f in page.root.first("main").all("form") if words in f.text)


def fields_of(form):
    return [(field["name"], field["value"]) for field in form.all("input") if field["name"] != "csrf_token"]


def send(browser, page, words):
    form = button(page, words)
    sent = {}
    for name, value in fields_of(form):
        sent.setdefault(name, []).append(value)
    return browser.post(form["action"], sent, page=page)


def test_the_page_says_who_changed_what_and_what_would_become_of_mine(desks, firm):
    page = overtaken(
        desks,
        firm,
        {"address": "新街2号", "industry_code": "3412"},
        {"short_name": "湖机", "industry_code": "3413"},
    )
    assert "乙协调" in page.main
    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["简称"] == ["—", "湖机", "加入您的修改"]
    assert rows["行业代码"] == ["3412", "3413", "双方都已修改，以您的为准"]
    assert rows["地址"] == ["新街2号", "老街1号", "保留对方的修改"]


def test_saving_mine_too_keeps_what_only_the_other_changed(desks, firm):
    page = overtaken(
        desks,
        firm,
        {"address": "新街2号", "industry_code": "3412"},
        {"short_name": "湖机", "industry_code": "3413"},
    )
    send(desks[0], page, "我的修改也保存")
    stored = reading(firm)
    assert (stored.address, stored.industry_code, stored.short_name) == ("新街2号", "3413", "湖机")


def test_overtaken_twice_is_said_twice(desks, firm):
    page = overtaken(desks, firm, {"address": "新街2号"}, {"industry_code": "3413"})
    form = desks[1].get("enterprises.edit", enterprise_id=firm)
    desks[1].post("enterprises.edit", {"address": "新街3号"}, page=form, enterprise_id=firm)
    form = button(page, "我的修改也保存")
    again = desks[0].post(form["action"], dict(fields_of(form)), page=page, status=409)
    assert {row[0] for row in again.rows} >= {"行业代码", "地址"}
    send(desks[0], again, "我的修改也保存")
    assert (reading(firm).address, reading(firm).industry_code) == ("新街3号", "3413")


def test_nothing_is_saved_by_looking_or_discarding(desks, firm):
    page = overtaken(desks, firm, {"address": "新街2号"}, {"address": "我街9号"})
    link = next(a for a in page.root.first("main").all("a") if "重新打开" in a.text)
    fresh = desks[0].get(link["href"])
    assert fresh.root.first("main").first("input", name="address")["value"] == "新街2号"
    assert reading(firm).address == "新街2号"


@pytest.mark.parametrize("opened_at", ["", "nonsense", "2999-01-01T00:00:00", "0001-01-01T00:00:00+00:00"])
def test_a_wrong_opening_moment_does_no_harm(desks, firm, opened_at):
    page = overtaken(desks, firm, {"address": "新街2号"}, {"industry_code": "3413", "opened_at": opened_at})
    assert "3413" in page.main


@pytest.fixture
def problem(database):
    """A problem that is assigned, the handler of its unit and the coordinator."""
    office = make_office()
    issue = make_issue(office, State.ASSIGNED)
    db.session.commit()
    return office, issue.id


def test_on_a_problem_my_text_can_become_a_note(client_for, problem):
    office, issue_id = problem
    handler = client_for(office.people["handler"])
    form = handler.get("issues.make_move", issue_id=issue_id, move="add-progress")
    operations.sign(actor_for(office.people["handler"]), db.session.get(Issue, issue_id), None)
    db.session.commit()
    page = handler.post(
        "issues.make_move",
        {"note": "已到现场查看"},
        page=form,
        issue_id=issue_id,
        move="add-progress",
        status=409,
    )
    assert len(page.root.first("main").all("form")) == 2
    send(handler, page, "只把我的内容作为补充说明")
    last = moves_of(issue_id)[-1].IssueMove
    assert (last.move, last.note) == ("add_note", "已到现场查看")


def test_a_step_that_is_no_longer_open_is_not_offered_again(client_for, problem):
    office, issue_id = problem
    handler = client_for(office.people["handler"])
    form = handler.get("issues.make_move", issue_id=issue_id, move="sign")
    operations.sign(actor_for(office.people["handler"]), db.session.get(Issue, issue_id), None)
    db.session.commit()
    page = handler.post("issues.make_move", {}, page=form, issue_id=issue_id, move="sign", status=409)
    assert "已不能办理" in page.main
    assert not page.root.first("main").all("form")


def test_of_a_step_overtaken_the_page_says_what_was_done_and_what_i_had_chosen(client_for, database):
    office = make_office()
    issue = make_issue(office)
    db.session.commit()
    asked = {"issue_id": issue.id, "move": "assign"}
    desk = client_for(office.people["coordinator"])
    form = desk.get("issues.make_move", **asked)
    operations.assign(office.coordinator, issue, operations.AssignEntry(office.unit.id))
    db.session.commit()
    page = desk.post(
        "issues.make_move", {"lead_unit_id": str(office.other_unit.id)}, page=form, status=409, **asked
    )
    assert "受理并交办" in page.root.first(class_="plain-list").text
    assert f"主办单位 {office.other_unit.name}" in page.main
    assert "现有内容" not in page.main
