"""A problem's way through the office, against the database."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests.factories.accounts import actor_for, make_person, make_unit
from tests.factories.issues import advance, make_entry, make_issue, make_office
from tests.factories.programmes import make_group, make_link, make_programmes
from visits.core.audit import AuditEntry
from visits.core.db import db as handle
from visits.core.errors import NotAllowed, NotFound, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues import operations as do
from visits.issues import queries
from visits.issues.models import Channel, Dispatch, Evaluation, Issue, IssueMove, Level, Outcome, Solved
from visits.issues.operations import AssignEntry, ContactEntry, EvaluationEntry, ReportEntry
from visits.issues.states import State

REPORT = ReportEntry(Outcome.SOLVED, "已完成管道改造。", "已上门说明。")
GOOD = EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王经理")
BAD = EvaluationEntry(
    Solved.SOLVED, Level.DISSATISFIED, evaluator="王经理", to_unit="请现场复核排水情况后重新答复企业。"
)


@pytest.fixture
def office(db, at):
    at("2026-11-23")
    return make_office()


def moves(issue):
    return [row.IssueMove.move for row in queries.moves_of(issue.id)]


def test_from_assignment_to_closing(db, at, office):
    issue = make_issue(office)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id))
    do.sign(office.handler, issue)
    do.record_contact(office.handler, issue, ContactEntry("王经理", "电话"))
    at("2026-11-26")
    do.report(office.handler, issue, REPORT)
    do.pass_review(office.coordinator, issue)
    at("2026-11-27")
    do.record_evaluation(office.callback, issue, GOOD)
    db.session.expire_all()
    assert (issue.state, issue.outcome, issue.closed_on) == (
        State.CLOSED,
        Outcome.SOLVED,
        date(2026, 11, 27),
    )
    assert moves(issue) == [
        "register", "assign", "sign", "record_contact", "report", "pass_review", "record_evaluation",
        "close_evaluated",
    ]  # fmt: skip
    task = db.session.scalar(sa.select(Dispatch).where(Dispatch.issue_id == issue.id))
    assert task.due_on == issue.due_on == date(2026, 12, 2)
    assert task.answered_at is not None
    assert task.ended_at is not None


def test_each_move_leaves_a_row_who_when_as_what_and_an_audit_row(db, office):
    issue = make_issue(office, State.IN_PROGRESS)
    first, second, third = (row.IssueMove for row in queries.moves_of(issue.id))
    assert (first.acted_as, second.acted_as, third.acted_as) == ("cadre", "coordinator", "handler")
    assert [first.from_state, first.to_state, second.to_state] == [None, State.REGISTERED, State.ASSIGNED]
    assert third.unit_id == office.unit.id
    assert third.actor_id == office.handler.person_id
    audited = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_type == "issues"))
    assert {"issue.register", "issue.assign", "issue.sign"} <= set(audited)


def test_returned_once_and_reassigned(db, at, office):
    issue = make_issue(office, State.ASSIGNED)
    at("2026-11-24")
    do.return_issue(office.handler, issue, "属于另一单位职责", office.other_unit.id)
    at("2026-11-25")
    do.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    assert (issue.state, issue.lead_unit_id, issue.return_count) == (
        State.ASSIGNED,
        office.other_unit.id,
        1,
    )
    assert issue.due_on == date(2026, 12, 4)
    with pytest.raises(NotAllowed):
        do.sign(office.handler, issue)
    do.sign(office.other_handler, issue)
    old, new = (row.Dispatch for row in queries.dispatches_of(issue.id))
    assert old.returned_at is not None
    assert old.ended_at is not None
    assert new.returned_at is None
    assert new.ended_at is None


def test_an_upheld_assignment_keeps_its_due_date_and_cannot_be_returned_again(office):
    issue = make_issue(office, State.RETURNED)
    due = issue.due_on
    do.uphold(office.coordinator, issue, "职责清单明确由你单位负责")
    assert (issue.state, issue.due_on) == (State.ASSIGNED, due)
    with pytest.raises(Refused, match="upheld"):
        do.return_issue(office.handler, issue, "仍不同意", office.other_unit.id)


def test_a_return_comes_within_one_working_day(at, office):
    issue = make_issue(office, State.ASSIGNED)
    at("2026-11-25")
    with pytest.raises(Refused, match="2026-11-24"):
        do.return_issue(office.handler, issue, "不属于本单位", office.other_unit.id)


def test_the_second_return_goes_to_a_leader(office):
    issue = make_issue(office, State.RETURNED)
    do.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    do.return_issue(office.other_handler, issue, "也不属于我们", office.unit.id)
    with pytest.raises(NotAllowed, match="leader"):
        do.reassign(office.coordinator, issue, AssignEntry(office.unit.id))
    do.reassign(office.leader, issue, AssignEntry(office.unit.id))
    assert issue.lead_unit_id == office.unit.id


def test_a_bad_rating_begins_a_second_round(db, at, office):
    issue = make_issue(office, State.EVALUATING)
    original = issue.original_due_on
    do.record_evaluation(office.callback, issue, BAD)
    assert (issue.state, issue.round, issue.outcome) == (State.IN_PROGRESS, 2, None)
    assert (issue.due_on, issue.original_due_on) == (date(2026, 11, 30), original)
    advance(office, issue, State.EVALUATING)
    do.record_evaluation(office.callback, issue, GOOD)
    of_issue = sa.select(Evaluation.level).where(Evaluation.issue_id == issue.id)
    levels = db.session.scalars(of_issue.order_by(Evaluation.round)).all()
    assert levels == [Level.DISSATISFIED, Level.SATISFIED]
    assert issue.state == State.CLOSED


def test_on_the_spot_is_closed_and_solved_but_never_assigned(db, office):
    issue = do.close_on_spot(office.cadre, make_entry(), "现场协调物业打开消防通道", Level.VERY_SATISFIED)
    assert (issue.state, issue.outcome, issue.on_spot) == (State.CLOSED, Outcome.SOLVED, True)
    assert issue.registered_at == issue.closed_at
    answer = db.session.scalar(sa.select(Evaluation).where(Evaluation.issue_id == issue.id))
    assert (answer.solved, answer.channel, answer.is_proxy) == (Solved.SOLVED, "on_spot", True)
    assert queries.dispatches_of(issue.id) == []


def test_numbers_are_counted_per_day(at, office):
    first, second = make_issue(office), make_issue(office)
    at("2026-11-24")
    third = do.close_on_spot(office.cadre, make_entry(), "当场答复")
    assert [first.number, second.number, third.number] == [
        "WT20261123-001",
        "WT20261123-002",
        "WT20261124-001",
    ]


def test_the_same_form_twice_is_one_problem(office):
    entry = make_entry(client_id="5b0a8f5e-3b54-4d3c-9d3b-0b6f0f6f0001")
    assert do.register_issue(office.cadre, entry) is do.register_issue(office.cadre, entry)


def test_co_units_answer_or_are_waived_before_the_report(office):
    issue = make_issue(office)
    helper = make_unit()
    make_person([Role.HANDLER], helper)
    do.assign(office.coordinator, issue, AssignEntry(office.unit.id, [office.other_unit.id, helper.id]))
    do.sign(office.handler, issue)
    with pytest.raises(Refused, match="2 co-units"):
        do.report(office.handler, issue, REPORT)
    do.answer_as_co_unit(office.other_handler, issue, "已提供管线图")
    do.waive_co_unit(office.coordinator, issue, helper.id, "不再需要")
    do.report(office.handler, issue, REPORT)
    assert issue.state == State.REPORTED


@pytest.mark.parametrize("kind", ["nobody", "closed"])
def test_a_unit_that_cannot_sign_gets_nothing(office, kind):
    issue = make_issue(office)
    unit = make_unit()
    if kind == "closed":
        make_person([Role.HANDLER], unit)
        unit.closed_on = date(2026, 11, 1)
    with pytest.raises(Refused) as refusal:
        do.assign(office.coordinator, issue, AssignEntry(unit.id))
    assert refusal.value.field == "lead_unit_id"
    assert issue.state == State.REGISTERED


def test_outcome_b_needs_a_day_to_come(office):
    issue = make_issue(office, State.IN_PROGRESS)
    for day in (None, date(2026, 11, 23)):
        with pytest.raises(Refused) as refusal:
            do.report(office.handler, issue, ReportEntry(Outcome.PLANNED, "已列入计划", "已告知", day))
        assert refusal.value.field == "commitment_due"
    do.report(office.handler, issue, ReportEntry(Outcome.PLANNED, "已列入计划", "已告知", date(2027, 3, 1)))
    assert issue.commitment_due == date(2027, 3, 1)


def test_no_other_outcome_has_a_day_to_come(office):
    issue = make_issue(office, State.IN_PROGRESS)
    entry = ReportEntry(Outcome.SOLVED, "已解决", "已告知", date(2027, 3, 1))
    with pytest.raises(Refused, match="Only outcome B") as refused:
        do.report(office.handler, issue, entry)
    assert refused.value.field == "commitment_due"


def test_sent_back_keeps_round_and_due_date_and_counts_as_not_delivered(db, office):
    issue = make_issue(office, State.REPORTED)
    due = issue.due_on
    do.send_back(office.coordinator, issue, "未说明整改结果")
    assert (issue.state, issue.round, issue.due_on, issue.outcome) == (State.IN_PROGRESS, 1, due, None)
    assert queries.current_dispatches(issue.id)[0].answered_at is None


def test_the_handling_unit_never_reviews_evaluates_or_closes(office):
    issue = make_issue(office, State.REPORTED)
    insider = actor_for(make_person([Role.COORDINATOR, Role.CALLBACK, Role.HANDLER], office.unit))
    with pytest.raises(NotAllowed):
        do.pass_review(insider, issue)
    do.pass_review(office.coordinator, issue)
    with pytest.raises(NotAllowed):
        do.record_evaluation(insider, issue, GOOD)
    assert issue.state == State.EVALUATING


def test_nobody_reached_closes_after_three_attempts_on_two_days(at, office):
    issue = make_issue(office, State.EVALUATING)
    do.log_attempt(office.callback, issue, "电话无人接听")
    do.log_attempt(office.callback, issue, "再次无人接听")
    with pytest.raises(Refused):
        do.close_unreached(office.coordinator, issue, "多次联系未果")
    at("2026-11-24")
    do.log_attempt(office.callback, issue, "负责人出差")
    do.close_unreached(office.coordinator, issue, "多次联系未果")
    assert issue.state == State.CLOSED
    of_issue = sa.select(Evaluation).where(Evaluation.issue_id == issue.id)
    assert handle.session.scalars(of_issue).all() == []


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (EvaluationEntry(None, Level.SATISFIED), "solved"),
        (EvaluationEntry(Solved.SOLVED, None), "level"),
        (replace(GOOD, answered_on=date(2026, 12, 1)), "answered_on"),
        (replace(GOOD, channel=Channel.LINK), "channel"),
        (replace(GOOD, channel=Channel.ON_SPOT), "channel"),
        (replace(GOOD, evaluator=" "), "evaluator"),
        (replace(GOOD, channel=Channel.PAPER), "original_kept"),
        (replace(BAD, to_unit=""), "to_unit"),
    ],
)
def test_an_evaluation_is_whole(office, entry, field):
    issue = make_issue(office, State.EVALUATING)
    with pytest.raises(Refused) as refusal:
        do.record_evaluation(office.callback, issue, entry)
    assert refusal.value.field == field


def test_void_leaves_no_closing_but_keeps_the_past(office):
    issue = make_issue(office, State.CLOSED)
    with pytest.raises(NotAllowed):
        do.void(office.coordinator, issue, "重复")
    do.void(office.leader, issue, "重复登记，更正")
    assert (issue.state, issue.closed_on) == (State.VOID, None)
    assert moves(issue)[-2:] == ["close_evaluated", "void"]


def test_information_is_asked_for_and_given(office):
    issue = make_issue(office)
    do.request_info(office.coordinator, issue, "请补充具体地址")
    assert issue.needs_info
    do.complete_info(office.cadre, issue, "在振兴路18号门口")
    assert not issue.needs_info
    assert "振兴路18号" in issue.description
    assert issue.state == State.REGISTERED


def test_a_correction_keeps_the_former_words_in_the_log(office):
    issue = make_issue(office, State.ASSIGNED)
    before, due = issue.title, issue.due_on
    entry = do.CorrectionEntry(
        issue.enterprise_id,
        "消防通道被占用",
        issue.description,
        issue.category_id,
        issue.complexity,
        issue.wish,
    )
    do.correct(office.coordinator, issue, entry, "标题写错")
    last = queries.moves_of(issue.id)[-1].IssueMove
    assert last.details["title"] == [before, "消防通道被占用"]
    assert issue.due_on == due


def test_rejected_and_taken_up_again(office):
    issue = make_issue(office, State.REJECTED)
    with pytest.raises(WrongState):
        do.assign(office.coordinator, issue, AssignEntry(office.unit.id))
    do.restore(office.leader, issue, "领导要求受理")
    assert issue.state == State.REGISTERED


def test_a_stale_form_changes_nothing(office):
    issue = make_issue(office)
    seen = issue.revision
    do.request_info(office.coordinator, issue, "请补充")
    with pytest.raises(Stale):
        do.assign(office.coordinator, issue, AssignEntry(office.unit.id), seen)
    assert issue.state == State.REGISTERED


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "closed"},
        {"closed_on": date(2026, 11, 23)},
        {"state": "assigned"},
        {"state": "reported"},
        {"round": 0},
        {"outcome": "A"},
    ],
)
def test_the_database_refuses_a_state_without_its_columns(db, office, broken):
    issue = make_issue(office)
    db.session.flush()
    with pytest.raises(IntegrityError):
        db.session.execute(sa.update(Issue).where(Issue.id == issue.id).values(**broken))


@pytest.mark.parametrize("table", [IssueMove, Evaluation])
def test_the_past_cannot_be_changed(db, office, table):
    make_issue(office, State.CLOSED)
    db.session.flush()
    with pytest.raises(sa.exc.DBAPIError, match="only grows"):
        db.session.execute(sa.delete(table))


def test_group_and_programmes_are_stored_at_registration(db, office):
    codes = make_programmes()
    group = make_group()
    db.session.flush()
    entry = make_entry(programme_ids=[codes["enterprise_visit"]])
    enterprise = db.session.get(queries.Enterprise, entry.enterprise_id)
    make_link(enterprise, group=group)
    db.session.flush()
    issue = do.register_issue(office.cadre, entry)
    assert issue.group_id == group.id
    assert queries.get_shown(office.coordinator, issue.id).programmes == "企业大走访"


def seen_by(actor, issue):
    try:
        return queries.get_visible(actor, issue.id) is issue
    except NotFound:
        return False


def test_who_sees_a_problem(db, office):
    issue = make_issue(office, State.ASSIGNED)
    db.session.flush()
    stranger = actor_for(make_person([Role.CADRE], make_unit()))
    seen = {name: seen_by(getattr(office, name), issue) for name in office.people}
    assert seen == {
        "cadre": True,
        "coordinator": True,
        "leader": True,
        "handler": True,
        "other_handler": False,
        "callback": True,
    }
    assert not seen_by(stranger, issue)
