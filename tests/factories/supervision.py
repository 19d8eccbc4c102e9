"""Supervision orders, topics and samples, made by the people whose work it is."""

import sqlalchemy as sa

from tests.factories.accounts import actor_for, make_person
from tests.factories.issues import make_category, make_issue
from visits.core.db import db
from visits.core.permissions import Role
from visits.issues.states import State
from visits.supervision import operations
from visits.supervision.models import Sample, SampleItem
from visits.supervision.operations import OrdersEntry, TopicEntry
from visits.supervision.rules import Kind


def make_supervisor():
    """A supervisor of a unit of their own."""
    person = make_person([Role.SUPERVISOR])
    db.session.flush()
    return person


def orders_entry(*issues, **values):
    """What is ordered over these problems."""
    values.setdefault("reason", "超期未办结，企业多次催问。")
    values.setdefault("demand", "请立即办理并说明超期原因。")
    return OrdersEntry([issue.id for issue in issues], **values)


def make_order(office, *issues, actor=None, **values):
    """One order to the office's unit, over a problem in hand unless others are given."""
    chosen = issues or (make_issue(office, State.IN_PROGRESS),)
    entry = orders_entry(*chosen, **values)
    return operations.issue_orders(actor or office.coordinator, entry)[0]


def make_topic(office, issues=(), **values):
    """A proposed topic led by the office's unit."""
    values.setdefault("title", "园区道路积水共性问题")
    values.setdefault("category_id", make_category().id)
    values.setdefault("lead_unit_id", office.unit.id)
    return operations.propose_topic(
        office.coordinator, TopicEntry(**values), [i.id for i in issues], "同一类问题"
    )


def make_item(kind, record_id, month="2026-10"):
    """A record drawn, as the month's sample would hold it."""
    sample = db.session.scalar(sa.select(Sample).where(Sample.month == month)) or Sample(
        month=month, seed=7, population=[[kind.value, record_id, 1]]
    )
    db.session.add(sample)
    db.session.flush()
    key = {"issue_id": record_id} if kind is Kind.ISSUE else {"visit_id": record_id}
    item = SampleItem(sample_id=sample.id, kind=kind, **key)
    db.session.add(item)
    db.session.flush()
    return item


def supervisor_actor():
    """A supervisor as an actor of today."""
    return actor_for(make_supervisor())
