"""The monthly samples: drawn once, never twice the same record, checked by outsiders, with what follows."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.enterprises import make_enterprise
from tests.factories.issues import advance, make_entry, make_issue, make_office
from tests.factories.outreach import make_visit
from tests.factories.supervision import make_item, make_supervisor, supervisor_actor
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.issues import operations as issues
from visits.issues.models import IssueMove
from visits.issues.states import State
from visits.outreach import operations as outreach
from visits.supervision import operations, queries
from visits.supervision.integrity import find_broken_supervision
from visits.supervision.models import How, Result, SampleItem
from visits.supervision.operations import CheckEntry
from visits.supervision.queries.samples import unchecked_count
from visits.supervision.rules import Kind

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
UNTRUE = CheckEntry(Result.UNTRUE, How.PHONE, date(2026, 11, 23), "企业称路面没有修")
TRUE = CheckEntry(Result.TRUE, How.VISIT, date(2026, 11, 23))


@pytest.fixture
def office(database, at):
    at("2026-10-20")
    return make_office()


@pytest.fixture
def supervisor(office):
    return supervisor_actor()


def items(month):
    sample = queries.get_sample(month)
    stmt = sa.select(SampleItem).where(SampleItem.sample_id == sample.id).order_by(SampleItem.id)
    return db.session.scalars(stmt).all()


def test_each_month_is_drawn_once_when_it_is_over(office, supervisor, at):
    closed = [make_issue(office, State.CLOSED) for _ in range(7)]
    visits = [make_visit() for _ in range(3)]
    make_issue(office)
    outreach.void_visit(office.coordinator, make_visit(), "重复", {})
    with pytest.raises(Refused, match="over"):
        operations.draw_samples(supervisor, OCTOBER)
    at("2026-11-02")
    with pytest.raises(NotAllowed):
        operations.draw_samples(office.coordinator, OCTOBER)
    assert queries.month_waiting() == OCTOBER
    operations.draw_samples(supervisor, OCTOBER, seed=5)
    assert queries.month_waiting() is None
    drawn = items(OCTOBER)
    problems = {item.issue_id for item in drawn if item.kind is Kind.ISSUE}
    assert (len(problems), problems <= {issue.id for issue in closed}) == (5, True)
    assert {item.visit_id for item in drawn if item.kind is Kind.VISIT} == {visit.id for visit in visits}
    with pytest.raises(WrongState, match="already"):
        operations.draw_samples(SYSTEM, OCTOBER)
    with pytest.raises(Refused, match="nothing to draw"):
        operations.draw_samples(SYSTEM, Month(2026, 9))


def test_no_record_is_drawn_twice(office, supervisor, at):
    issue = make_issue(office, State.CLOSED)
    at("2026-11-02")
    operations.draw_samples(SYSTEM, OCTOBER)
    assert [item.issue_id for item in items(OCTOBER)] == [issue.id]
    issues.reopen(supervisor, issue, "企业来电反映")
    other = make_issue(office, State.CLOSED)
    advance(office, issue, State.CLOSED)
    at("2026-12-01")
    operations.draw_samples(SYSTEM, NOVEMBER)
    assert [item.issue_id for item in items(NOVEMBER)] == [other.id]


def test_the_seed_draws_the_same_again_and_doctor_looks(office, at):
    for _ in range(12):
        make_visit()
    at("2026-11-02")
    operations.draw_samples(SYSTEM, OCTOBER)
    assert {finding.weight.value for finding in find_broken_supervision()} == {"fine"}
    item = items(OCTOBER)[0]
    item.visit_id = next(
        one[1]
        for one in queries.get_sample(OCTOBER).population
        if one[1] not in {i.visit_id for i in items(OCTOBER)}
    )
    db.session.flush()
    (wrong,) = [f for f in find_broken_supervision() if f.weight.value != "fine"]
    assert wrong.params["months"] == "2026-10"


def test_the_job_draws_the_month_before_and_only_once(office, app):
    visit = make_visit()
    db.session.commit()
    for drawn in ("2026-10", ""):
        answer = app.test_cli_runner().invoke(args=["jobs", "once", "issues.lapse", "--on", "2026-11-01"])
        assert answer.exit_code == 0, answer.output
        assert drawn in answer.output
    db.session.rollback()
    assert [item.visit_id for item in items(OCTOBER)] == [visit.id]


def test_what_was_closed_on_the_spot_weighs_double(office, at):
    issue = issues.close_on_spot(office.cadre, make_entry(), "当场重置了密码", None)
    (drawable,) = queries.drawable_records(OCTOBER)
    assert (drawable.key, drawable.weight) == (issue.id, 2)
    at("2026-11-02")
    operations.draw_samples(SYSTEM, OCTOBER)
    assert items(OCTOBER)[0].on_spot


def test_a_problem_found_not_true_is_taken_up_again(office, supervisor, at):
    issue = make_issue(office, State.CLOSED)
    at("2026-11-23")
    item = make_item(Kind.ISSUE, issue.id)
    with pytest.raises(Refused, match="what is not true"):
        operations.check_item(
            supervisor, item, CheckEntry(Result.UNTRUE, How.PHONE, date(2026, 11, 23), " ")
        )
    assert issue.state is State.CLOSED
    operations.check_item(supervisor, item, UNTRUE, item.revision)
    assert (issue.state, issue.round) == (State.IN_PROGRESS, 2)
    move = db.session.scalars(sa.select(IssueMove).order_by(IssueMove.id.desc()).limit(1)).one()
    assert (move.move, move.note, move.actor_id) == ("reopen", "企业称路面没有修", None)
    assert (item.result, item.checked_by_id) == (Result.UNTRUE, supervisor.person_id)
    with pytest.raises(WrongState):
        operations.check_item(supervisor, item, TRUE)


def test_a_problem_closed_on_the_spot_goes_back_to_the_office(office, supervisor, at):
    issue = issues.close_on_spot(office.cadre, make_entry(), "当场重置了密码", None)
    at("2026-11-23")
    operations.check_item(supervisor, make_item(Kind.ISSUE, issue.id), UNTRUE)
    assert issue.state is State.REGISTERED


def test_a_problem_taken_up_meanwhile_is_left_alone(office, supervisor, at):
    issue = make_issue(office, State.CLOSED)
    at("2026-11-23")
    item = make_item(Kind.ISSUE, issue.id)
    issues.reopen(supervisor, issue, "企业来电反映")
    operations.check_item(supervisor, item, UNTRUE)
    assert (issue.state, issue.round) == (State.IN_PROGRESS, 2)


def test_a_visit_found_not_true_waits_for_the_coordinator(office, supervisor, at):
    visit = make_visit()
    at("2026-11-23")
    item = make_item(Kind.VISIT, visit.id)
    with pytest.raises(WrongState):
        operations.settle_visit(office.coordinator, item, "已谈话")
    operations.check_item(supervisor, item, UNTRUE)
    assert visit.voided_at is None
    assert [row.id for row in queries.marked_visits(office.coordinator, 8).rows()] == [item.id]
    with pytest.raises(NotAllowed):
        operations.settle_visit(supervisor, item, "已谈话")
    with pytest.raises(Refused):
        operations.settle_visit(office.coordinator, item, "")
    operations.settle_visit(office.coordinator, item, "已与记录人核对，日期填错，已更正", item.revision)
    assert queries.marked_visits(office.coordinator, 8).rows() == []
    with pytest.raises(WrongState):
        operations.settle_visit(office.coordinator, item, "再次处理")


def test_nobody_checks_the_own_work_or_that_of_the_own_unit(office, at):
    issue = make_issue(office, State.CLOSED)
    person = make_supervisor()
    visit = make_visit(make_enterprise(), people=[person])
    at("2026-11-23")
    problem, attended = make_item(Kind.ISSUE, issue.id), make_item(Kind.VISIT, visit.id)
    of_unit = actor_for(make_person([Role.SUPERVISOR], office.unit))
    for actor, item in ((of_unit, problem), (actor_for(person), attended)):
        with pytest.raises(Refused, match="Somebody else"):
            operations.check_item(actor, item, TRUE)
    operations.check_item(actor_for(person), problem, TRUE)
    operations.check_item(of_unit, attended, TRUE)
    assert {problem.result, attended.result} == {Result.TRUE}


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 11, 24)])
def test_a_check_lies_between_its_month_and_today(office, supervisor, at, day):
    issue = make_issue(office, State.CLOSED)
    at("2026-11-23")
    item = make_item(Kind.ISSUE, issue.id)
    with pytest.raises(Refused, match="Correct the day"):
        operations.check_item(supervisor, item, CheckEntry(Result.TRUE, How.VISIT, day))
    with pytest.raises(Stale):
        operations.check_item(supervisor, item, TRUE, item.revision + 1)


def test_progress_is_counted_month_by_month(office, supervisor, at):
    visits = [make_visit() for _ in range(3)]
    at("2026-11-23")
    drawn = [make_item(Kind.VISIT, visit.id) for visit in visits]
    operations.check_item(supervisor, drawn[0], TRUE)
    operations.check_item(supervisor, drawn[1], UNTRUE)
    (row,) = queries.list_samples()
    assert (row.month, row.size, row.visits, row.problems) == ("2026-10", 3, 3, 0)
    assert (row.checked, row.confirmed, row.untrue) == (2, 1, 1)
    assert db.session.scalar(sa.select(unchecked_count(supervisor))) == 1


def test_a_visit_passed_on_is_checked_but_is_of_no_sample(office, supervisor, at):
    visits = [make_visit() for _ in range(6)]
    item = operations.pass_on_visit(office.coordinator, visits[0].id)
    assert operations.pass_on_visit(supervisor, visits[0].id) is item
    with pytest.raises(NotAllowed):
        operations.pass_on_visit(office.cadre, visits[1].id)
    at("2026-11-23")
    operations.draw_samples(SYSTEM, OCTOBER, seed=5)
    assert visits[0].id not in {one.visit_id for one in items(OCTOBER)}
    assert {finding.weight.value for finding in find_broken_supervision()} == {"fine"}
    (month,) = queries.list_samples()
    assert (month.size, month.checked) == (5, 0)
    before = CheckEntry(Result.TRUE, How.PHONE, date(2026, 10, 19))
    with pytest.raises(Refused, match="Correct the day"):
        operations.check_item(supervisor, item, before)
    operations.check_item(supervisor, item, UNTRUE)
    (month,) = queries.list_samples()
    assert (month.checked, month.untrue) == (0, 0)
    assert [row.id for row in queries.marked_visits(office.coordinator, 5).rows()] == [item.id]


def test_the_list_and_the_forms_show_a_visit_passed_on(office, database, at, client_for):
    item = operations.pass_on_visit(office.coordinator, make_visit().id)
    person = make_supervisor()
    database.session.commit()
    browser = client_for(person)
    listed = browser.get("samples.index")
    assert "专班办公室转来" in listed.main
    page = browser.get("samples.check", item_id=item.id)
    data = {"result": "untrue", "how": "phone", "checked_on": "2026-10-20", "note": "没有去过"}
    browser.post(page.url, data, page=page, status=303)
    assert "没有去过" in browser.get("/supervision/samples?result=untrue&columns=note").main
    assert "没有去过" in client_for(office.people["coordinator"]).get("home.index").main
