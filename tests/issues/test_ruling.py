"""Closing by ruling: two persons, after a bad rating, which stays."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from visits.core.errors import NotAllowed, Refused
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Decision, Delay, Dispatch, Evaluation, Level, Outcome, Solved
from visits.issues.operations import EvaluationEntry, ExtensionEntry, ReportEntry
from visits.issues.states import State

BAD = EvaluationEntry(
    Solved.UNSOLVED,
    Level.DISSATISFIED,
    accepts=False,
    evaluator="王经理",
    to_unit="请继续沟通",
    comment="要求免除全部租金",
)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


@pytest.fixture
def supervisor(office):
    return actor_for(make_person([Role.SUPERVISOR]))


def rated_badly(office, state=State.IN_PROGRESS, report=None):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(office.handler, issue, report or ReportEntry(Outcome.EXPLAINED, "依法不予减免。", "已解释。"))
    do.pass_review(office.coordinator, issue)
    do.record_evaluation(office.callback, issue, BAD)
    if state is not State.IN_PROGRESS:
        advance(office, issue, state)
    return issue


def test_closed_by_two_persons_with_the_rating_kept(db, office, supervisor):
    issue = rated_badly(office)
    do.ask_ruling(office.leader, issue, "诉求无法律依据。")
    do.rule_closed(supervisor, issue, "同意。")
    db.session.expire_all()
    assert (issue.state, issue.outcome, issue.closed_on) == (
        State.CLOSED,
        Outcome.EXPLAINED,
        date(2026, 11, 23),
    )
    levels = db.session.scalars(sa.select(Evaluation.level).where(Evaluation.issue_id == issue.id)).all()
    assert levels == [Level.DISSATISFIED]
    running = sa.select(Dispatch).where(Dispatch.issue_id == issue.id, Dispatch.ended_at.is_(None))
    assert db.session.scalars(running).all() == []
    move = queries.moves_of(issue.id)[-1].IssueMove
    assert (move.move, move.details) == ("rule_closed", {"outcome": "C"})
    assert queries.requests_of(issue.id)[0].IssueRequest.decision is Decision.GRANTED


@pytest.mark.parametrize("state", [State.REPORTED, State.EVALUATING])
def test_the_present_round_s_own_outcome_holds(db, office, supervisor, state):
    issue = rated_badly(office, state)
    do.ask_ruling(office.leader, issue, "诉求无法律依据。")
    do.rule_closed(supervisor, issue)
    db.session.expire_all()
    assert (issue.state, issue.outcome) == (State.CLOSED, Outcome.SOLVED)


def test_a_promise_of_the_last_report_comes_back_with_its_outcome(db, office, supervisor):
    promise = ReportEntry(Outcome.PLANNED, "列入明年计划。", "已书面告知。", date(2027, 3, 1))
    issue = rated_badly(office, report=promise)
    do.ask_ruling(office.leader, issue, "已尽力。")
    do.rule_closed(supervisor, issue)
    db.session.expire_all()
    assert (issue.outcome, issue.commitment_due) == (Outcome.PLANNED, date(2027, 3, 1))


def test_a_waiting_extension_lapses_with_the_ruling(db, office, supervisor):
    issue = rated_badly(office)
    asking = ExtensionEntry(Delay.OTHER, "继续做工作", date(2026, 12, 2), told_enterprise=True)
    do.ask_extension(office.handler, issue, asking)
    do.ask_ruling(office.leader, issue, "诉求无法律依据。")
    do.rule_closed(supervisor, issue)
    db.session.expire_all()
    decisions = {row.IssueRequest.kind: row.IssueRequest.decision for row in queries.requests_of(issue.id)}
    assert decisions == {"extension": Decision.LAPSED, "ruling": Decision.GRANTED}
    assert not issue.extension_asked


def test_refused_it_goes_on(db, office, supervisor):
    issue = rated_badly(office)
    do.ask_ruling(office.leader, issue, "诉求无法律依据。")
    do.refuse_ruling(supervisor, issue, "租金缓缴政策尚未用足。")
    db.session.expire_all()
    assert (issue.state, issue.ruling_asked) == (State.IN_PROGRESS, False)


def test_the_second_person_is_another_one(db, office):
    both = make_person([Role.LEADER, Role.SUPERVISOR])
    issue = rated_badly(office)
    do.ask_ruling(actor_for(both), issue, "诉求无法律依据。")
    for decide in (do.rule_closed, do.refuse_ruling):
        with pytest.raises(NotAllowed, match="You proposed this closing"):
            decide(actor_for(both), issue, "同意")
    assert issue.state is State.IN_PROGRESS


def test_only_a_leader_proposes_and_only_after_a_bad_rating(db, office, supervisor):
    fresh, rated = make_issue(office, State.IN_PROGRESS), rated_badly(office)
    with pytest.raises(Refused, match="rated badly"):
        do.ask_ruling(office.leader, fresh, "无依据")
    with pytest.raises(NotAllowed):
        do.ask_ruling(office.coordinator, rated, "无依据")
    with pytest.raises(Refused, match="Write why nothing more"):
        do.ask_ruling(office.leader, rated, " ")
    with pytest.raises(Refused, match="No closing by ruling is proposed"):
        do.rule_closed(supervisor, rated)


def test_a_promise_closed_and_taken_up_again_comes_back_too(db, office, supervisor):
    issue = make_issue(office, State.IN_PROGRESS)
    do.report(
        office.handler, issue, ReportEntry(Outcome.PLANNED, "列入明年计划。", "已告知。", date(2027, 3, 1))
    )
    do.pass_review(office.coordinator, issue)
    content = EvaluationEntry(Solved.PARTLY, Level.SATISFIED, accepts=True, evaluator="王经理")
    do.record_evaluation(office.callback, issue, content)
    do.rate_later(office.callback, issue, BAD)
    do.ask_ruling(office.leader, issue, "诉求无政策依据")
    do.rule_closed(supervisor, issue)
    assert (issue.state, issue.outcome, issue.commitment_due) == (
        State.CLOSED,
        Outcome.PLANNED,
        date(2027, 3, 1),
    )
