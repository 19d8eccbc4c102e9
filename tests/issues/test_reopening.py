"""A closed problem taken up again, and a promise reported as fulfilled, against the database."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import advance, make_entry, make_issue, make_office
from visits.core.authz import ENTERPRISE, SYSTEM
from visits.core.errors import NotAllowed, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Dispatch, IssueMove, Level, Outcome, Solved
from visits.issues.operations import AssignEntry, EvaluationEntry, ReportEntry
from visits.issues.states import State

PROMISE = ReportEntry(Outcome.PLANNED, "已列入明年改造计划。", "已书面告知。", date(2026, 12, 20))
DONE = ReportEntry(Outcome.SOLVED, "管网改造完工。", "已上门告知。")
SATISFIED = EvaluationEntry(Solved.UNSOLVED, Level.SATISFIED, accepts=True, evaluator="王经理")


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def supervisor(office):
    return actor_for(make_person([Role.SUPERVISOR]))


def close_planned(office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, PROMISE)
    do.pass_review(office.coordinator, issue)
    do.record_evaluation(office.callback, issue, SATISFIED)
    assert issue.state is State.CLOSED
    return issue


def running(db, issue):
    return db.session.scalars(
        sa.select(Dispatch).where(Dispatch.issue_id == issue.id, Dispatch.ended_at.is_(None))
    ).all()


def last_move(db, issue):
    return db.session.scalars(
        sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq.desc()).limit(1)
    ).one()


def test_a_supervisor_sends_a_closed_problem_back_to_its_unit(db, at, office, supervisor):
    issue = make_issue(office, State.CLOSED)
    at("2027-03-01")
    do.reopen(supervisor, issue, "抽查不属实：路面仍有坑洼", issue.revision)
    db.session.expire_all()
    assert (issue.state, issue.round, issue.outcome) == (State.IN_PROGRESS, 2, None)
    assert (issue.closed_at, issue.closed_on, issue.commitment_due) == (None, None, None)
    assert issue.due_on == date(2027, 3, 8)
    assert issue.original_due_on == date(2026, 12, 2)
    (task,) = running(db, issue)
    assert (task.unit_id, task.round, task.due_on) == (office.unit.id, 2, date(2027, 3, 8))
    assert (task.sign_due, task.contact_due) == (None, None)
    assert issue.worked_at == last_move(db, issue).happened_at
    assert last_move(db, issue).note == "抽查不属实：路面仍有坑洼"


def test_an_enterprise_re_opens_within_thirty_days_the_system_always(db, at, office):
    issue, other = make_issue(office, State.CLOSED), make_issue(office, State.CLOSED)
    at("2026-12-23")
    do.reopen(ENTERPRISE, issue, "下雨后又积水")
    assert (issue.state, last_move(db, issue).acted_as) == (State.IN_PROGRESS, "enterprise")
    at("2026-12-24")
    with pytest.raises(Refused, match="re-opened until"):
        do.reopen(ENTERPRISE, other, "下雨后又积水")
    do.reopen(SYSTEM, other, "承诺期限已过")
    assert (other.state, last_move(db, other).acted_as) == (State.IN_PROGRESS, "system")


def test_solved_on_the_spot_and_re_opened_it_goes_to_the_office_and_the_usual_way(db, office, supervisor):
    issue = do.close_on_spot(office.cadre, make_entry(), "当场答复", Level.SATISFIED)
    do.reopen(supervisor, issue, "企业说没有解决")
    assert (issue.state, issue.round, issue.outcome, issue.closed_on) == (
        State.REGISTERED, 2, None, None,
    )  # fmt: skip
    advance(office, issue, State.CLOSED)
    assert (issue.closed_on, issue.lead_unit_id) == (date(2026, 11, 23), office.unit.id)


def test_without_its_unit_it_goes_to_the_office_which_assigns_anew(db, office, supervisor):
    issue = make_issue(office, State.CLOSED)
    office.unit.closed_on = date(2026, 11, 23)
    db.session.flush()
    do.reopen(supervisor, issue, "抽查不属实")
    assert (issue.state, issue.lead_unit_id, issue.due_on) == (State.REGISTERED, None, None)
    do.assign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    (task,) = running(db, issue)
    assert (task.unit_id, task.round) == (office.other_unit.id, 2)


def test_the_third_round_lies_a_level_higher_and_never_above_the_highest(db, office, supervisor):
    issue = make_issue(office, State.CLOSED)
    levels = []
    for _ in range(5):
        do.reopen(supervisor, issue, "仍未解决")
        levels.append((issue.round, issue.escalation))
        advance(office, issue, State.CLOSED)
    assert levels == [(2, 0), (3, 1), (4, 2), (5, 3), (6, 3)]


def test_a_bad_rating_in_the_second_round_lifts_the_third(db, office):
    issue = make_issue(office, State.EVALUATING)
    bad = EvaluationEntry(Solved.UNSOLVED, Level.DISSATISFIED, evaluator="王经理", to_unit="请重新办理")
    do.record_evaluation(office.callback, issue, bad)
    assert (issue.round, issue.escalation) == (2, 0)
    advance(office, issue, State.EVALUATING)
    do.record_evaluation(office.callback, issue, bad)
    assert (issue.round, issue.escalation) == (3, 1)


def test_who_cannot_re_open(db, office, supervisor):
    issue = make_issue(office, State.CLOSED)
    for actor in (office.handler, office.coordinator, office.cadre, office.callback):
        with pytest.raises(NotAllowed):
            do.reopen(actor, issue, "重新办理")
    with pytest.raises(Refused, match="Write why"):
        do.reopen(supervisor, issue, "  ")
    with pytest.raises(Stale):
        do.reopen(supervisor, issue, "重新办理", issue.revision - 1)
    do.reopen(supervisor, issue, "重新办理")
    with pytest.raises(WrongState):
        do.reopen(supervisor, issue, "重新办理")
    assert issue.round == 2


def test_a_promise_kept_goes_through_review_and_evaluation_as_a_round_of_its_own(db, at, office):
    issue = close_planned(office)
    at("2026-12-18")
    do.fulfil(office.handler, issue, DONE, issue.revision)
    db.session.expire_all()
    assert (issue.state, issue.outcome, issue.commitment_due) == (State.REPORTED, Outcome.SOLVED, None)
    assert (issue.round, issue.closed_at, issue.due_on) == (2, None, date(2026, 12, 20))
    (task,) = running(db, issue)
    assert (task.round, task.answered_at is not None) == (2, True)
    do.pass_review(office.coordinator, issue)
    do.record_evaluation(
        office.callback, issue, EvaluationEntry(Solved.SOLVED, Level.VERY_SATISFIED, evaluator="王经理")
    )
    assert (issue.state, issue.outcome, issue.closed_on) == (
        State.CLOSED, Outcome.SOLVED, date(2026, 12, 18),
    )  # fmt: skip
    assert running(db, issue) == []


def test_a_promise_kept_in_name_only_is_sent_back_and_due_on_the_day_promised(db, at, office):
    issue = close_planned(office)
    at("2026-12-10")
    do.fulfil(office.handler, issue, DONE)
    do.send_back(office.coordinator, issue, "没有验收材料")
    assert (issue.state, issue.outcome, issue.due_on) == (State.IN_PROGRESS, None, date(2026, 12, 20))
    do.report(office.handler, issue, DONE)
    assert issue.state is State.REPORTED


def test_what_cannot_be_fulfilled(db, at, office):
    issue, solved = close_planned(office), make_issue(office, State.CLOSED)
    for actor in (office.other_handler, office.coordinator, office.callback):
        with pytest.raises(NotAllowed):
            do.fulfil(actor, issue, DONE)
    with pytest.raises(Refused, match="outcome B"):
        do.fulfil(office.handler, solved, DONE)
    with pytest.raises(Refused, match="Write what was done"):
        do.fulfil(office.handler, issue, ReportEntry(Outcome.SOLVED, " ", "已告知"))
    at("2026-12-21")
    with pytest.raises(Refused, match="day promised is over"):
        do.fulfil(office.handler, issue, DONE)
    assert issue.state is State.CLOSED


def test_where_the_head_speaks_for_the_unit_only_the_head_reports_the_promise_kept(db, at):
    at("2026-11-23")
    office = make_office(head_confirms=True)
    head = actor_for(make_person([Role.UNIT_HEAD], office.unit))
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(head, issue, PROMISE)
    do.pass_review(office.coordinator, issue)
    do.record_evaluation(office.callback, issue, SATISFIED)
    with pytest.raises(NotAllowed):
        do.fulfil(office.handler, issue, DONE)
    do.fulfil(head, issue, DONE)
    assert issue.state is State.REPORTED


def test_an_officer_re_opens_what_is_of_a_linked_enterprise(db, office):
    officer = actor_for(make_person([Role.OFFICER], make_unit()))
    issue = do.register_issue(officer, make_entry())
    advance(office, issue, State.CLOSED)
    do.reopen(officer, issue, "企业来电说没有解决")
    assert queries.get_visible(officer, issue.id).state is State.IN_PROGRESS
