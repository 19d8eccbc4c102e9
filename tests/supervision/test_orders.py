"""Supervision orders: one for each unit, answered, judged, ended; each step stands on the problems."""

import pytest
import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import advance, make_issue, make_office
from tests.factories.supervision import make_order, orders_entry, supervisor_actor
from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.errors import NotAllowed, NotFound, Refused, Stale, WrongState
from visits.core.permissions import Role
from visits.issues import operations as issues
from visits.issues.models import IssueMove
from visits.issues.operations import AssignEntry
from visits.issues.states import State
from visits.supervision import operations, queries
from visits.supervision.integrity import find_broken_supervision
from visits.supervision.models import Order, Reply, Verdict
from visits.supervision.operations import ReplyEntry
from visits.supervision.rules import Colour
from visits.supervision.states import OrderState


@pytest.fixture(autouse=True)
def _day(at):
    at("2026-11-23")


@pytest.fixture
def office(database):
    return make_office()


@pytest.fixture
def supervisor(office):
    return supervisor_actor()


def issue_of_other_unit(office):
    issue = make_issue(office)
    issues.assign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    issues.sign(office.other_handler, issue)
    return issue


def moves_on(issue):
    stmt = sa.select(IssueMove).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq)
    return [row for row in db.session.scalars(stmt) if "supervision" in row.move]


def test_problems_of_two_units_make_two_orders(office, supervisor):
    first, second = (make_issue(office, State.IN_PROGRESS) for _ in range(2))
    third = issue_of_other_unit(office)
    made = operations.issue_orders(supervisor, orders_entry(first, third, second))
    by_unit = {order.unit_id: order for order in made}
    assert set(by_unit) == {office.unit.id, office.other_unit.id}
    assert list(queries.issue_ids_of(by_unit[office.unit.id].id)) == sorted([first.id, second.id])
    assert sorted(order.number for order in made) == ["DB2026-001", "DB2026-002"]
    assert {order.due_on.isoformat() for order in made} == {"2026-11-26"}
    assert all(issue.supervised for issue in (first, second, third))
    (move,) = moves_on(third)
    assert (move.move, move.note) == ("order_supervision", "请立即办理并说明超期原因。")
    assert move.details["order"] == by_unit[office.other_unit.id].number
    assert move.details["reply_due"] == "2026-11-26"


def test_what_cannot_be_ordered_stays_out(office, supervisor):
    running = make_order(office)
    supervised = queries.problems_of_order(supervisor, running.id)[0].id
    unassigned, closed = make_issue(office), make_issue(office, State.CLOSED)
    plan = queries.plan_orders(supervisor, [supervised, unassigned.id, closed.id])
    assert plan.parts == ()
    assert {problem.row.id: problem.refusal for problem in plan.left_out} == {
        supervised: "An order on it is under way already.",
        unassigned.id: "No unit has it yet. Assign it first.",
        closed.id: "It is not open any more.",
    }
    with pytest.raises(Refused, match="None of these problems"):
        operations.issue_orders(supervisor, orders_entry(unassigned, closed))


def test_the_colour_is_that_of_the_worst_problem(office, supervisor, at):
    def colour(*ids):
        return queries.plan_orders(supervisor, ids).parts[0].colour

    fresh, late = make_issue(office, State.IN_PROGRESS), make_issue(office, State.IN_PROGRESS)
    assert colour(fresh.id, late.id) is Colour.BLUE
    fresh.round = 2
    db.session.flush()
    assert colour(fresh.id, late.id) is Colour.YELLOW
    fresh.round = 1
    at("2026-12-01")
    issues.add_progress(office.handler, fresh, "已联系施工单位")
    assert colour(fresh.id) is Colour.BLUE
    assert colour(late.id) is Colour.YELLOW  # nothing happened for five working days
    at("2026-12-03")
    assert colour(fresh.id, late.id) is Colour.RED
    order = operations.issue_orders(supervisor, orders_entry(late))[0]
    assert order.colour is Colour.RED
    chosen = operations.issue_orders(supervisor, orders_entry(fresh, colour=Colour.BLUE))[0]
    assert chosen.colour is Colour.BLUE


def test_nothing_is_issued_when_a_problem_moved_on_meanwhile(office, supervisor):
    issue = make_issue(office, State.ASSIGNED)
    seen = queries.plan_orders(supervisor, [issue.id]).mark
    issues.return_issue(office.handler, issue, "不属于本单位职责", office.other_unit.id)
    issues.reassign(office.coordinator, issue, AssignEntry(office.other_unit.id))
    with pytest.raises(Refused, match="moved on"):
        operations.issue_orders(supervisor, orders_entry(issue, seen=seen))
    assert db.session.scalar(sa.select(sa.func.count(Order.id))) == 0
    assert issue.supervised is False


def test_replied_sent_back_replied_again_closed(office, supervisor, at):
    one, other = (make_issue(office, State.IN_PROGRESS) for _ in range(2))
    order = make_order(office, one, other, actor=supervisor)
    at("2026-11-24")
    entry = ReplyEntry("已召开协调会。", {one.id: "路面本周修复", other.id: ""})
    operations.reply(office.handler, order, entry, order.revision)
    assert order.state is OrderState.REPLIED
    assert [move.note for move in moves_on(one)][-1] == "已召开协调会。\n路面本周修复"
    at("2026-11-25")
    operations.send_back(supervisor, order, "未说明超期原因", 2, order.revision)
    assert (order.state, order.due_on.isoformat()) == (OrderState.SENT_BACK, "2026-11-27")
    assert order.original_due_on.isoformat() == "2026-11-26"
    operations.reply(office.handler, order, ReplyEntry("超期原因是材料未齐，现已补齐。"))
    operations.accept_reply(office.leader, order, "同意")
    assert (order.state, order.end_note) == (OrderState.CLOSED, "同意")
    assert [one.supervised, other.supervised] == [False, False]
    assert [move.move for move in moves_on(other)] == [
        "order_supervision",
        "answer_supervision",
        "send_back_supervision",
        "answer_supervision",
        "end_supervision",
    ]
    replies = db.session.scalars(sa.select(Reply).order_by(Reply.seq)).all()
    assert [(r.verdict, r.judgement, r.due_on.isoformat()) for r in replies] == [
        (Verdict.SENT_BACK, "未说明超期原因", "2026-11-26"),
        (Verdict.ACCEPTED, "同意", "2026-11-27"),
    ]


@pytest.mark.parametrize("state", [State.CLOSED, State.VOID])
def test_an_order_ends_even_where_its_problem_has_ended(office, supervisor, state):
    issue = make_issue(office, State.IN_PROGRESS)
    order = make_order(office, issue)
    if state is State.VOID:
        issues.void(office.coordinator, issue, "重复登记")
    else:
        advance(office, issue, State.CLOSED)
    operations.reply(office.handler, order, ReplyEntry("问题已办结。"))
    operations.accept_reply(supervisor, order)
    assert (issue.state, issue.supervised) == (state, False)


def test_an_order_issued_by_mistake_is_withdrawn(office, supervisor):
    issue = make_issue(office, State.IN_PROGRESS)
    order = make_order(office, issue)
    operations.reply(office.handler, order, ReplyEntry("正在办理。"))
    with pytest.raises(Refused, match="withdrawn"):
        operations.withdraw(supervisor, order, " ")
    operations.withdraw(supervisor, order, "对象有误")
    assert order.state is OrderState.WITHDRAWN
    assert queries.last_reply(order.id).verdict is Verdict.LAPSED
    assert issue.supervised is False
    again = make_order(office, issue)
    assert again.number == "DB2026-002"
    assert issue.supervised is True


def test_numbers_begin_anew_with_the_year(office, at):
    assert make_order(office).number == "DB2026-001"
    at("2027-01-05")
    assert make_order(office).number == "DB2027-001"


def test_only_the_unit_replies_and_only_others_judge(office, supervisor):
    order = make_order(office)
    for stranger in (office.other_handler, office.coordinator, supervisor):
        with pytest.raises(NotAllowed):
            operations.reply(stranger, order, ReplyEntry("代为回复"))
    inside = actor_for(make_person([Role.COORDINATOR, Role.UNIT_HEAD], office.unit))
    operations.reply(inside, order, ReplyEntry("已办理"))
    with pytest.raises(Refused, match="another unit"):
        operations.accept_reply(inside, order)
    for stranger in (office.handler, office.cadre):
        with pytest.raises(NotAllowed):
            operations.accept_reply(stranger, order)
        with pytest.raises(NotAllowed):
            operations.issue_orders(stranger, orders_entry(make_issue(office, State.IN_PROGRESS)))
    operations.accept_reply(office.coordinator, order)
    assert order.state is OrderState.CLOSED


def test_moves_fit_the_state_and_the_page_they_came_from(office, supervisor):
    order = make_order(office)
    with pytest.raises(WrongState):
        operations.accept_reply(supervisor, order)
    seen = order.revision
    operations.reply(office.handler, order, ReplyEntry("已办理"), seen)
    with pytest.raises(Stale):
        operations.reply(office.handler, order, ReplyEntry("再次回复"), seen)
    with pytest.raises(Refused, match="1 to 15"):
        operations.send_back(supervisor, order, "不充分", 90)
    assert order.state is OrderState.REPLIED


def test_a_unit_reads_its_own_orders_only(office):
    order = make_order(office)
    assert queries.get_order(office.handler, order.id) is order
    for stranger in (office.other_handler, office.cadre, office.callback):
        with pytest.raises(NotFound):
            queries.get_order(stranger, order.id)


def test_the_board_learns_what_is_open_and_late(office, supervisor, at):
    make_order(office)
    late = make_order(office, workdays=1)
    other = make_order(office, issue_of_other_unit(office), workdays=10)
    operations.reply(office.other_handler, other, ReplyEntry("已办理"))
    at("2026-11-25")
    assert [row.id for row in queries.replies_overdue(supervisor)] == [late.id]
    rows = [tuple(row)[1:] for row in queries.open_orders_by_unit(supervisor)]
    assert rows == [(office.unit.name, 2, 2, 1), (office.other_unit.name, 1, 0, 0)]


def test_doctor_sees_marks_without_orders(office):
    issue = make_issue(office, State.IN_PROGRESS)
    make_order(office)
    assert {finding.weight.value for finding in find_broken_supervision()} == {"fine"}
    issue.supervised = True
    db.session.flush()
    (wrong,) = [f for f in find_broken_supervision() if f.weight.value != "fine"]
    assert wrong.params["numbers"] == issue.number


def test_the_system_may_do_what_people_may(office):
    order = operations.issue_orders(SYSTEM, orders_entry(make_issue(office, State.IN_PROGRESS)))[0]
    assert order.issued_by_id is None
