"""Suspensions: what rests, until when, and with how much time it comes back."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.factories.issues import make_issue, make_office
from visits.core.authz import SYSTEM
from visits.core.errors import NotAllowed, Refused, WrongState
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Block, Decision, Delay, Dispatch
from visits.issues.operations import AssignEntry, ExtensionEntry, SuspensionEntry
from visits.issues.states import State

DUE, REVIEW = date(2026, 12, 2), date(2026, 12, 15)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def entry(review_on=REVIEW, **values):
    values = {"reason": Block.UPPER, "text": "已报省厅，待批复。", "owner": "王科长", **values}
    return SuspensionEntry(review_on=review_on, **values)


def suspended(office, review_on=REVIEW):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_suspension(office.handler, issue, entry(review_on))
    do.suspend(office.leader, issue, None, "同意挂账。")
    return issue


def tasks(db, issue):
    return db.session.scalars(
        sa.select(Dispatch).where(Dispatch.issue_id == issue.id).order_by(Dispatch.id)
    ).all()


def test_a_leader_suspends_and_the_clock_stops(db, office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    at("2026-11-25")
    do.ask_suspension(office.handler, issue, entry())
    assert (issue.state, issue.due_on) == (State.IN_PROGRESS, DUE)
    with pytest.raises(NotAllowed, match="A zone leader decides on suspensions"):
        do.suspend(office.coordinator, issue, None)
    do.suspend(office.leader, issue, date(2026, 12, 10))
    db.session.expire_all()
    assert (issue.state, issue.due_on, issue.remaining) == (State.SUSPENDED, None, 5)
    assert (issue.review_on, issue.original_due_on) == (date(2026, 12, 10), DUE)
    assert not issue.suspension_asked
    request = queries.requests_of(issue.id)[0].IssueRequest
    assert (request.decision, request.granted_on) == (Decision.GRANTED, date(2026, 12, 10))
    details = queries.moves_of(issue.id)[-1].IssueMove.details
    assert details == {"former_due_on": "2026-12-02", "remaining": 5, "review_on": "2026-12-10"}


def test_resumed_it_has_what_was_left(db, office, at):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id]))
    do.sign(office.handler, issue)
    at("2026-11-25")
    do.ask_suspension(office.handler, issue, entry())
    do.suspend(office.leader, issue, None)
    at("2026-12-07")
    do.resume(office.coordinator, issue, "省厅已批复。")
    db.session.expire_all()
    lead, co_unit = tasks(db, issue)
    assert (issue.state, issue.review_on, issue.remaining) == (State.IN_PROGRESS, None, None)
    assert issue.due_on == lead.due_on == date(2026, 12, 14)
    assert lead.original_due_on == issue.original_due_on == DUE
    assert (lead.paused, co_unit.due_on) == (8, date(2026, 12, 10))


@pytest.mark.parametrize(("day", "left"), [("2026-12-01", 1), ("2026-12-02", 0), ("2026-12-09", 0)])
def test_three_working_days_at_least(db, office, at, day, left):
    issue = make_issue(office, State.IN_PROGRESS)
    at(day)
    do.ask_suspension(office.handler, issue, entry())
    do.suspend(office.leader, issue, None)
    assert issue.remaining == left
    at("2026-12-15")
    do.resume(SYSTEM, issue)
    assert issue.due_on == date(2026, 12, 18)


def test_the_cap_of_extensions_moves_with_the_rest(db, office, at):
    issue = suspended(office)
    at("2026-12-15")
    do.resume(SYSTEM, issue)
    assert issue.due_on == date(2026, 12, 24)
    wanted = ExtensionEntry(Delay.WORKS, "安装调试", date(2026, 12, 31), told_enterprise=True)
    do.ask_extension(office.handler, issue, wanted)
    assert issue.extension_asked


def test_a_waiting_extension_lapses_when_the_problem_is_suspended(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    asking = ExtensionEntry(Delay.UPPER, "等待批复", date(2026, 12, 8), told_enterprise=True)
    do.ask_extension(office.handler, issue, asking)
    do.ask_suspension(office.handler, issue, entry())
    do.suspend(office.leader, issue, None)
    db.session.expire_all()
    decisions = {row.IssueRequest.kind: row.IssueRequest.decision for row in queries.requests_of(issue.id)}
    assert decisions == {"extension": Decision.LAPSED, "suspension": Decision.GRANTED}


def test_refused_the_unit_goes_on(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_suspension(office.handler, issue, entry())
    do.refuse_suspension(office.leader, issue, "本级可以解决，请继续办理。")
    db.session.expire_all()
    assert (issue.state, issue.due_on, issue.suspension_asked) == (State.IN_PROGRESS, DUE, False)


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"reason": None}, "reason", "Choose what blocks"),
        ({"text": ""}, "text", "Write what blocks"),
        ({"owner": " "}, "owner", "Write who keeps an eye"),
        ({"review_on": None}, "review_on", "Choose a day to come"),
        ({"review_on": date(2026, 11, 23)}, "review_on", "Choose a day to come"),
        ({"review_on": date(2026, 12, 24)}, "review_on", "on 2026-12-23 at the latest"),
        ({"review_on": date(9999, 12, 31)}, "review_on", "on 2026-12-23 at the latest"),
    ],
)
def test_what_cannot_be_asked_for_is_named(db, office, values, field, sentence):
    issue = make_issue(office, State.IN_PROGRESS)
    with pytest.raises(Refused, match=sentence) as refusal:
        do.ask_suspension(office.handler, issue, entry(**values))
    assert (refusal.value.field, issue.suspension_asked) == (field, False)


def test_a_review_day_that_passed_before_the_decision_is_chosen_anew(db, office, at):
    issue = make_issue(office, State.IN_PROGRESS)
    do.ask_suspension(office.handler, issue, entry(date(2026, 11, 25)))
    at("2026-11-26")
    with pytest.raises(Refused, match="Choose a day to come"):
        do.suspend(office.leader, issue, None)
    assert issue.state is State.IN_PROGRESS
    do.suspend(office.leader, issue, date(2026, 12, 5))
    assert issue.review_on == date(2026, 12, 7)


def test_only_the_office_resumes_and_says_why(db, office):
    issue = suspended(office)
    with pytest.raises(NotAllowed):
        do.resume(office.handler, issue, "可以办了")
    with pytest.raises(Refused, match="Write why the problem is taken up again"):
        do.resume(office.coordinator, issue, "")
    do.resume(office.coordinator, issue, "政策已出台")
    with pytest.raises(WrongState):
        do.resume(office.coordinator, issue, "政策已出台")
