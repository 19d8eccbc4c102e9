"""What the demo office's supervision did: orders and replies, two topics, two months of samples."""

from datetime import date, timedelta
from functools import partial

from visits.cli.demo.handling import Timetable
from visits.cli.demo.office import Office
from visits.core.authz import SYSTEM, Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.supervision import operations, queries
from visits.supervision.models import How, Order, Result, SampleItem, Topic
from visits.supervision.operations import (
    CheckEntry,
    MeasureEntry,
    OrdersEntry,
    OutputEntry,
    ReplyEntry,
    TopicEntry,
)
from visits.supervision.rules import Kind
from visits.supervision.states import OrderState, TopicState

EACH = 4
ORDERS = (
    ("问题诉求临近或超过办理时限，企业多次催问。", "请主要负责人牵头研究，按期办结并向企业说明情况。", 3),
    ("问题诉求进展缓慢，影响企业正常生产。", "请说明原因，提出具体办理措施和时间安排。", 1),
)
REPLY, MISSING, AGAIN = (
    "已召开专题会研究，明确专人负责，正在推进。",
    "未说明具体完成时间，请补充后重新回复。",
    "已明确完成时间和责任人，并当面向企业作了说明。",
)
TOPICS = ("园区企业集中反映问题专题", "重点企业诉求共性问题专题")
UNTRUE = "核查时企业说法与记录不一致。"


def plan_supervision(office: Office, timetable: Timetable, last: date) -> None:
    """Put what supervision does on the timetable of the last two months."""
    for number, days in enumerate((15, 7)):
        timetable.on(last - timedelta(days=days), partial(_issue, office, number))
    for days in (12, 10, 9, 8):
        timetable.on(last - timedelta(days=days), lambda: _drive_orders(office))
    for number, days in enumerate((50, 20)):
        timetable.on(last - timedelta(days=days), partial(_begin_topic, office, number))
    timetable.on(last - timedelta(days=5), lambda: _close_topic(office))
    month = Month.of(last)
    for sampled in (month.previous.previous, month.previous):
        timetable.on(sampled.next.first_on, partial(_draw, sampled))
    timetable.on(last - timedelta(days=3), lambda: _check(office))


def _supervisor(office: Office) -> Actor:
    return office.actor(office.with_role(Role.SUPERVISOR)[0])


def _coordinator(office: Office) -> Actor:
    return office.actor(office.with_role(Role.COORDINATOR)[0])


def _issue(office: Office, number: int) -> None:
    supervisor = _supervisor(office)
    ids = [problem.row.id for problem in queries.pressing_problems(supervisor)[:EACH]]
    if queries.plan_orders(supervisor, ids).parts:
        reason, demand, workdays = ORDERS[number]
        operations.issue_orders(supervisor, OrdersEntry(ids, reason, demand, workdays))


def _drive_orders(office: Office) -> None:
    """Let each unit but the last answer; the first answer is sent back, later ones are accepted."""
    orders = db.session.query(Order).order_by(Order.id).all()
    for place, order in enumerate(orders):
        if order.state is OrderState.REPLIED:
            if place == 0 and order.due_on == order.original_due_on:
                operations.send_back(_supervisor(office), order, MISSING)
            else:
                operations.accept_reply(_supervisor(office), order, "同意办结。")
        elif order.state in {OrderState.ISSUED, OrderState.SENT_BACK} and place < max(1, len(orders) - 1):
            text = AGAIN if order.state is OrderState.SENT_BACK else REPLY
            operations.reply(_of_unit(office, order.unit_id), order, ReplyEntry(text))


def _of_unit(office: Office, unit_id: int) -> Actor:
    able = office.with_role(Role.HANDLER, Role.UNIT_HEAD)
    return office.actor(next(name for name in office.unit_people[unit_id] if name in able))


def _begin_topic(office: Office, number: int) -> None:
    suggestions = queries.suggest_topics()
    if not suggestions:
        return
    actor, found = _coordinator(office), suggestions[0]
    problems = queries.candidates_for(actor, found.id)
    leading = (category.unit_id for category in office.categories.values() if category.id == found.id)
    unit_id = next(leading, None) or next(iter(office.units.values())).id
    entry = TopicEntry(TOPICS[number], found.id, unit_id, "多家企业反映同类问题，需从制度上研究解决。")
    topic = operations.propose_topic(actor, entry, [row.id for row in problems[:6]], "反映情况相同")
    operations.start_topic(actor, topic)
    due_on = today() + timedelta(days=30)
    first = operations.add_measure(
        actor, topic, MeasureEntry("逐户走访核实，列出问题清单。", unit_id, due_on)
    )
    operations.add_measure(actor, topic, MeasureEntry("研究制定统一办理规程。", unit_id, due_on))
    operations.complete_measure(actor, topic, first, "已完成走访，形成清单。")


def _close_topic(office: Office) -> None:
    topic = db.session.query(Topic).filter_by(state=TopicState.RUNNING).order_by(Topic.id).first()
    if topic is not None:
        operations.add_output(
            _coordinator(office), topic, OutputEntry("企业诉求集中办理规程（试行）", today())
        )
        operations.close_topic(_coordinator(office), topic, "已印发办理规程，同类问题集中办理。")


def _draw(month: Month) -> None:
    if queries.get_sample(month) is None and queries.drawable_records(month):
        operations.draw_samples(SYSTEM, month, seed=month.year * 100 + month.number)


def _check(office: Office) -> None:
    """Check what the first sample holds and half of the other; one visit is found not true."""
    supervisor = _supervisor(office)
    items = db.session.query(SampleItem).order_by(SampleItem.id).all()
    visits = [item for item in items if item.kind is Kind.VISIT]
    for place, item in enumerate(items[: len(items) * 3 // 4]):
        if queries.is_concerned(supervisor, item):
            continue
        is_untrue = bool(visits) and item is visits[0]
        result, note = (Result.UNTRUE, UNTRUE) if is_untrue else (Result.TRUE, "")
        how = How.VISIT if place % 3 == 0 else How.PHONE
        operations.check_item(supervisor, item, CheckEntry(result, how, today(), note))
