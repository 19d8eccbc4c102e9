"""The first page of who stands in: what waits for the absent person, as far as the deputy may read it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.enterprises import make_enterprise
from tests.factories.handover import make_handover, make_leaver
from tests.factories.honesty import make_question
from tests.factories.issues import make_issue, make_office
from tests.factories.meetings import make_meeting
from tests.factories.outreach import make_visit
from tests.factories.plans import make_plan
from tests.factories.programmes import join, make_group, make_link, make_programmes, require_visits
from tests.factories.supervision import make_item, make_order, make_topic, supervisor_actor
from visits.accounts.models import Delegation
from visits.accounts.operations import AbsenceEntry, end_absence, name_deputy
from visits.core.calendar import fill_calendar
from visits.core.clock import today
from visits.core.permissions import Role
from visits.issues import operations as issues
from visits.issues.models import Issue
from visits.issues.operations import DutyEntry
from visits.issues.states import State
from visits.outreach.entries import PromiseEntry
from visits.outreach.models import VisitDraft
from visits.programmes.models import ENTERPRISE_VISIT
from visits.supervision import operations as supervision
from visits.supervision.models import How, Result
from visits.supervision.operations import CheckEntry, ReplyEntry
from visits.supervision.rules import Kind


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def away(person, deputy, days=4):
    entry = AbsenceEntry(today(), today() + timedelta(days=days), deputy.id)
    name_deputy(actor_for(person), entry)


def brought_home(office, person, **fields):
    """A problem that a person registered."""
    issue = make_issue(office, State.ASSIGNED, **fields)
    issue.registered_by_id = person.id
    return issue


def test_the_coordinator_sees_what_the_cadre_brought_home(db, office, client_for):
    cadre, deputy = make_person([Role.CADRE], name="张走访"), make_person([Role.COORDINATOR])
    brought_home(office, cadre, title="门口道路破损")
    db.session.commit()
    assert "代张走访" not in client_for(deputy).get("home.index").main
    away(cadre, deputy)
    db.session.commit()
    page = client_for(deputy).get("home.index").main
    assert "代张走访处理工作，至2026-11-27" in page
    assert "门口道路破损" in page


def test_promises_of_the_absent_stand_there_too(db, office, client_for):
    firm, cadre = make_enterprise(), make_person([Role.CADRE], name="张走访")
    reader, stranger = make_person([Role.COORDINATOR]), make_person([Role.CADRE])
    make_visit(firm, author=cadre, promises=[PromiseEntry(firm.id, "下周送政策清单")])
    away(cadre, reader)
    db.session.commit()
    assert client_for(reader).get("home.index").main.count("下周送政策清单") == 1
    end_absence(actor_for(cadre), db.session.scalars(sa.select(Delegation)).one())
    away(cadre, stranger)
    db.session.commit()
    assert "下周送政策清单" not in client_for(stranger).get("home.index").text
    assert client_for(cadre).get("home.index").main.count("下周送政策清单") == 1


def test_what_the_deputy_may_not_read_is_not_shown(db, office, client_for):
    cadre, deputy = (make_person([Role.CADRE], make_unit()) for _ in range(2))
    hidden = brought_home(office, cadre, title="保密事项")
    read = brought_home(office, cadre, title="看得见的事项")
    read.registered_by_id, read.carried_by_id = deputy.id, cadre.id
    db.session.flush()
    away(cadre, deputy)
    db.session.commit()
    page = client_for(deputy).get("home.index")
    assert hidden.title not in page.text
    assert client_for(deputy).open(f"/issues/{hidden.id}").status == 404


def test_what_is_on_the_own_desk_already_is_not_shown_twice(db, office, client_for):
    colleague = make_person([Role.HANDLER], office.unit, name="同事")
    make_issue(office, State.ASSIGNED, title="同一科室的事项")
    away(office.people["handler"], colleague)
    db.session.commit()
    page = client_for(colleague).get("home.index").main
    assert page.count("同一科室的事项") == 1
    assert f"代{office.people['handler'].name}处理工作" in page


def test_the_day_after_nothing_of_it_is_left(db, office, client_for, at):
    cadre, deputy = make_person([Role.CADRE], name="张走访"), make_person([Role.COORDINATOR])
    away(cadre, deputy, days=0)
    db.session.commit()
    assert "代张走访" in client_for(deputy).get("home.index").main
    at("2026-11-24")
    assert "代张走访" not in client_for(deputy).get("home.index").main


def owed_a_visit(name, person):
    """An enterprise that a person answers for and that lacks the visit of a month about to end."""
    firm, programme = make_enterprise(name), make_programmes()[ENTERPRISE_VISIT]
    require_visits(programme, date(2026, 1, 1))
    group = make_group(f"{name}服务组")
    join(group, person)
    make_link(firm, group)
    return firm


@pytest.mark.parametrize("role", [Role.CADRE, Role.COORDINATOR])
def test_visits_planned_and_still_owed_stand_under_the_name_of_the_absent(db, office, client_for, at, role):
    cadre, deputy = make_person([Role.CADRE], name="张走访"), make_person([role])
    firm = owed_a_visit("湖畔精密机械有限公司", cadre)
    make_plan(make_enterprise("江滨电子有限公司"), owner=cadre)
    make_plan(make_enterprise("青山食品有限公司"), owner=deputy)
    db.session.commit()
    assert firm.name not in client_for(deputy).get("home.index").main
    away(cadre, deputy)
    db.session.commit()
    own, stood_in = client_for(deputy).get("home.index").main.split("代张走访处理工作")
    assert ("青山食品有限公司" in own, "江滨电子有限公司" in own) == (True, False)
    assert ("青山食品有限公司" in stood_in, "江滨电子有限公司" in stood_in) == (False, True)
    assert firm.name in stood_in
    assert client_for(deputy).get("home.enterprise_file", enterprise_id=firm.id).status == 200


def test_visits_still_owed_are_not_told_to_whoever_does_not_look_after_coverage(db, office, client_for):
    both = make_person([Role.CADRE, Role.HANDLER], office.unit, name="张走访")
    firm = owed_a_visit("湖畔精密机械有限公司", both)
    db.session.add(
        Delegation(
            person_id=both.id, deputy_id=office.people["handler"].id, from_on=today(), until_on=date.max
        )
    )
    db.session.commit()
    page = client_for(office.people["handler"]).get("home.index").main
    assert "代张走访处理工作" in page
    assert firm.name not in page


def test_everything_of_three_absent_people_costs_ten_statements_at_most(db, office, client_for, statements):
    deputy = make_person([Role.COORDINATOR], office.unit)
    for number in range(3):
        cadre = make_person([Role.CADRE])
        firm = owed_a_visit(f"第{number}有限公司", cadre)
        make_plan(make_enterprise(), owner=cadre)
        brought_home(office, cadre)
        make_visit(firm, author=cadre, promises=[PromiseEntry(firm.id, "下周送政策清单")])
        away(cadre, deputy)
    fill_calendar([2026, 2027])
    db.session.commit()
    browser = client_for(deputy)
    browser.get("home.index")
    with statements() as seen:
        page = browser.get("home.index").main
    assert page.count("下周送政策清单") == 3
    assert len(seen) <= 10, "\n".join(map(str, seen))


@pytest.mark.parametrize(
    "role", [Role.COORDINATOR, Role.HANDLER, Role.CADRE, Role.LEADER, Role.GROUP_LEADER]
)
def test_standing_in_costs_ten_statements_at_most(db, office, client_for, statements, role):
    firm = make_enterprise()
    deputy = make_person([role], office.unit)
    absent = [make_person([role], office.unit) for _ in range(3)]
    for person in absent:
        away(person, deputy)
        for state in (State.ASSIGNED, State.REPORTED, State.EVALUATING):
            brought_home(office, person, enterprise=firm)
            make_issue(office, state, enterprise=firm)
    fill_calendar([2026, 2027])
    db.session.commit()
    assert db.session.query(Issue).count() > 10
    browser = client_for(deputy)
    browser.get("home.index")
    with statements() as seen:
        browser.get("home.index")
    assert len(seen) <= 10, "\n".join(map(str, seen))


UNTRUE = CheckEntry(Result.UNTRUE, How.PHONE, date(2026, 11, 23), "企业说没有来过")
PARTS = (
    *("今天的对接会", "自己的草稿", "自己的承诺", "等本单位答复的督办单", "等判断的督办单", "落实会议意见"),
    *("结了的专题", "企业说没有来过", "请核对", "钱离任", "下周送政策清单", "第2有限公司", "企业评价"),
)
EVERY_ROLE = [role for role in Role if role not in {Role.ADMIN, Role.AUDITOR}]


@pytest.fixture
def fullest(db, office, at):
    """A deputy on whose first page every part stands, of three absent people too."""
    deputy = make_person(EVERY_ROLE, office.unit, name="林代办")
    firm = owed_a_visit("湖畔精密机械有限公司", deputy)
    visit = make_visit(
        firm, author=deputy, promises=[PromiseEntry(firm.id, "自己的承诺", owner_id=deputy.id)]
    )
    make_question(visit)
    db.session.add(VisitDraft(client_id=str(uuid4()), author_id=deputy.id, title="自己的草稿", fields={}))
    make_plan(firm, owner=deputy)
    make_handover(make_leaver()[0], deputy)
    issue, other = (
        make_issue(office, State.IN_PROGRESS, enterprise=firm, title=name) for name in ("被督办", "有任务")
    )
    issues.set_duty(office.coordinator, other, DutyEntry(office.unit.id, "落实会议意见", today()))
    make_order(office, issue, reason="等本单位答复的督办单")
    answered = make_order(office, other, reason="等判断的督办单")
    supervision.reply(office.handler, answered, ReplyEntry("已办理"))
    make_meeting(office.coordinator, [issue], meets_on=today(), title="今天的对接会")
    topic = make_topic(office, [brought_home(office, deputy, enterprise=firm)], title="结了的专题")
    supervision.start_topic(office.leader, topic, topic.revision)
    supervision.close_topic(office.coordinator, topic, "已出台办法。")
    supervision.check_item(supervisor_actor(), make_item(Kind.VISIT, make_visit().id), UNTRUE)
    for number in range(3):
        cadre = make_person([Role.CADRE])
        make_plan(make_enterprise(), owner=cadre)
        brought_home(office, cadre)
        theirs = owed_a_visit(f"第{number}有限公司", cadre)
        make_visit(theirs, author=cadre, promises=[PromiseEntry(theirs.id, "下周送政策清单")])
        away(cadre, deputy)
    fill_calendar([2026, 2027])
    db.session.commit()
    return deputy


def test_the_fullest_first_page_costs_ten_statements_at_most(fullest, client_for, statements):
    browser = client_for(fullest)
    browser.get("home.index")
    with statements() as seen:
        page = browser.get("home.index").main
    for part in PARTS:
        assert part in page, part
    assert len(seen) <= 10, "\n".join(seen)
