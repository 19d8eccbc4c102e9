"""What the fullest page of a problem and everybody's first page cost, however much there is."""

from datetime import date

import pytest

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import make_issue, make_office
from tests.factories.meetings import make_meeting
from visits.core.calendar import fill_calendar
from visits.core.db import db as handle
from visits.core.permissions import Role
from visits.enterprises.models import Enterprise
from visits.issues import operations as do
from visits.issues.models import Block, Delay, Issue, RedFlag, Watcher
from visits.issues.operations import DutyEntry, ExtensionEntry, PartEntry, SuspensionEntry
from visits.issues.states import State

DAY = date(2026, 12, 4)
READERS = ("coordinator", "handler", "other_handler", "leader", "cadre", "callback")
pytestmark = pytest.mark.any_database


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    fill_calendar([2026])
    return make_office()


@pytest.fixture
def full(db, office):
    """A problem with others merged into it, parts, a repeat, duties and three requests at once."""
    firm = make_enterprise()
    earlier = make_issue(office, enterprise=firm)
    issue = make_issue(office, State.IN_PROGRESS, enterprise=firm)
    do.link_repeat(office.coordinator, issue, earlier)
    do.link_repeat(office.coordinator, make_issue(office, enterprise=firm), issue)
    do.split(office.coordinator, issue, [PartEntry("分件", "另行办理", issue.category_id)], "两件事")
    do.raise_flag(office.leader, issue, RedFlag.CASH, "资金链紧张")
    do.ask_extension(
        office.handler, issue, ExtensionEntry(Delay.WORKS, "安装。", DAY, told_enterprise=True)
    )
    entry = SuspensionEntry(Block.PLANNING, "待上级批复。", "王科长", date(2026, 12, 10))
    do.ask_suspension(office.handler, issue, entry)
    officer = actor_for(make_person([Role.OFFICER]))
    do.watch(officer, issue)
    do.ask_withdrawal(officer, issue, "企业来电")
    make_meeting(office.coordinator, [issue])
    grow(office, issue, firm)
    return issue


@pytest.fixture
def waiting(office):
    """A problem not accepted yet with as much around it, and with one that may be the same."""
    firm = make_enterprise()
    same = {"title": "厂区门口道路破损严重", "enterprise": firm}
    make_issue(office, **same)
    issue = make_issue(office, **same)
    do.link_repeat(office.coordinator, make_issue(office, enterprise=firm), issue)
    officer = actor_for(make_person([Role.OFFICER]))
    do.watch(officer, issue)
    do.ask_withdrawal(officer, issue, "企业来电")
    grow(office, issue, firm)
    return issue


def grow(office, issue, firm):
    """Merge three more problems into it and set three more duties, one of them already done."""
    for number in range(3):
        do.merge(office.coordinator, make_issue(office, enterprise=firm), issue, "同一件事")
        unit_id = (office.unit if number else office.other_unit).id
        duty = do.set_duty(office.coordinator, issue, DutyEntry(unit_id, f"事项{number}", DAY))
    do.complete_duty(office.coordinator, issue, duty.id, "已落实")


@pytest.mark.parametrize("who", READERS)
def test_more_relations_and_duties_cost_a_problem_no_statement(
    db, office, full, client_for, statements, who
):
    firm, issue_id = db.session.get(Enterprise, full.enterprise_id), full.id
    counts = []
    for _ in range(2):
        db.session.commit()
        browser = client_for(office.people[who])
        with statements() as seen:
            page = browser.get("issues.show", issue_id=issue_id)
        assert "事项0" in page.main
        counts.append(len(seen))
        grow(office, db.session.get(Issue, issue_id), firm)
    assert counts[0] == counts[1]


def reader(office, issue, *roles):
    """Somebody with these roles in the unit in charge who follows the problem."""
    person = make_person(list(roles), office.unit)
    handle.session.flush()
    handle.session.add(Watcher(issue_id=issue.id, person_id=person.id))
    return person


@pytest.mark.parametrize(
    "roles", [*((role,) for role in Role if role is not Role.ADMIN), (Role.HANDLER, Role.CADRE)]
)
@pytest.mark.parametrize("which", ["full", "waiting"])
def test_the_fullest_page_of_a_problem_costs_ten_statements_at_most(
    office, request, client_for, statements, which, roles
):
    issue = request.getfixturevalue(which)
    browser, issue_id = client_for(reader(office, issue, *roles)), issue.id
    with statements() as seen:
        page = browser.get("issues.show", issue_id=issue_id)
    assert "事项0" in page.main
    assert ("疑似" in page.main) == (which == "waiting" and Role.COORDINATOR in roles)
    assert len(seen) <= 10, "\n".join(seen)


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_of_every_role_costs_ten_statements_at_most(
    db, office, full, client_for, statements, role
):
    firm = db.session.get(Enterprise, full.enterprise_id)
    person = make_person([role], office.unit)
    counts = []
    for _ in range(2):
        make_issue(office, State.ASSIGNED, enterprise=firm)
        make_issue(office, State.REPORTED, enterprise=firm)
        make_issue(office, State.EVALUATING, enterprise=firm)
        make_issue(office, enterprise=firm)
        db.session.commit()
        browser = client_for(person)
        with statements() as seen:
            browser.get("home.index")
        counts.append(len(seen))
        grow(office, db.session.get(Issue, full.id), firm)
    assert counts[0] == counts[1]
    assert counts[0] <= 10, seen
